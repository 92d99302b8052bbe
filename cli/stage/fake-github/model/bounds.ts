/** How much is kept here of everything that grows: the oldest makes room, or the newest is refused. */

export const ISSUES_MAX = 5_000;
export const COMMENTS_MAX = 20_000;
export const DELIVERIES_MAX = 2_000;
export const STATUSES_MAX = 5_000;
export const CHECKS_MAX = 5_000;
export const REACTIONS_MAX = 500;
export const HISTORY_MAX = 1_000;
export const NOTES_MAX = 1_000;

/** Adds to the end, and drops what is too old from the front. */
export function keep<T>(list: T[], item: T, max: number): T {
  list.push(item);
  if (list.length > max) list.splice(0, list.length - max);
  return item;
}
