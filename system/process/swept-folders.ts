/**
 * The folders below which a sweep may kill. An agent can write beside its own: it could move a neighbour's folder into
 * the place of its own, or lay a link there, and the sweep after its run would end the neighbour's processes.
 *
 * W1. A folder is the one with the device and the inode that it had when its run was launched; what has taken its
 *     place is none. Of a run that an earlier daemon launched, it is the one that was there at the first look.
 * W2. The last component of its path is never followed: a link there is no folder. Links above it are an operator's.
 */

import { lstatSync } from "node:fs";
import { basename, dirname } from "node:path";
import { resolveLinks } from "./proc.ts";

export interface Folders {
  /** Takes what is there now for the folder of this path. */
  remember(path: string): void;
  /** The folder as `/proc` names it; `null` when it is not the one that is remembered, and so nobody works there. */
  resolve(path: string): string | null;
}

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
    remember: (path) => void remember(path),
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
