/** What lies where on this machine, looked at and never read: kinds, real places, links. In place, as `Files` does. */

import { readdirSync, readlinkSync, realpathSync, statSync } from "node:fs";

/** What a path leads to. */
export interface Seen {
  /** Without symbolic links. */
  readonly real: string;
  readonly kind: "folder" | "file" | "other";
  /** When its content changed last, of a folder its names: milliseconds since the epoch, with fractions. */
  readonly changedMs: number;
}

export interface Tree {
  /** `null` when there is nothing, or nothing that may be looked at. */
  look(path: string): Seen | null;
  /** What the symbolic link at `path` says; `null` when there is none. */
  link(path: string): string | null;
  /** Names in a folder; none where there is no folder, or it may not be looked at. */
  names(folder: string): readonly string[];
}

export function systemTree(): Tree {
  return {
    look: (path) =>
      unlessUnseen(() => {
        const real = realpathSync.native(path);
        const stat = statSync(real);
        const kind = stat.isDirectory() ? "folder" : stat.isFile() ? "file" : "other";
        return { real, kind, changedMs: stat.mtimeMs } as const;
      }),
    link: (path) => unlessUnseen(() => readlinkSync(path)),
    names: (folder) => unlessUnseen(() => readdirSync(folder)) ?? [],
  };
}

function unlessUnseen<T>(look: () => T): T | null {
  try {
    return look();
  } catch (error) {
    // Whatever the reason: what the daemon cannot look at it cannot show to anybody.
    if (error instanceof Error && "code" in error) return null;
    throw error;
  }
}
