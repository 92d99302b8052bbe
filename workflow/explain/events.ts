/**
 * Events of a task's history as sentences. Pure.
 *
 * What an event holds is decoded loosely: history outlives versions, and an event that cannot be told keeps its name.
 */

import type { HistoryEvent } from "../event.ts";

type Data = HistoryEvent["data"];

/** Of a task that is done without a commit. */
export const NOTHING_CHANGED = "nothing was changed, so nothing was pushed";

/** One sentence without its time. */
export function tellEvent({ kind, data }: Pick<HistoryEvent, "kind" | "data">): string {
  const teller = TELLERS[kind];
  return teller === undefined ? kind : teller(data);
}

const TELLERS: Readonly<Record<string, (data: Data) => string>> = {
  "task.created": (data) => `created${asked(data)}`,
  "task.retried": (data) => `started again${asked(data)}`,
  "task.cancelled": (data) => `cancelled${asked(data)}${because(data)}`,
  "task.done": (data) =>
    data["commit"] === undefined
      ? `done; ${NOTHING_CHANGED}`
      : `done${part(data, "branch", "; its work is on the branch ")}`,
  "task.failed": (data) => `failed${because(data)}`,
  "budget.raised": (data) => `budget raised${part(data, "amount", " by ")}${asked(data)}`,
  "run.succeeded": (data) => `run${part(data, "run", " ")} succeeded`,
  "run.failed": (data) => `run${part(data, "run", " ")} failed${ended(data)}`,
  "run.lost": (data) => `run${part(data, "run", " ")} was lost${ended(data)}`,
  "run.killed": (data) => `run${part(data, "run", " ")} was stopped${ended(data)}`,
};

/** ` by alice (label agent)`. */
function asked(data: Data): string {
  return `${part(data, "by", " by ")}${part(data, "because", " (", ")")}`;
}

function because(data: Data): string {
  return part(data, "reason", ": ");
}

/** ` (network): the service could not be reached`. */
function ended(data: Data): string {
  return `${part(data, "failure", " (", ")")}${because(data)}`;
}

/** The field between these words; nothing where there is none. */
function part(data: Data, field: string, before: string, after = ""): string {
  const value = data[field];
  return typeof value === "string" && value !== "" ? `${before}${value}${after}` : "";
}
