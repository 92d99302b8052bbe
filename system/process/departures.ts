/**
 * Notices that processes have ended which are not our children: adopted ones, and those whose launcher was killed.
 * The kernel tells nobody but a parent; so they are looked at, all of them together, as cheaply as it goes.
 *
 * D1. The launcher's last act, the renaming of `exit.json.tmp`, is told by a watch of that one file: at once, and
 *     without being woken by output that grows beside it.
 * D2. Every {@link TICK_MS} each process is asked for a byte of its memory figures (1.6 µs, a tenth of reading its
 *     state): they are zero for a zombie that nobody reaps, and an error for a process that is no more. This notices
 *     what left no exit record, and all where the kernel has no watches left.
 * D3. The file that is asked was opened once and stays that process's, whoever gets its pid. Before an end is believed
 *     identity and state are read all the same.
 *
 * D4. What cannot be looked at has not ended: it is looked at again.
 *
 * It keeps no timer while it waits for nothing.
 */

import { closeSync, type FSWatcher, openSync, readSync, watch } from "node:fs";
import type { Clock } from "../clock.ts";
import { readNow, textOf } from "../files/door.ts";
import { placeIn } from "../files/strange-place.ts";
import { parseExit } from "./launcher.ts";
import type { ExitRecord, ProcessIdentity } from "./processes.ts";

/** Half of what an operator is promised: a run is finalized within 100 ms of its process's death. */
const TICK_MS = 50;

export interface Departures {
  /** See `Processes.ended`. */
  wait(identity: ProcessIdentity, directory: string, signal: AbortSignal): Promise<void>;
}

type Alive = (identity: ProcessIdentity) => boolean;

/** One process that is waited for. */
interface Post {
  /** Its memory figures, open; `null` where that could not be had: then every look is a close one. */
  readonly file: number | null;
  /** Looks closely; true when it is over. */
  readonly look: () => boolean;
  readonly leave: () => void;
  /** Something of it has ended: the rest will follow soon. */
  isClosing: boolean;
}

export function createDepartures(clock: Clock, isAlive: Alive, isLauncherAlive: Alive): Departures {
  const posts = new Set<Post>();
  let nap = new AbortController();
  let isTicking = false;
  const tick = async (): Promise<void> => {
    if (isTicking) return;
    isTicking = true;
    while (posts.size > 0) {
      await clock.sleep(TICK_MS, nap.signal);
      for (const post of [...posts])
        if ((post.isClosing || !hasMemory(post.file)) && post.look()) post.leave();
    }
    isTicking = false;
  };
  return {
    wait(identity, directory, signal): Promise<void> {
      return new Promise((resolve) => {
        const look = (): boolean => {
          try {
            const [agent, launcher] = [isAlive(identity), isLauncherAlive(identity)];
            post.isClosing = !agent || !launcher;
            return !agent && (!launcher || readExit(directory) !== null);
          } catch {
            // No file descriptors to spare, say: nothing is known, and the next tick looks as closely (D4).
            post.isClosing = true;
            return false;
          }
        };
        const leave = (): void => {
          watcher?.close();
          if (post.file !== null) closeSync(post.file);
          signal.removeEventListener("abort", leave);
          posts.delete(post);
          if (posts.size === 0) nap.abort();
          resolve();
        };
        const post: Post = { file: openMemory(identity.pid), look, leave, isClosing: false };
        const watcher = watchQuietly(`${directory}/exit.json.tmp`, () => look() && leave());
        posts.add(post);
        signal.addEventListener("abort", leave, { once: true });
        if (signal.aborted || look()) return leave();
        if (nap.signal.aborted) nap = new AbortController();
        void tick();
      });
    },
  };
}

/** What the launcher writes is shorter. */
const EXIT_BYTES_MAX = 256;

/** `null` when the launcher has not written it or was killed before it could, and for anything else that lies there. */
export function readExit(directory: string): ExitRecord | null {
  const text = textOf(readNow(placeIn(directory, "exit.json"), EXIT_BYTES_MAX));
  return text === null ? null : parseExit(text);
}

function openMemory(pid: number): number | null {
  try {
    return openSync(`/proc/${pid}/statm`, "r");
  } catch {
    // It is gone, or there are no files to spare; the close look tells which.
    return null;
  }
}

/** Figures that begin with a nought are of a process without memory: it has ended. */
function hasMemory(file: number | null): boolean {
  if (file === null) return false;
  try {
    const byte = Buffer.alloc(1);
    return readSync(file, byte, 0, 1, 0) === 1 && byte.toString() !== "0";
  } catch {
    // It is no more (ESRCH); if something else is the matter, the close look tells.
    return false;
  }
}

/** Watches are a courtesy of the kernel: where there are none left, and no such file, the ticks do. */
function watchQuietly(file: string, look: () => void): FSWatcher | null {
  try {
    const watcher = watch(file, look);
    watcher.on("error", () => watcher.close());
    return watcher;
  } catch {
    return null;
  }
}
