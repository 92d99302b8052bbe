/**
 * Claude Code's own record of a session: `~/.claude/projects/<directory>/<session>.jsonl`, read for what its turns have
 * used, and for the usage of a run that ended without a `result` line.
 *
 * Z1. `assistant` lines have the FINAL usage of their call, the same in every line of a message. They tell calls that
 *     are over, and not those of subagents.
 * Z2. A `cost-state` line has the totals of the session with their cost, subagents' included. It is written at an end
 *     that the program notices, SIGTERM too. This run's part is what the last one before the run does not have.
 * Z3. Whichever of the two knows of more input is nearer to the truth.
 */

import type { Usage } from "../../workflow/run.ts";
import type { ToldTurn } from "../../workflow/turn.ts";
import type { SessionFiles, Transcript } from "../backend.ts";
import { type Fields, linesIn, objectAt, textAt } from "../dialect/fields.ts";
import { replaceTurns, turnOf, writtenAt } from "../dialect/turns.ts";
import { price } from "../prices/prices.ts";
import { homeOf } from "../session.ts";
import { addUsage, subtractUsage, totalInput } from "../usage.ts";
import { modelRows, plainRow, SYNTHETIC } from "./usage.ts";

export const claudeSessions: SessionFiles = {
  where: ({ env, cwd, session }) => ({
    ...homeOf(env, "CLAUDE_CONFIG_DIR", ".claude", ["projects", folderOf(cwd)]),
    isSession: (name) => name === `${session}.jsonl`,
  }),
  read,
  isAhead: false,
};

/** How it calls the folder of the sessions of a working directory. */
export function folderOf(cwd: string): string {
  return cwd.replaceAll(/[^a-zA-Z0-9]/g, "-");
}

interface Found {
  /** Usage of this run's calls, by message id. */
  readonly calls: Map<string, ToldTurn>;
  /** When the model was asked last (ms). */
  asked: number | null;
  /** A line of an earlier run was seen. */
  resumed: boolean;
  started: boolean;
  /** The last totals before this run, and the last ones of all. */
  before: readonly Usage[] | null;
  after: readonly Usage[] | null;
}

function read(transcript: Transcript, text: string, since: number): Transcript {
  const found: Found = {
    ...{ calls: new Map(), asked: null, resumed: false, started: false },
    ...{ before: null, after: null },
  };
  for (const fields of linesIn(text)) note(found, fields, since);
  const turns = [...found.calls.values()];
  // The output has told of calls of subagents, or of one that failed, too: it knows of more turns, if less of each.
  const noted = turns.length < transcript.turns.made ? transcript : replaceTurns(transcript, turns);
  if (transcript.terminal !== null) return noted;
  const calls = addUsage(
    [],
    turns.map((turn) => turn.usage),
  );
  const usage = nearer(totalsOf(found), calls);
  return usage.length === 0 ? noted : { ...noted, usage };
}

/** Lines are in the order of time, and a `cost-state` has none of its own. */
function note(found: Found, fields: Fields, since: number): void {
  const at = Date.parse(textAt(fields, "timestamp") ?? "");
  if (at >= since) found.started = true;
  else if (at < since) found.resumed = true;
  switch (textAt(fields, "type")) {
    case "assistant":
      if (at >= since) noteCall(found, fields, objectAt(fields, "message") ?? {});
      break;
    case "user":
      found.asked = writtenAt(fields);
      break;
    case "cost-state":
      found[found.started ? "after" : "before"] = rowsOf(fields);
      break;
    default:
      break;
  }
}

function noteCall(found: Found, fields: Fields, message: Fields): void {
  const usage = objectAt(message, "usage");
  const model = textAt(message, "model");
  if (usage === null || model === null) return;
  const at = writtenAt(fields);
  const told = turnOf(plainRow(usage, model, "call"), {
    at,
    latencyMs: at === null || found.asked === null ? null : at - found.asked,
    requestId: textAt(fields, "requestId"),
    isFailed: model === SYNTHETIC,
  });
  found.calls.set(textAt(message, "id") ?? `#${found.calls.size}`, told);
}

/** Of a model that it does not know it guesses the price, and does not say of which one. */
function rowsOf(fields: Fields): readonly Usage[] {
  const rows = modelRows(objectAt(fields, "modelUsage") ?? {});
  return fields["hasUnknownModelCost"] === true
    ? rows.map((row) => ({ ...row, ...price(row, "run") }))
    : rows;
}

/** Z2. Without the totals from before, those of a session that was continued say nothing about this run. */
function totalsOf({ before, after, resumed }: Found): readonly Usage[] {
  if (after === null) return [];
  if (before !== null) return subtractUsage(after, before);
  return resumed ? [] : after;
}

/** Z3. */
function nearer(totals: readonly Usage[], calls: readonly Usage[]): readonly Usage[] {
  return totalInput(totals) >= totalInput(calls) ? totals : calls;
}
