/** An answer for whoever only wants to know whether to ask again. */

import type { Answer } from "./answer.ts";
import { PAUSE_MS } from "./refusal.ts";

export type Lookup<T> = Exclude<Answer<T>, { kind: "unreachable" }>;

/** A question that nobody has answered is asked again: it has changed nothing. */
export function lookup<T>(answer: Answer<T>): Lookup<T> {
  return answer.kind === "unreachable"
    ? { kind: "retry", reason: answer.reason, afterMs: PAUSE_MS, fault: "host" }
    : answer;
}
