/**
 * How fast a run goes without getting anywhere: what it said and wrote in the last minute.
 *
 * U1. What counts is what happened while we looked. A daemon that comes back finds an hour of output at once, and that
 *     is no rate: events are counted only from the moment on when the log has been read to its end.
 * U2. What is written counts by the size of the logs, whether or not the reader keeps up.
 */

import type { Clock } from "../../system/clock.ts";
import type { Files } from "../../system/files.ts";
import { LOOP_WINDOW_MS } from "../../workflow/limits.ts";
import type { Tail } from "./tail.ts";

export interface Pulse {
  /** The oldest first, none older than the window but the first. */
  readonly beats: readonly Beat[];
}

interface Beat {
  /** On the clock that never jumps, in ms. */
  readonly at: number;
  /** Events without progress so far; less than before, once there was progress. */
  readonly idle: number;
  /** Size of the run's logs. */
  readonly bytes: number;
}

/** What happened within the window, and how large the logs are in all. */
export interface Pace {
  readonly idleEvents: number;
  readonly bytes: number;
  readonly logBytes: number;
}

export const NO_PULSE: Pulse = { beats: [] };

/** At most this many are kept, however often somebody looks. */
const BEATS_MAX = 64;

/**
 * @param isCurrent the log has been read to its end (U1)
 */
export function feel(pulse: Pulse, beat: Beat, isCurrent: boolean): Pulse {
  // The idle events of a backlog belong to no minute in particular.
  const known = isCurrent ? pulse.beats : pulse.beats.map((old) => ({ ...old, idle: beat.idle }));
  const first = known.findLastIndex(({ at }) => at <= beat.at - LOOP_WINDOW_MS);
  const within = known.slice(Math.max(0, first));
  const last = within.at(-1);
  const step = LOOP_WINDOW_MS / (BEATS_MAX - 2);
  // Looks that follow one another closely are one beat, so that there is room for the whole window.
  const isClose = within.length > 1 && last !== undefined && beat.at - (within.at(-2)?.at ?? 0) < step;
  return { beats: [...(isClose ? within.slice(0, -1) : within), beat] };
}

export function paceOf({ beats }: Pulse): Pace {
  const now = beats.at(-1);
  const oldest = beats[0];
  if (now === undefined || oldest === undefined) return { idleEvents: 0, bytes: 0, logBytes: 0 };
  const calmest = beats.reduce((least, { idle }) => Math.min(least, idle), now.idle);
  const bytes = Math.max(0, now.bytes - oldest.bytes);
  return { idleEvents: now.idle - calmest, bytes, logBytes: now.bytes };
}

/** The pulse after another look at a run's logs. */
export async function takePulse(
  { files, clock }: { readonly files: Pick<Files, "size">; readonly clock: Pick<Clock, "monotonic"> },
  directory: string,
  tail: Tail,
  pulse: Pulse,
): Promise<Pulse> {
  const stdout = (await files.size("pulse", `${directory}/stdout.log`)) ?? 0;
  const stderr = (await files.size("pulse", `${directory}/stderr.log`)) ?? 0;
  const beat = { at: clock.monotonic(), idle: tail.transcript.idle, bytes: stdout + stderr };
  return feel(pulse, beat, tail.position >= stdout);
}
