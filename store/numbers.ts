/**
 * Task numbers: the tracker's number where it gives one, else the next of the project's counter, walking forward
 * past taken ones.
 *
 * The search reads before the transaction; the unique index on (prefix, number) is its guard. Who was overtaken gets a
 * conflict, decides again and finds the next.
 */

import { NUMBER_WALK_MAX } from "../workflow/limits.ts";
import { highestNumber } from "./counters.ts";
import type { Engine } from "./engine/engine.ts";
import { decode } from "./engine/row.ts";

const IS_TAKEN = "select 1 as one from tasks where prefix = $1 and number = $2";

/** The first gap after `$2`, as far as the walk goes. */
const GAP = `
select number + 1 as free from (
  select number from tasks where prefix = $1 and number >= $2 order by number limit ${NUMBER_WALK_MAX}
) as walked
where not exists (select 1 from tasks as next where next.prefix = $1 and next.number = walked.number + 1)
order by number limit 1`;

const HIGHEST = "select max(number) as highest from tasks where prefix = $1";

/** A number from outside beyond this is a mistake or an attack; it would use up all numbers after it. */
const WANTED_MAX = 1_000_000_000;

/**
 * A number that was free when it was looked for and that `allotted` does not hold (those of the same transaction).
 *
 * @param wanted the tracker's number, or `null`.
 */
export async function freeNumber(
  engine: Engine,
  project: string,
  prefix: string,
  wanted: number | null,
  allotted: ReadonlySet<number>,
): Promise<number> {
  const usable = wanted !== null && Number.isSafeInteger(wanted) && wanted > 0 && wanted <= WANTED_MAX;
  let candidate = usable ? wanted : (await highestNumber(engine, project, prefix)) + 1;
  for (;;) {
    const free = await firstFree(engine, prefix, candidate);
    if (!allotted.has(free)) return free;
    candidate = free + 1;
  }
}

async function firstFree(engine: Engine, prefix: string, from: number): Promise<number> {
  if ((await engine.all(IS_TAKEN, [prefix, from])).length === 0) return from;
  const [gap] = await engine.all(GAP, [prefix, from]);
  if (gap !== undefined) return decode("tasks", gap).integer("free");
  // A run of taken numbers longer than the walk: behind the last one there is room for certain.
  const [highest] = await engine.all(HIGHEST, [prefix]);
  return (highest === undefined ? 0 : decode("tasks", highest).integer("highest")) + 1;
}
