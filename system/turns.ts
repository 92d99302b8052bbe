/** Work on one key happens one after another, in the order of asking; work on different keys side by side. */

export interface Turns {
  /** Work asked for from now on does not wait for what is under way on `key`: that hangs, and is given up. */
  forget(key: string): void;
  /** Does `work` when all earlier work on `key` is over, whether that went well or not. */
  take<T>(key: string, work: () => Promise<T>): Promise<T>;
}

export function createTurns(): Turns {
  const last = new Map<string, Promise<unknown>>();
  return {
    forget: (key) => void last.delete(key),
    take(key, work) {
      const mine = (last.get(key) ?? Promise.resolve()).then(work, work);
      last.set(key, mine);
      const leave = (): void => {
        if (last.get(key) === mine) last.delete(key);
      };
      mine.then(leave, leave);
      return mine;
    },
  };
}
