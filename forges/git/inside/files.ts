/** Files that an agent wrote: opened without following a link and without waiting, and only regular ones. */

import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  type Stats,
} from "node:fs";

/** A path whose bytes are those of its Latin-1 characters. */
export function bytesOf(path: string): Buffer {
  return Buffer.from(path, "latin1");
}

/** `null` where there is nothing, or nothing that may be looked at. */
export function lookAt(path: string): Stats | null {
  try {
    return lstatSync(bytesOf(path));
  } catch {
    return null;
  }
}

export function isFolder(path: string): boolean {
  return lookAt(path)?.isDirectory() === true;
}

/** Whether a path leads to a folder by real folders only. */
export function isReached(top: string, path: string): boolean {
  const parts = path.split("/");
  return parts.every((_, at) => isFolder(`${top}/${parts.slice(0, at + 1).join("/")}`));
}

/**
 * Makes a folder in one that is there. Node's own way to make the parents, too, asks for ever where the kernel says
 * that one is missing which is there: so a folder looks from inside the walls when it has been removed outside.
 */
export function makeFolder(path: string): void {
  if (!isFolder(path)) mkdirSync(path, { mode: 0o700 });
}

/** Names in a real folder, at most `max`; none where there is no such folder. */
export function namesIn(path: string, max = 100_000): readonly string[] {
  if (!isFolder(path)) return [];
  try {
    return readdirSync(bytesOf(path), "latin1").slice(0, max);
  } catch {
    return [];
  }
}

/** What is in a folder; `null` where that cannot be read, or is no real folder. */
export function entriesIn(
  path: string,
): readonly { readonly name: string; readonly isFolder: boolean }[] | null {
  if (!isFolder(path)) return null;
  try {
    return readdirSync(bytesOf(path), { encoding: "latin1", withFileTypes: true }).map((entry) => ({
      name: entry.name,
      isFolder: entry.isDirectory(),
    }));
  } catch {
    return null;
  }
}

/**
 * The content, or its first `firstBytes`; `null` when it is no regular file, cannot be opened, or is larger than
 * `maxBytes`.
 */
export function contentOf(path: string, maxBytes: number, firstBytes = maxBytes): Buffer | null {
  const file = openRegular(path);
  if (file === null) return null;
  try {
    const { size } = fstatSync(file);
    if (size > maxBytes) return null;
    const wanted = Math.min(size, firstBytes);
    const bytes = Buffer.alloc(wanted);
    let filled = 0;
    for (let read = -1; read !== 0 && filled < wanted; filled += read)
      read = readSync(file, bytes, filled, wanted - filled, filled);
    return bytes.subarray(0, filled);
  } catch {
    return null;
  } finally {
    closeSync(file);
  }
}

/** Whether a regular file may be read. */
export function isReadable(path: string, { uid, mode }: Stats): boolean {
  // Opening each of fifty thousand files would take longer than all the rest.
  if (uid === process.geteuid?.() && (mode & 0o400) !== 0) return true;
  const file = openRegular(path);
  if (file !== null) closeSync(file);
  return file !== null;
}

function openRegular(path: string): number | null {
  let file: number;
  try {
    file = openSync(bytesOf(path), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    return null;
  }
  if (fstatSync(file).isFile()) return file;
  closeSync(file);
  return null;
}
