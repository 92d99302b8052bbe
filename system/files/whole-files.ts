/**
 * Whole files that must not be lost half-way: made beside, brought to the disk, and only then given their name.
 *
 * For copies of the database, which are made and put in place by hand or at a start, and may be large; everything else
 * goes through `system/files.ts`.
 */

import {
  closeSync,
  constants,
  copyFileSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
} from "node:fs";
import { dirname } from "node:path";

/** An empty file that only its owner may read. @throws when there is one, EEXIST */
export function makeEmpty(path: string): void {
  closeSync(openSync(path, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 0o600));
}

/** Copies a regular file into a new one with mode 0600. @throws EEXIST; EINVAL when it is no regular file */
export function copyBytes(from: string, to: string): void {
  // A FIFO would keep us for ever.
  if (!statSync(from).isFile()) throw Object.assign(new Error("it is no regular file"), { code: "EINVAL" });
  makeEmpty(to);
  copyFileSync(from, to);
}

/** Gives a finished file its name, in place of whatever had it; both on the disk when this returns. */
export function putInPlace(finished: string, path: string): void {
  sync(finished);
  renameSync(finished, path);
  sync(dirname(path));
}

/**
 * Gives a file, and those with these suffixes beside it, another name. The file itself keeps its old one as well where
 * the file system can do that, until something is put in its place: so there is no moment without it.
 *
 * @returns whether there was one
 */
export function setAside(path: string, to: string, beside: readonly string[]): boolean {
  makeFolder(dirname(to));
  for (const suffix of beside) {
    if (sizeOf(`${path}${suffix}`) !== null) renameSync(`${path}${suffix}`, `${to}${suffix}`);
  }
  if (sizeOf(path) === null) return false;
  try {
    linkSync(path, to);
  } catch {
    renameSync(path, to);
  }
  sync(dirname(to));
  return true;
}

/** Unless it is there, for its owner alone. */
export function makeFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
}

/** In bytes; `null` when there is no such file. */
export function sizeOf(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.size ?? null;
}

/** Whether both names lead to one file. */
export function isSameFile(one: string, other: string): boolean {
  return sizeOf(one) !== null && sizeOf(other) !== null && realpathSync(one) === realpathSync(other);
}

/** What an ordinary user may still write to the file system of this folder, in bytes. */
export function roomAt(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/** Nothing is said of one that is not there. */
export function removeFiles(paths: readonly string[]): void {
  for (const path of paths) rmSync(path, { force: true });
}

/** Names in a folder; none where there is no folder. */
export function namesIn(folder: string): readonly string[] {
  return statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true ? readdirSync(folder) : [];
}

function sync(path: string): void {
  const file = openSync(path, "r");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
