/**
 * The folders below which a sweep may kill. An agent can write beside its own: it could move a neighbour's folder into
 * the place of its own, or lay a link there, and the sweep after its run would end the neighbour's processes.
 *
 * W1. A folder is the one with the device and the inode that it had when its run was launched; what has taken its
 *     place is none. A note in the run's own folder tells it to the next daemon, too; without one it is the folder that
 *     was there at the first look.
 * W2. The last component of its path is never followed: a link there is no folder. Links above it are an operator's.
 */

import { lstatSync, writeFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { readNow, textOf } from "../files/door.ts";
import { placeIn } from "../files/strange-place.ts";
import { resolveLinks } from "./proc.ts";

export interface Folders {
  /** Takes what is there now for the folder of this path, and notes it in the run's directory. */
  remember(path: string, directory: string): void;
  /** Believes the note of an earlier daemon, where nothing else is known. */
  recall(directory: string): void;
  /** The folder as `/proc` names it; `null` when it is not the one that is remembered, and so nobody works there. */
  resolve(path: string): string | null;
}

/** Device, inode and path, in one line. */
const NOTE = "folder.txt";
const NOTE_BYTES_MAX = 8_192;

/** Tasks that a daemon has seen lately; more are forgotten, the oldest first. */
const REMEMBERED_MAX = 4_096;

export function createFolders(): Folders {
  const known = new Map<string, string>();
  const remember = (path: string): string | null => {
    const identity = identityOf(path);
    known.delete(path);
    if (identity !== null) known.set(path, identity);
    const oldest = known.size > REMEMBERED_MAX ? known.keys().next().value : undefined;
    if (oldest !== undefined) known.delete(oldest);
    return identity;
  };
  return {
    remember(path, directory): void {
      const identity = remember(path);
      if (identity !== null) writeFileSync(`${directory}/${NOTE}`, `${identity} ${path}\n`, { mode: 0o600 });
    },
    recall(directory): void {
      const note = textOf(readNow(placeIn(directory, NOTE), NOTE_BYTES_MAX)) ?? "";
      const [, identity, path] = /^(\d+\/\d+) (\/.*)\n$/.exec(note) ?? [];
      if (identity !== undefined && path !== undefined && !known.has(path)) known.set(path, identity);
    },
    resolve(path): string | null {
      const now = identityOf(path);
      if (now === "other") return null;
      const meant = known.get(path) ?? remember(path);
      // Of a folder that is gone the name is left, by which those are known who still work there.
      if (now !== null && meant !== now) return null;
      return `${resolveLinks(dirname(path))}/${basename(path)}`;
    },
  };
}

/** Device and inode; `null` when nothing is there, and `other` when it is no folder. */
function identityOf(path: string): string | null {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return null;
  return stats.isDirectory() ? `${stats.dev}/${stats.ino}` : "other";
}
