/**
 * Follows what comes in the order of its number and is over some time later: each is told of once when it has come, and
 * once when it is over, however often, and how rarely, somebody looks.
 *
 * F1. A look is bounded: so much that is new, and so much that is open. What a flood leaves over comes with the next.
 * F2. What was over when it was looked at first is not told: counters begin with the first look.
 */

import type { Measured } from "../../../store/told/metrics.ts";

interface Numbered {
  readonly seq: number;
  readonly isOver: boolean;
}

export interface Follower<T> {
  /** @throws StoreFault, and then the next look tells what this one would have */
  look(): Promise<{ readonly come: readonly T[]; readonly over: readonly T[] }>;
}

/** More may come between two looks than is looked at in one; the next ones catch up. */
const LOOKED_AT = 5_000;
/** Of older ones nobody is told the end. */
const OPEN_MAX = 5_000;

export function follow<T extends Numbered>(rows: Measured<T>, limit: number = LOOKED_AT): Follower<T> {
  let seen: number | null = null;
  let open: readonly number[] = [];
  return {
    async look() {
      if (seen === null) {
        const newest = await rows.newest();
        open = (await rows.open(OPEN_MAX)).filter(({ seq }) => seq <= newest).map(({ seq }) => seq);
        seen = newest;
      }
      const come = await rows.after(seen, limit);
      const again = await rows.these(open);
      const looked = [...again, ...come];
      open = looked
        .filter(({ isOver }) => !isOver)
        .map(({ seq }) => seq)
        .slice(-OPEN_MAX);
      seen = come.at(-1)?.seq ?? seen;
      return { come, over: looked.filter(({ isOver }) => isOver) };
    },
  };
}
