/**
 * The one door for files that an agent can write (I14). What lies there is a stranger's: it may be a link to the
 * daemon's token, a named pipe that nobody writes to, a device, a folder, as large as the disk, or something else at
 * the next look.
 *
 * D1. Nothing is followed. Below a root that the caller trusts, every folder on the way is opened from the one before
 *     it, and none through a link; so nobody can exchange a part of the path between a look and a read.
 * D2. Nothing is waited for. A name is opened as a mere handle (`O_PATH`, open(2)), which touches no device and waits at
 *     no pipe; only when that handle is a file it is opened again, by way of the handle and not of the name.
 * D3. Only a regular file of this user's with one name is read. A second name (a hard link) may be that of a file which
 *     the agent could not read itself.
 * D4. Every read has a bound, whatever size the file tells or comes to have.
 * D5. A violation is an answer, in one sentence that holds nothing of what the file holds. Only what is the machine's
 *     own trouble is thrown: no descriptors, no memory, a broken disk.
 */

import { closeSync, constants, fstatSync, opendir, openSync, read, readSync, type Stats } from "node:fs";
import { basename, dirname } from "node:path";
import { promisify } from "node:util";

/** A place that an agent can write: below a root that is trusted, by folders and a name joined with `/`. */
export interface StrangePlace {
  /** An absolute path, whose own links are followed: an operator may have laid them. */
  readonly root: string;
  readonly below: string;
}

/** `reason`: what is the matter with it, as one sentence that begins with its place below the root. */
export type Refused = { readonly kind: "refused"; readonly reason: string };
type Missing = { readonly kind: "missing" };

/** What is known of a file without reading it. */
export interface Look {
  /** In bytes. */
  readonly size: number;
  /** When it was last written to (ms, calendar time); its owner can set that as they like. */
  readonly modifiedAt: number;
}

export type Looked = ({ readonly kind: "seen" } & Look) | Missing | Refused;
export type Received = ({ readonly kind: "read"; readonly bytes: Uint8Array } & Look) | Missing | Refused;
export type Listed = { readonly kind: "listed"; readonly names: readonly string[] } | Missing | Refused;

/** Every effect takes the name of the operation first. */
export interface Door {
  look(operation: string, place: StrangePlace): Promise<Looked>;
  /** Up to `maxBytes` from `offset`; none at the end. */
  read(operation: string, place: StrangePlace, offset: number, maxBytes: number): Promise<Received>;
  /** The last `maxBytes`, of the file as long as it was when it was opened. */
  readEnd(operation: string, place: StrangePlace, maxBytes: number): Promise<Received>;
  /** Up to `most` names in the folder, in no order. */
  list(operation: string, place: StrangePlace, most: number): Promise<Listed>;
}

export function systemDoor(): Door {
  return {
    look: async (_operation, place) => through(place, (handle) => Promise.resolve(lookAt(handle))),
    read: async (_operation, place, offset, maxBytes) =>
      through(place, (handle) => readFrom(handle, () => offset, maxBytes)),
    readEnd: async (_operation, place, maxBytes) =>
      through(place, (handle) => readFrom(handle, (size) => Math.max(0, size - maxBytes), maxBytes)),
    list: async (_operation, place, most) => through(place, (handle) => listNames(handle, most)),
  };
}

/** As `read` from the beginning, at once: for files that ought to be small. */
export function readNow(place: StrangePlace, maxBytes: number): Received {
  return throughNow(place, (handle) => readFromNow(handle, maxBytes));
}

/** How long ago (ms) the file was last written to; `null` when there is none. By the same clock that stamps files. */
export function silenceOf(place: StrangePlace): number | null {
  const looked = throughNow(place, lookAt);
  return looked.kind === "seen" ? Math.max(0, Date.now() - looked.modifiedAt) : null;
}

/** A place in a folder that lies itself where agents can write: the folder, too, is entered without following links. */
export function placeIn(folder: string, name: string): StrangePlace {
  return { root: dirname(folder), below: `${basename(folder)}/${name}` };
}

/** The bytes as text; `null` when there are none to be had. */
export function textOf(received: Received): string | null {
  return received.kind === "read" ? new TextDecoder().decode(received.bytes) : null;
}

/** Not among Node's constants; the same on all machines that Node runs on. */
const O_PATH = 0x20_0000;
const HANDLE = O_PATH | constants.O_NOFOLLOW;
/** Read in place; more is read in Node's pool of threads (see `files.ts`). */
const IN_PLACE_BYTES = 65_536;

interface Handle {
  readonly fd: number;
  readonly below: string;
}

async function through<T>(
  place: StrangePlace,
  work: (handle: Handle) => Promise<T>,
): Promise<T | Missing | Refused> {
  const fd = enter(place);
  if (typeof fd !== "number") return fd;
  try {
    return await work({ fd, below: place.below });
  } catch (error) {
    return answerTo(error, place.below);
  } finally {
    closeSync(fd);
  }
}

function throughNow<T>(place: StrangePlace, work: (handle: Handle) => T): T | Missing | Refused {
  const fd = enter(place);
  if (typeof fd !== "number") return fd;
  try {
    return work({ fd, below: place.below });
  } catch (error) {
    return answerTo(error, place.below);
  } finally {
    closeSync(fd);
  }
}

/** D1, D2: a handle on the place. Whoever asks closes it. */
function enter({ root, below }: StrangePlace): number | Missing | Refused {
  let fd: number | null = null;
  try {
    fd = openSync(root, O_PATH | constants.O_DIRECTORY);
    for (const name of below === "" ? [] : below.split("/")) {
      const from: number = fd;
      fd = null;
      fd = step(from, name);
    }
    return fd;
  } catch (error) {
    return answerTo(error, below);
  }
}

