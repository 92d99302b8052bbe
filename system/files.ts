/** The only door to files. Every effect takes the name of the operation first. */

import {
  chmodSync,
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { open, readdir, rm } from "node:fs/promises";
import { dirname } from "node:path";

export interface Files {
  /** Creates the directory and its parents, mode 0700 for those it creates. */
  makeDirectory(operation: string, path: string): Promise<void>;
  /** Writes beside and renames, so that a reader sees the old file or the new one. Mode defaults to 0600. */
  write(operation: string, path: string, text: string, mode?: number): Promise<void>;
  /** The whole file as text, or `null` when there is none. Longer than `maxBytes` is cut. */
  read(operation: string, path: string, maxBytes: number): Promise<string | null>;
  /** Up to `maxBytes` bytes from `offset`; empty at the end and for a missing file. */
  readFrom(operation: string, path: string, offset: number, maxBytes: number): Promise<Uint8Array>;
  /** Size in bytes, or `null` when there is no such file. */
  size(operation: string, path: string): Promise<number | null>;
  /** When it was last written to (ms, calendar time), or `null` when there is no such file. */
  modifiedAt(operation: string, path: string): Promise<number | null>;
  /** Names in the directory; none for a missing one. */
  list(operation: string, path: string): Promise<readonly string[]>;
  exists(operation: string, path: string): Promise<boolean>;
  remove(operation: string, path: string): Promise<void>;
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
    async write(_operation, path, text, mode = 0o600): Promise<void> {
      writeFileSync(`${path}.tmp`, text, { mode });
      renameSync(`${path}.tmp`, path);
    },
    async read(_operation, path, maxBytes): Promise<string | null> {
      const bytes = await readBytes(path, 0, maxBytes);
      return bytes === null ? null : new TextDecoder().decode(bytes);
    },
    readFrom: async (_operation, path, offset, maxBytes) =>
      (await readBytes(path, offset, maxBytes)) ?? new Uint8Array(),
    size: async (_operation, path) => statSync(path, { throwIfNoEntry: false })?.size ?? null,
    modifiedAt: async (_operation, path) => {
      const stat = statSync(path, { throwIfNoEntry: false });
      return stat === undefined ? null : Math.round(stat.mtimeMs);
    },
    list: async (_operation, path) => (await unlessMissing(readdir(path))) ?? [],
    exists: async (_operation, path) => existsSync(path),
    async remove(_operation, path): Promise<void> {
      // Most often there is nothing, and that is found out in place.
      if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return;
      await rm(path, { recursive: true, force: true });
    },
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

function attempt(work: () => void): boolean {
  try {
    work();
    return true;
  } catch {
    return false;
  }
}

/** How long ago (ms) the file was last written to; `null` when there is none. By the same clock that stamps files. */
export function silenceOf(path: string): number | null {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? null : Math.max(0, Date.now() - stat.mtimeMs);
}

/** Up to this is read in place; a log that has grown by more is read in the pool. */
const IN_PLACE_BYTES = 65_536;

async function readBytes(path: string, offset: number, maxBytes: number): Promise<Uint8Array | null> {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return null;
  const length = Math.max(0, Math.min(maxBytes, stat.size - offset));
  if (length === 0) return new Uint8Array();
  if (length <= IN_PLACE_BYTES) return unlessMissing(readInPlace(path, offset, length));
  const file = await unlessMissing(open(path, "r"));
  if (file === null) return null;
  try {
    const { bytesRead, buffer } = await file.read(new Uint8Array(length), 0, length, offset);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function readInPlace(path: string, offset: number, length: number): Promise<Uint8Array> {
  const file = openSync(path, "r");
  try {
    const bytes = new Uint8Array(length);
    return bytes.subarray(0, readSync(file, bytes, 0, length, offset));
  } finally {
    closeSync(file);
  }
}

async function unlessMissing<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR"))
      return null;
    throw error;
  }
}
