/** The sweep: what no group signal reaches is found among all processes, and killed. */

import type { Clock } from "../clock.ts";
import { isWithin, readStat, valuesOf, workingDirectory } from "./proc.ts";
import { send } from "./signals.ts";
import { createFolders, type Folders } from "./swept-folders.ts";
import { ancestors, forEachPid } from "./table.ts";

/** A sweep looks again until it finds nobody, because strays fork while they are being killed. */
const ROUNDS_MAX = 20;
/** One empty look proves nothing: a child that was born during it, of a parent that ended during it, is in no list. */
const EMPTY_LOOKS = 2;
/** Between two looks, doubling from 1 ms: most often the only stray is a launcher about to exit by itself. */
const ROUND_PAUSE_MS = 25;

export interface Sweep {
  /** The folders below which a sweep may kill. */
  readonly folders: Pick<Folders, "remember" | "recall">;
  /** See `Processes.sweep`. */
  sweep(mark: string, directory: string): Promise<number>;
  /** See `Processes.strays`. */
  strays(mark: string, directory: string): Promise<number>;
}

/** What a look at all processes tells of one that may be signalled. */
interface Seen {
  readonly pid: number;
  /** `NAME=value`, for the names that were asked for. */
  readonly marks: readonly string[];
  readonly cwd: string | null;
}

/**
 * A sweep kills everything that carries a mark or works below a directory, but never this process or its ancestors.
 * The directory is the one that was made for the run, or none (`swept-folders.ts`).
 *
 * A look at all processes is the costly part (some 15 µs each), so that one look serves all sweeps that wait for one:
 * two hundred runs that end together are no two hundred looks.
 */
export function createSweep(clock: Clock): Sweep {
  const folders = createFolders();
  let names = new Set<string>();
  let coming: Promise<readonly Seen[]> | null = null;
  const look = (name: string): Promise<readonly Seen[]> => {
    names.add(name);
    coming ??= clock.sleep(0).then(() => {
      const asked = names;
      names = new Set();
      coming = null;
      return lookAtAll(clock, asked);
    });
    return coming;
  };
  const find = async (mark: string, name: string, real: string | null): Promise<readonly Seen[]> =>
    (await look(name)).filter(({ marks, cwd }) => marks.includes(mark) || isInside(cwd, real));
  return {
    folders,
    async sweep(mark, directory): Promise<number> {
      const name = nameOf(mark);
      const killed = new Set<string>();
      let empty = 0;
      for (let round = 0; round < ROUNDS_MAX; round++) {
        const real = folders.resolve(directory);
        const strays = await find(mark, name, real);
        empty = strays.length === 0 ? empty + 1 : 0;
        if (empty === EMPTY_LOOKS) break;
        if (empty > 0) continue;
        for (const { pid } of strays) for (const one of kill(pid, mark, name, real)) killed.add(one);
        await clock.sleep(Math.min(ROUND_PAUSE_MS, 2 ** round));
      }
      return killed.size;
    },
    async strays(mark, directory): Promise<number> {
      for (let empty = 0; empty < EMPTY_LOOKS; empty++) {
        const found = await find(mark, nameOf(mark), folders.resolve(directory));
        if (found.length > 0) return found.length;
      }
      return 0;
    },
  };
}

function isInside(cwd: string | null, directory: string | null): boolean {
  return directory !== null && isWithin(cwd, directory);
}

function nameOf(mark: string): string {
  return mark.split("=", 1)[0] ?? "";
}

function lookAtAll(clock: Clock, names: ReadonlySet<string>): Promise<readonly Seen[]> {
  const spared = ancestors();
  return forEachPid(clock, (pid) =>
    spared.has(pid) ? [] : [{ pid, marks: marksOf(pid, names), cwd: workingDirectory(pid) }],
  );
}

function marksOf(pid: number, names: Iterable<string>): readonly string[] {
  return [...names].flatMap((name) => valuesOf(pid, name).map((value) => `${name}=${value}`));
}

/**
 * Kills one stray, and names it. The look is a moment old, and its pid may be somebody else's by now: what was seen
 * must be true of the process whose start time was read before and after (I5).
 */
function kill(pid: number, mark: string, name: string, directory: string | null): readonly string[] {
  const before = readStat(pid);
  if (before?.running !== true) return [];
  if (!marksOf(pid, [name]).includes(mark) && !isInside(workingDirectory(pid), directory)) return [];
  if (readStat(pid)?.startTicks !== before.startTicks || !send(pid, "SIGKILL")) return [];
  return [`${pid}/${before.startTicks}`];
}