/** From a folder to what lies in it by this name; the folder's handle is closed. */
function step(folder: number, name: string): number {
  try {
    if (name === "" || name === "." || name === ".." || name.includes("\0"))
      throw Object.assign(new Error("no name of a file"), { code: "EINVAL" });
    return openSync(`/proc/self/fd/${folder}/${name}`, HANDLE);
  } finally {
    closeSync(folder);
  }
}

/** D5. */
function answerTo(error: unknown, below: string): Missing | Refused {
  const code = error instanceof Error && "code" in error ? error.code : null;
  switch (code) {
    case "ENOENT":
      return { kind: "missing" };
    case "ENOTDIR":
      return refused(below, "does not lie in a folder: a link or a file stands in the way");
    case "EACCES":
    case "EPERM":
      return refused(below, `may not be read (${code})`);
    case "ENAMETOOLONG":
    case "ELOOP":
    case "ENXIO":
    case "EINVAL":
      return refused(below, `cannot be opened (${code})`);
    default:
      throw error;
  }
}

function lookAt({ fd, below }: Handle): Looked {
  const stats = fstatSync(fd);
  const fault = faultOf(stats);
  return fault === null ? { kind: "seen", ...lookOf(stats) } : refused(below, fault);
}

/** Where to begin in a file of this size. */
type Offset = (size: number) => number;

async function readFrom(handle: Handle, offset: Offset, maxBytes: number): Promise<Received> {
  const opened = openFile(handle, offset, maxBytes);
  if ("kind" in opened) return opened;
  const { file, from, length, look } = opened;
  try {
    if (length <= IN_PLACE_BYTES) return { kind: "read", bytes: readInPlace(opened), ...look };
    const bytes = new Uint8Array(length);
    let done = 0;
    while (done < length) {
      const { bytesRead } = await readInPool(file, bytes, done, length - done, from + done);
      if (bytesRead === 0) break;
      done += bytesRead;
    }
    return { kind: "read", bytes: bytes.subarray(0, done), ...look };
  } finally {
    closeSync(file);
  }
}

function readFromNow(handle: Handle, maxBytes: number): Received {
  const opened = openFile(handle, () => 0, maxBytes);
  if ("kind" in opened) return opened;
  try {
    return { kind: "read", bytes: readInPlace(opened), ...opened.look };
  } finally {
    closeSync(opened.file);
  }
}

interface Opened {
  readonly file: number;
  readonly from: number;
  /** How much of it is to be read. */
  readonly length: number;
  readonly look: Look;
}

/** D2, D3, D4. Whoever asks closes the file. */
function openFile({ fd, below }: Handle, offset: Offset, maxBytes: number): Opened | Refused {
  const stats = fstatSync(fd);
  const fault = faultOf(stats);
  if (fault !== null) return refused(below, fault);
  const file = openSync(`/proc/self/fd/${fd}`, constants.O_RDONLY | constants.O_NONBLOCK);
  const from = offset(stats.size);
  const length = Math.max(0, Math.min(maxBytes, stats.size - from));
  return { file, from, length, look: lookOf(stats) };
}

/** Fewer bytes where the file has been cut meanwhile. */
function readInPlace({ file, from, length }: Opened): Uint8Array {
  const bytes = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const more = readSync(file, bytes, done, length - done, from + done);
    if (more === 0) break;
    done += more;
  }
  return bytes.subarray(0, done);
}

const readInPool = promisify(read);

const openFolder = promisify(opendir);

async function listNames({ fd, below }: Handle, most: number): Promise<Listed | Refused> {
  const kind = kindOf(fstatSync(fd));
  if (kind !== "a folder") return refused(below, `is ${kind} and not a folder`);
  const folder = await openFolder(`/proc/self/fd/${fd}`, { bufferSize: 256 });
  try {
    const names: string[] = [];
    while (names.length < most) {
      const entry = await folder.read();
      if (entry === null) break;
      names.push(entry.name);
    }
    return { kind: "listed", names };
  } finally {
    await folder.close();
  }
}

function lookOf({ size, mtimeMs }: Stats): Look {
  return { size, modifiedAt: Math.round(mtimeMs) };
}

/** D3. What is the matter with it; `null` when it is a file that may be read. */
function faultOf(stats: Stats): string | null {
  const kind = kindOf(stats);
  if (kind !== "a file") return `is ${kind} and not a file`;
  if (stats.nlink > 1) return "is a file that has another name, too (a hard link)";
  const user = process.geteuid?.() ?? 0;
  // Whoever is root reads what it unpacks with the owners of elsewhere.
  return user === 0 || stats.uid === user ? null : "is a file of another user";
}

function kindOf(stats: Stats): string {
  if (stats.isFile()) return "a file";
  if (stats.isSymbolicLink()) return "a link";
  if (stats.isDirectory()) return "a folder";
  if (stats.isFIFO()) return "a named pipe";
  return stats.isSocket() ? "a socket" : "a device";
}

/** Names may be an agent's own: they are shown on one line, and shortened. */
const SHOWN_CHARS_MAX = 120;

function refused(below: string, fault: string): Refused {
  const shown = /^[\w./-]+$/.test(below) ? below : JSON.stringify(below);
  return { kind: "refused", reason: `${shown.slice(0, SHOWN_CHARS_MAX)} ${fault}; it was not read` };
}
