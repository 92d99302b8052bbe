/**
 * Which items were looked at as they stand: lists show the newest ones again and again (W2 of `watcher.ts`), and the
 * history of each costs a call. Kept in memory, because to look twice costs a call and nothing else.
 */

/** Times of hosts are in whole seconds: what has just changed may change again within the same one. */
const FRESH_MS = 60_000;
const ITEMS_MAX = 5_000;

export interface Handled {
  /** @param key of the item @param updatedAt as the list shows it (ms) */
  has(key: string, updatedAt: number): boolean;
  note(key: string, updatedAt: number, now: number): void;
}

export function createHandled(): Handled {
  const known = new Map<string, number>();
  return {
    has: (key, updatedAt) => known.get(key) === updatedAt,
    note(key, updatedAt, now): void {
      known.delete(key);
      if (updatedAt > now - FRESH_MS) return;
      known.set(key, updatedAt);
      const [oldest] = known.keys();
      if (known.size > ITEMS_MAX && oldest !== undefined) known.delete(oldest);
    },
  };
}
