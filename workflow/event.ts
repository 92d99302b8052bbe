/** Events: one line of the history of a task, or of another subject; append-only, numbered per subject. */

import type { Subject } from "./subject.ts";

export interface HistoryEvent {
  readonly subject: Subject;
  readonly seq: number;
  readonly kind: string;
  /** Makes the event idempotent per subject; `null` for those that may repeat. */
  readonly key: string | null;
  readonly data: Readonly<Record<string, unknown>>;
  readonly at: number;
}

export interface NewEvent {
  readonly kind: string;
  readonly key?: string;
  readonly data?: Readonly<Record<string, unknown>>;
}
