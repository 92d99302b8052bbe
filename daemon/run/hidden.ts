/** Names what the walls hide when a run has failed for want of it: it is there outside, and the run says it is not. */

import type { Tree } from "../../system/files/tree.ts";

/** Of what a run says last, no more is looked up. */
const PATHS_MAX = 20;
const MISSING = /not found|no such file|ENOENT|does not exist|cannot find/i;
/** An absolute path in a sentence, without the marks around it. */
const PATH = /(?<![\w./~-])\/[\w@%+=.,~-]+(?:\/[\w@%+=.,~-]+)*/g;

/**
 * A half-sentence for the reason of a failure, or `null`.
 *
 * @param said the last lines of a run, which may hold anything
 * @param own folders (absolute) that are nobody's business here: the task's own, and what the daemon keeps for itself
 */
export function hiddenByWalls(tree: Tree, said: string, own: readonly string[]): string | null {
  const lines = said.split("\n").filter((line) => MISSING.test(line));
  const paths = lines.flatMap((line) => line.match(PATH) ?? []).map((path) => path.replace(/[.,]+$/, ""));
  const [hidden] = [...new Set(paths)]
    .slice(-PATHS_MAX)
    .filter((path) => !own.some((folder) => path === folder || path.startsWith(`${folder}/`)))
    .filter((path) => tree.look(path) !== null);
  return hidden === undefined
    ? null
    : `the sandbox hides ${hidden}, which is there outside: name it in mounts`;
}
