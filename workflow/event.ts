/** Events: one line of a history each, append-only. */

export interface TaskEvent {
  readonly task: string;
  readonly seq: number;
  readonly kind: string;
  /** Makes the event idempotent per task; `null` for those that may repeat. */
  readonly key: string | null;
  readonly data: Readonly<Record<string, unknown>>;
  readonly at: number;
}

export interface NewEvent {
  readonly kind: string;
  readonly key?: string;
  readonly data?: Readonly<Record<string, unknown>>;
}
