/** Calls to the outside world: written with what causes them, made afterwards (DESIGN §1). */

import type { OutboxStatus } from "./states.ts";
import type { Subject } from "./subject.ts";

/** A call to the outside world, committed with the change that causes it and made afterwards. */
export interface NewCall {
  /** Who makes it: `notice`, the name of a channel, … */
  readonly target: string;
  readonly kind: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

export interface OutboxCall extends NewCall {
  readonly id: number;
  readonly subject: Subject;
  readonly status: OutboxStatus;
  /** Tries that were begun; a daemon that dies within one has counted it. */
  readonly tries: number;
  /** When the last try began (ms) of which nobody knows whether it arrived; `null` when there is none. */
  readonly begunAt: number | null;
  readonly dueAt: number;
  readonly error: string | null;
  readonly createdAt: number;
  /** From when its patience is counted (ms): since it was made, or since a person has asked for it again. */
  readonly owedSince: number;
  readonly finishedAt: number | null;
}
