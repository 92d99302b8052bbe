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
import { ownPlace } from "./run-folder.ts";
import type { Tail } from "./tail.ts";

/** What was measured of a run within the window: the oldest first, none older than the window but the first. */
export type Samples = readonly Sample[];

interface Sample {
  /** On the clock that never jumps, in ms. */
  readonly at: number;
  /** Events without progress so far; less than before, once there was progress. */
  readonly idle: number;
  /** Calls of tools so far, and those of them that only repeated an earlier one. */
  readonly calls: number;
  readonly repeats: number;
  /** Size of the run's logs. */
  readonly bytes: number;
}

/** What happened within the window, and how large the logs are in all. */
export interface Rate {
  readonly idleEvents: number;
  readonly calls: number;
  readonly repeats: number;
  readonly bytes: number;
  readonly logBytes: number;
}

export const NO_SAMPLES: Samples = [];

/** At most this many are kept, however often somebody looks. */
const SAMPLES_MAX = 64;

/**
 * @param isCurrent the log has been read to its end (U1)
 */
export function addSample(samples: Samples, sample: Sample, isCurrent: boolean): Samples {
  // The events of a backlog belong to no minute in particular.
  const { idle, calls, repeats } = sample;
  const known = isCurrent ? samples : samples.map((old) => ({ ...old, idle, calls, repeats }));
  const first = known.findLastIndex(({ at }) => at <= sample.at - LOOP_WINDOW_MS);
  const within = known.slice(Math.max(0, first));
  const last = within.at(-1);
  const step = LOOP_WINDOW_MS / (SAMPLES_MAX - 2);
  // Looks that follow one another closely are one sample, so that there is room for the whole window.
  const isClose = within.length > 1 && last !== undefined && sample.at - (within.at(-2)?.at ?? 0) < step;
  return [...(isClose ? within.slice(0, -1) : within), sample];
}

export function rateOf(samples: Samples): Rate {
  const now = samples.at(-1);
  const oldest = samples[0];
  if (now === undefined || oldest === undefined) return STILL;
  const calmest = samples.reduce((least, { idle }) => Math.min(least, idle), now.idle);
  const bytes = Math.max(0, now.bytes - oldest.bytes);
  const calls = now.calls - oldest.calls;
  const repeats = now.repeats - oldest.repeats;
  return { idleEvents: now.idle - calmest, calls, repeats, bytes, logBytes: now.bytes };
}

const STILL: Rate = { idleEvents: 0, calls: 0, repeats: 0, bytes: 0, logBytes: 0 };

/** The samples with one of this moment. */
export async function takeSample(
  { files, clock }: { readonly files: Pick<Files, "door">; readonly clock: Pick<Clock, "monotonic"> },
  directory: string,
  tail: Tail,
  samples: Samples,
): Promise<Samples> {
  const sizeOf = async (name: string): Promise<number> => {
    const looked = await files.door.look("rate", ownPlace(directory, name));
    return looked.kind === "seen" ? looked.size : 0;
  };
  const stdout = await sizeOf("stdout.log");
  const stderr = await sizeOf("stderr.log");
  const { idle, calls } = tail.transcript;
  const told = { idle, calls: calls.ended, repeats: calls.repeated };
  const sample = { at: clock.monotonic(), ...told, bytes: stdout + stderr };
  return addSample(samples, sample, tail.position >= stdout);
}
