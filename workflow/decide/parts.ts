/** The parts that decisions are put together from. */

import type { Intent, RunFinished } from "../intent.ts";
import type { Change, Decision } from "./decision.ts";

/** A change that changes nothing yet. */
export const UNCHANGED: Omit<Change, "base" | "task"> = {
  kind: "change",
  refs: [],
  replaces: null,
  jobs: [],
  run: null,
  account: null,
  wideHolds: [],
  raises: [],
  stopRuns: null,
  events: [],
  outbox: [],
};

export function ignore(reason: string): Decision {
  return { kind: "ignore", reason };
}

export function refuse(reason: string): Decision {
  return { kind: "refuse", reason };
}

/** What the history tells of a wish: who, from where, by which rule. */
export function asked(
  { by, because }: Pick<Exclude<Intent, RunFinished>, "by" | "because">,
  more: Record<string, unknown>,
): Record<string, unknown> {
  return { by: by.name, from: by.kind, because, ...more };
}
