/** All attempts, by the run that makes them. */

import type { Attempt, Mode } from "./attempt.ts";
import { FILE_ATTEMPTS } from "./file-attempts.ts";
import { GIT_ATTEMPTS } from "./git-attempts.ts";
import { REACH_ATTEMPTS } from "./reach-attempts.ts";

export const ATTEMPTS: readonly Attempt[] = [...GIT_ATTEMPTS, ...FILE_ATTEMPTS, ...REACH_ATTEMPTS];

/** What is tried in this mode; attempts that share a run stand together. */
export function runsOf(mode: Mode): ReadonlyMap<string, readonly Attempt[]> {
  return Map.groupBy(
    ATTEMPTS.filter(({ modes }) => modes.includes(mode)),
    ({ run }) => run,
  );
}
