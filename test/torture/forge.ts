/**
 * `npm run torture -- --forge`: circles of an issue (GitHub alone, and Plane beside it) on days of which each is drawn
 * from a seed: webhooks lost, late and doubled, the reconciler beside them or alone, faults of hosts, and a daemon that
 * is killed within its writes. `--writes` kills it at each write of both circles instead, before it is done and after.
 */

import { CIRCLES, type Circle, type Day, drawDay, killDays, tellDay } from "../e2e/forge/day.ts";
import { weather } from "../e2e/forge/weather.ts";

export interface ForgeTorture {
  readonly seed: number;
  /** How many days of each circle. */
  readonly seeds: number;
  readonly circles: readonly Circle[];
  readonly isAtWrites: boolean;
}

/** @returns how many days went wrong */
export async function tortureForges(
  { seed, seeds, circles, isAtWrites }: ForgeTorture,
  say: (line: string) => void,
): Promise<number> {
  const days = circles.flatMap((circle) =>
    isAtWrites ? killDays(circle) : Array.from({ length: seeds }, (_, n) => drawDay(seed + n, circle)),
  );
  let wrong = 0;
  for (const day of days) wrong += (await isRight(day, isAtWrites, say)) ? 0 : 1;
  say(`${days.length} days, ${wrong} of them wrong`);
  return wrong;
}

async function isRight(day: Day, isAtWrites: boolean, say: (line: string) => void): Promise<boolean> {
  const { circle, seed } = day;
  const name = `${circle} ${seed} (${tellDay(day)})`;
  try {
    const { seconds, calls, faults, kills } = await weather(day);
    say(`${name}: ${calls} calls, ${faults} faults, ${kills} kills; ${seconds} s: everything once`);
    return true;
  } catch (error) {
    const how = isAtWrites ? "--writes" : `--seeds 1 --seed ${seed}`;
    say(`${name}: FAILED, replay with --forge ${how} --circle ${circle}: ${String(error)}`);
    return false;
  }
}

/** @throws Error for a word that names none */
export function circlesOf(word: string | undefined): readonly Circle[] {
  if (word === undefined) return CIRCLES;
  const found = CIRCLES.find((circle) => circle === word);
  if (found === undefined) throw new Error(`--circle takes ${CIRCLES.join(" or ")}, not ${word}`);
  return [found];
}
