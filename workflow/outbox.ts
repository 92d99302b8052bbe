/** Calls to the outside world: written with what causes them, made afterwards (DESIGN §1). */

import type { OutboxStatus } from "./states.ts";
import type { Subject } from "./subject.ts";

/** A call to the outside world, committed with the change that causes it and made afterwards. */
export interface NewCall {
  readonly target: string;
  readonly kind: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

export interface OutboxCall extends NewCall {
  readonly id: number;
  readonly subject: Subject;
  readonly status: OutboxStatus;
  readonly tries: number;
  readonly dueAt: number;
  readonly error: string | null;
  readonly createdAt: number;
  readonly finishedAt: number | null;
}
