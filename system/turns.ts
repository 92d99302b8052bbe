/** Work on one key happens in the order of asking, one or a few at a time; work on different keys side by side. */

export interface Turns {
  /** Work asked for from now on does not wait for what is under way on `key`: that hangs, and is given up. */
  forget(key: string): void;
  /** Whether work on `key` that is asked for now would have to wait. */
  isBusy(key: string): boolean;
  /** Does `work` when less than the width of earlier work on `key` is under way, whether that went well or not. */
  take<T>(key: string, work: () => Promise<T>): Promise<T>;
}

interface Line {
  underWay: number;
  readonly waiting: (() => void)[];
}

/** @param width how much work on one key is under way at once */
export function createTurns(width = 1): Turns {
  const lines = new Map<string, Line>();
  const leave = (key: string, line: Line): void => {
    const next = line.waiting.shift();
    if (next === undefined) line.underWay -= 1;
    else next();
    if (line.underWay === 0 && lines.get(key) === line) lines.delete(key);
  };
  return {
    forget: (key) => void lines.delete(key),
    isBusy: (key) => (lines.get(key)?.underWay ?? 0) >= width,
    async take(key, work) {
      const line = lines.get(key) ?? { underWay: 0, waiting: [] };
      lines.set(key, line);
      if (line.underWay >= width) await new Promise<void>((resolve) => line.waiting.push(resolve));
      else line.underWay += 1;
      try {
        return await work();
      } finally {
        leave(key, line);
      }
    },
  };
}
