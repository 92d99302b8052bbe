/**
 * Copies chosen files and folders of one home into a new one. Whole or not at all: it is made beside, and renamed.
 *
 * Links are copied as links, and what is neither file, folder nor link (a socket, a FIFO) is left out.
 */

import { constants } from "node:fs";
import { chmod, cp, lstat, mkdir, readdir, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Makes `to` (mode 0700), unless it is there, with those of `paths` that `from` has.
 *
 * @param from `null` for nothing to copy
 * @param paths relative to both; one that ends in `*` stands for all whose names begin so
 * @returns whether it was made now
 */
export function seedHome(from: string | null, to: string, paths: readonly string[]): Promise<boolean> {
  const under = underWay.get(to);
  if (under !== undefined) return under.then(() => false);
  const made = seed(from, to, paths).finally(() => underWay.delete(to));
  underWay.set(to, made);
  return made;
}

/** By the home: two runs of one account may begin at once, and would make it in the same place beside. */
const underWay = new Map<string, Promise<boolean>>();

async function seed(from: string | null, to: string, paths: readonly string[]): Promise<boolean> {
  if (await isThere(to)) return false;
  const beside = `${to}.tmp`;
  await rm(beside, { recursive: true, force: true });
  await mkdir(beside, { recursive: true, mode: 0o700 });
  // What was made on the way is for the daemon's user only, whatever its umask says.
  await chmod(beside, 0o700);
  for (const path of from === null ? [] : paths)
    for (const found of await matching(from ?? "", path))
      await copy(`${from}/${found}`, `${beside}/${found}`);
  await rename(beside, to);
  return true;
}

async function copy(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  await cp(from, to, {
    recursive: true,
    preserveTimestamps: true,
    verbatimSymlinks: true,
    mode: constants.COPYFILE_FICLONE,
    filter: async (source) => {
      const stat = await lstat(source);
      return stat.isFile() || stat.isDirectory() || stat.isSymbolicLink();
    },
  });
}

async function matching(from: string, path: string): Promise<readonly string[]> {
  if (!path.endsWith("*")) return (await isThere(`${from}/${path}`)) ? [path] : [];
  const folder = dirname(path);
  const begin = path.slice(folder.length + 1, -1);
  if (!(await isThere(`${from}/${folder}`))) return [];
  const names = await readdir(`${from}/${folder}`);
  return names.filter((name) => name.startsWith(begin)).map((name) => `${folder}/${name}`);
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR"))
      return false;
    throw error;
  }
}
