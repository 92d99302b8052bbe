/** Worktrees that an agent has made of its repository inside its own folder. */

import { contentOf, isReached, namesIn } from "./files.ts";

const NAMES_MAX = 1_000;
const POINTER_BYTES_MAX = 4_096;

/** Folders below that hold a worktree of this very repository, with its name: path to name. */
export function worktreesBelow(directory: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const own = `${directory}/.git/worktrees`;
  for (const name of namesIn(own, NAMES_MAX)) {
    const where = contentOf(`${own}/${name}/gitdir`, POINTER_BYTES_MAX)?.toString("latin1").trim() ?? "";
    if (!where.startsWith(`${directory}/`) || !where.endsWith("/.git")) continue;
    const path = where.slice(directory.length + 1, -"/.git".length);
    const isSound = !path.split("/").some((part) => ["", ".", "..", ".git"].includes(part));
    if (isSound && isReached(directory, path)) found.set(path, name);
  }
  return found;
}
