/**
 * How long a task has waited for whom. Pure.
 *
 * M1. Each moment counts once: what is asked at the same time is one waiting.
 */

/** Something that somebody was asked. Times in ms. */
export interface Asked {
  readonly askedAt: number;
  /** When it was answered, or asked no more; `null` while it is open. */
  readonly finishedAt: number | null;
}

/** How long somebody was being asked at all (ms). @param now where what is open ends */
export function waitedFor(asked: readonly Asked[], now: number): number {
  let until = Number.NEGATIVE_INFINITY;
  let waited = 0;
  for (const { askedAt, finishedAt } of asked.toSorted((a, b) => a.askedAt - b.askedAt)) {
    const end = finishedAt ?? now;
    waited += Math.max(0, end - Math.max(askedAt, until));
    until = Math.max(until, end);
  }
  return waited;
}
