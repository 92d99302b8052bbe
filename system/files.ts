/**
 * The only way to files: those of the daemon's own, and, through {@link Files.door}, those that an agent can write.
 * Every effect takes the name of the operation first.
 *
 * Also what is our own is read only where it is a file, and never waited for: without a sandbox, an agent is the same
 * user as the daemon.
 */

import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  read,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { type Door, systemDoor } from "./files/door.ts";

export interface Files {
  /** Creates the directory and its parents, mode 0700 for those it creates. */
  makeDirectory(operation: string, path: string): Promise<void>;
  /** Writes beside and renames, so that a reader sees the old file or the new one. Mode defaults to 0600. */
  write(operation: string, path: string, content: string | Uint8Array, mode?: number): Promise<void>;
  /** The whole file as text, or `null` when there is none. Longer than `maxBytes` is cut. */
  read(operation: string, path: string, maxBytes: number): Promise<string | null>;
  /** Size in bytes, or `null` when there is no such file. */
  size(operation: string, path: string): Promise<number | null>;
  /** Names in the directory; none for a missing one. */
  list(operation: string, path: string): Promise<readonly string[]>;
  exists(operation: string, path: string): Promise<boolean>;
  remove(operation: string, path: string): Promise<void>;
  /** For everything that an agent can write. */
  readonly door: Door;
}

/**
 * The machine's file system. Errors other than a missing file are thrown with the path in their message.
 *
 * Small and frequent effects are done in place: a trip to Node's thread pool and back takes ten times as long as they
 * do, and a run needs several of them before its agent may start. Reading logs and removing trees goes to the pool.
 */
export function systemFiles(): Files {
  return {
    async makeDirectory(_operation, path): Promise<void> {
      makeDirectories(path);
    },
    async write(_operation, path, content, mode = 0o600): Promise<void> {
      writeBeside(`${path}.tmp`, content, mode);
      renameSync(`${path}.tmp`, path);
    },
    async read(_operation, path, maxBytes): Promise<string | null> {
      const bytes = await readBytes(path, maxBytes);
      return bytes === null ? null : new TextDecoder().decode(bytes);
    },
    size: async (_operation, path) => statSync(path, { throwIfNoEntry: false })?.size ?? null,
    list: async (_operation, path) => (await unlessMissing(() => readdir(path))) ?? [],
    exists: async (_operation, path) => existsSync(path),
    async remove(_operation, path): Promise<void> {
      // Most often there is nothing, and that is found out in place.
      await unlessMissing(async () => {
        if (lstatSync(path, { throwIfNoEntry: false }) !== undefined)
          await rm(path, { recursive: true, force: true });
      });
    },
    door: systemDoor(),
  };
}

/** Node's own way asks forever where the kernel says that a parent is missing which is there, as below `/proc`. */
function makeDirectories(path: string): void {
  const missing: string[] = [];
  for (let at = path; statSync(at, { throwIfNoEntry: false }) === undefined; at = dirname(at))
    missing.push(at);
  // It says what is the matter with a path that is there and is no directory.
  if (missing.length === 0 && !statSync(path).isDirectory()) mkdirSync(path);
  for (const directory of missing.reverse()) {
    try {
      mkdirSync(directory, { mode: 0o700 });
    } catch (error) {
      // Somebody else may have made it meanwhile.
      if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true) throw error;
    }
  }
}

/**
 * Sees to it that a file is there which nobody but its owner may read (mode 0600), and the files with these suffixes
 * beside it where they exist. Best effort: what cannot be done is left for whoever opens the file to complain about.
 */
export function keepPrivate(path: string, beside: readonly string[] = []): void {
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined)
    attempt(() => closeSync(openSync(path, "wx", 0o600)));
  for (const file of [path, ...beside.map((suffix) => `${path}${suffix}`)]) {
    if (lstatSync(file, { throwIfNoEntry: false })?.isFile() === true) attempt(() => chmodSync(file, 0o600));
  }
}

/** Whose it is (user id), and its mode without its kind. */
export function standingOf(path: string): { readonly owner: number; readonly mode: number } {
  const { uid, mode } = statSync(path);
  return { owner: uid, mode: mode & 0o7777 };
}

/** Best effort, as {@link keepPrivate}: some file systems keep no modes. */
export function chmodOwn(path: string, mode: number): void {
  attempt(() => chmodSync(path, mode));
}

function attempt(work: () => void): boolean {
  try {
    work();
    return true;
  } catch {
    return false;
  }
}

/** Up to this is read in place; a log that has grown by more is read in the pool. */
const IN_PLACE_BYTES = 65_536;

async function readBytes(path: string, maxBytes: number): Promise<Uint8Array | null> {
  const file = await unlessMissing(async () => openOwn(path));
  if (file === null) return null;
  try {
    const length = Math.min(maxBytes, fstatSync(file).size);
    if (length === 0) return new Uint8Array();
    const bytes = new Uint8Array(length);
    if (length <= IN_PLACE_BYTES) return bytes.subarray(0, readSync(file, bytes, 0, length, 0));
    return bytes.subarray(0, (await readInPool(file, bytes, 0, length, 0)).bytesRead);
  } finally {
    closeSync(file);
  }
}

const readInPool = promisify(read);

/** A descriptor of the file, or `null` when there is none. Without waiting: a named pipe may have no other end. */
function openOwn(path: string): number | null {
  if (statSync(path, { throwIfNoEntry: false }) === undefined) return null;
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const stat = fstatSync(file);
  if (stat.isFile() || stat.isDirectory()) return file;
  closeSync(file);
  throw Object.assign(new Error(`EINVAL: it is not a file, open '${path}'`), { code: "EINVAL" });
}

/** What lies there in the way, a link to somewhere else, say, is removed and never written through. */
function writeBeside(path: string, content: string | Uint8Array, mode: number): void {
  if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) rmSync(path, { recursive: true });
  writeFileSync(path, content, { mode, flag: "wx" });
}

async function unlessMissing<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR"))
      return null;
    throw error;
  }
}
