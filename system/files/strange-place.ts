/**
 * A place that an agent can write, the way to it, and what may lie there: the part of the door (`door.ts`) that
 * reads nothing.
 */

import { closeSync, constants, openSync, type Stats } from "node:fs";
import { basename, dirname } from "node:path";

/** A place that an agent can write: below a root that is trusted, by folders and a name joined with `/`. */
export interface StrangePlace {
  /** An absolute path, whose own links are followed: an operator may have laid them. */
  readonly root: string;
  readonly below: string;
}

/** `reason`: what is the matter with it, as one sentence that begins with its place below the root. */
export type Refused = { readonly kind: "refused"; readonly reason: string };
export type Missing = { readonly kind: "missing" };

/** A place in a folder that lies itself where agents can write: the folder, too, is entered without following links. */
export function placeIn(folder: string, name: string): StrangePlace {
  return { root: dirname(folder), below: `${basename(folder)}/${name}` };
}

export interface Handle {
  readonly fd: number;
  readonly below: string;
}

/** Not among Node's constants; the same on all machines that Node runs on. */
const O_PATH = 0x20_0000;
const HANDLE = O_PATH | constants.O_NOFOLLOW;
/** A handle on the place, without following or waiting. Whoever asks closes it. */
export function enter({ root, below }: StrangePlace): number | Missing | Refused {
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

export function answerTo(error: unknown, below: string): Missing | Refused {
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

/** What is the matter with it; `null` when it is a file that may be read. */
export function faultOf(stats: Stats): string | null {
  const kind = kindOf(stats);
  if (kind !== "a file") return `is ${kind} and not a file`;
  if (stats.nlink > 1) return "is a file that has another name, too (a hard link)";
  const user = process.geteuid?.() ?? 0;
  // Whoever is root reads what it unpacks with the owners of elsewhere.
  return user === 0 || stats.uid === user ? null : "is a file of another user";
}

export function kindOf(stats: Stats): string {
  if (stats.isFile()) return "a file";
  if (stats.isSymbolicLink()) return "a link";
  if (stats.isDirectory()) return "a folder";
  if (stats.isFIFO()) return "a named pipe";
  return stats.isSocket() ? "a socket" : "a device";
}

/** Names may be an agent's own: they are shown on one line, and shortened. */
const SHOWN_CHARS_MAX = 120;

export function refused(below: string, fault: string): Refused {
  const shown = /^[\w./-]+$/.test(below) ? below : JSON.stringify(below);
  return { kind: "refused", reason: `${shown.slice(0, SHOWN_CHARS_MAX)} ${fault}; it was not read` };
}
