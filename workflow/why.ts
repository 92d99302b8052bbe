/**
 * Why something is as it is, and what a person can do about it. Pure.
 *
 * Two fields wherever a reason is made, stored or told: whoever shows them decides how, and nobody takes a sentence
 * apart again.
 */

export interface Why {
  /** What is so: one sentence for people, without a full stop. */
  readonly reason: string;
  /** What a person can do about it; `null` where time, or the end of something else, brings the change. */
  readonly remedy: string | null;
}

/** Both as one line, for a log or the cell of a table. */
export function inOneLine({ reason, remedy }: Why): string {
  return remedy === null ? reason : `${reason}; ${remedy}`;
}

const NUMBERS = /\p{Nd}+/gu;

/** Whether two reasons say the same of something that lasts, but for the numbers in them: history has that already. */
export function saysTheSame(one: string, other: string): boolean {
  return one.replace(NUMBERS, "0") === other.replace(NUMBERS, "0");
}
