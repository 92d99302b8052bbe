/**
 * The one door for files that an agent can write (I14). What lies there is a stranger's: it may be a link to the
 * daemon's token, a named pipe that nobody writes to, a device, a folder, as large as the disk, or something else at
 * the next look.
 *
 * D1. Nothing is followed. Below a root that the caller trusts, every folder on the way is opened from the one before
 *     it, and none through a link; so nobody can exchange a part of the path between a look and a read.
 * D2. Nothing is waited for. A name is opened as a mere handle (`O_PATH`, open(2)), which touches no device and waits
 *     at no pipe; only when that handle is a file it is opened again, by way of the handle and not of the name.
 * D3. Only a regular file of this user's with one name is read. A second name (a hard link) may be that of a file which
 *     the agent could not read itself.
 * D4. Every read has a bound, whatever size the file tells or comes to have.
 * D5. A violation is an answer, in one sentence that holds nothing of what the file holds. Only what is the machine's
 *     own trouble is thrown: no descriptors, no memory, a broken disk.
 */

import { closeSync, constants, fstatSync, opendir, openSync, read, readSync, type Stats } from "node:fs";
import { promisify } from "node:util";
import {
  answerTo,
  enter,
  faultOf,
  type Handle,
  kindOf,
  type Missing,
  type Refused,
  refused,
  type StrangePlace,
} from "./strange-place.ts";

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

/** The bytes as text; `null` when there are none to be had. */
export function textOf(received: Received): string | null {
  return received.kind === "read" ? new TextDecoder().decode(received.bytes) : null;
}

/** Read in place; more is read in Node's pool of threads (see `system/files.ts`). */
const IN_PLACE_BYTES = 65_536;

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
