/**
 * A wrapper may exit before its child has said the last word, so that its exit alone ends no run (DESIGN §5, *End of a
 * run*). Whoever still works on it is heard out before the sweep.
 *
 * H1. Only of a program that says a last word, and has not; and only if its process ended well, as a wrapper does. What
 *     has crashed has nothing more to say, and what was told to stop is not waited for.
 * H2. It ends with the last word, with the last of those who could say it, with a stop, with the daemon's shutdown, or
 *     after {@link LAST_WORD_MS}: a tool that was left behind may live for ever.
 */

import type { Clock } from "../../system/clock.ts";
import type { Processes } from "../../system/process/processes.ts";
import type { StopReason } from "../../workflow/run.ts";
import type { Backend } from "../backend.ts";
import { type StoppableRun, strays } from "./stop.ts";
import { finish, type Tail } from "./tail.ts";
import type { Watch } from "./watch.ts";

/** A child writes its last line within moments of its wrapper's end; one that works on without it is nobody's. */
const LAST_WORD_MS = 10_000;
/** Between two looks, doubling from 5 ms: most often the only one left is a launcher about to exit by itself. */
const PAUSE_MS = 200;

interface Post {
  readonly run: StoppableRun & { readonly backend: Backend; readonly directory: string };
  readonly ports: { readonly clock: Clock; readonly processes: Processes };
  readonly hooks: { stopAsked(): StopReason | null };
  readonly watch: Watch;
}

/**
 * Reads on, after the end of the process, for as long as the last word is owed and somebody is there to say it.
 *
 * @param read reads what was written since
 * @returns what was read; what was written in the last moment may be missing
 */
export async function awaitLastWord<N extends { readonly tail: Tail; readonly stopped: StopReason | null }>(
  { run, ports, hooks, watch }: Post,
  from: N,
  read: (notes: N) => Promise<N>,
): Promise<N> {
  const { clock, processes } = ports;
  if (run.backend.lastWord !== "line" || (await processes.exitRecord(run.directory))?.code !== 0) return from;
  const end = clock.monotonic() + LAST_WORD_MS;
  let notes = from;
  for (let round = 0; ; round += 1) {
    notes = await read(notes);
    // A last line without its line feed is a last word, too.
    const isSaid = finish(run.backend, notes.tail).transcript.terminal !== null;
    if (isSaid || notes.stopped !== null || hooks.stopAsked() !== null || watch.hasLeft()) break;
    if (clock.monotonic() >= end || (await strays(processes, run)) === 0) break;
    await watch.rest(Math.min(PAUSE_MS, 5 * 2 ** Math.min(round, 16)));
  }
  return notes;
}
