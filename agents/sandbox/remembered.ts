/**
 * What `PATH` shows, remembered from run to run: to look through its folders takes longer than to make the sandbox.
 *
 * It is looked through again when one of the folders has changed (a program came, went, or became another), and every
 * minute in any case, for what changes behind their links.
 */

import type { Clock } from "../../system/clock.ts";
import type { Tree } from "../../system/files/tree.ts";

const TRUST_MS = 60_000;
/** Accounts and profiles may each have a `PATH` of their own; more are not worth remembering. */
const PATHS_MAX = 32;

interface Remembered {
  readonly shown: readonly string[];
  readonly stamp: string;
  readonly at: number;
}

/** @param look what a `PATH` shows now; asked as seldom as possible */
export function remembered(
  tree: Tree,
  clock: Pick<Clock, "monotonic">,
  look: (path: string) => readonly string[],
): (path: string) => readonly string[] {
  const memory = new Map<string, Remembered>();
  return (path) => {
    const stamp = stampOf(tree, path);
    const now = clock.monotonic();
    const known = memory.get(path);
    if (known !== undefined && known.stamp === stamp && now - known.at < TRUST_MS) return known.shown;
    // The stamp was taken first: what changes while it is looked at is seen the next time.
    const shown = look(path);
    if (memory.size >= PATHS_MAX) memory.clear();
    memory.set(path, { shown, stamp, at: now });
    return shown;
  };
}

/** Which folders those are, and when a name in each was made or unmade last. */
function stampOf(tree: Tree, path: string): string {
  const folders = path.split(":").map((folder) => tree.look(folder));
  return JSON.stringify(folders.map((seen) => (seen === null ? null : [seen.real, seen.changedMs])));
}
