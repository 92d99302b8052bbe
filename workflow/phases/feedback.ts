/** Feedback: what people say about a task, given in order to the next run that works on it. */

import type { Actor } from "../intent.ts";

export interface Feedback {
  readonly id: number;
  readonly task: string;
  readonly by: string;
  readonly from: Actor["kind"];
  /** As they wrote it: text from outside (I13). */
  readonly text: string;
  readonly at: number;
}

export type NewFeedback = Pick<Feedback, "by" | "from" | "text">;

/** What a run was told, and has taken in: feedback up to this number. */
export interface Heard {
  readonly run: string;
  readonly upTo: number;
}
