/**
 * What an agent program writes about its session on its own disk.
 *
 * K1. At the end of a run it is read for every program that keeps such a record: it completes the count.
 * K2. While a run works it is read for programs whose output tells no usage before their end. Without it nobody would
 *     see what they use, and no budget could stop them (I8).
 * K3. That is done rarely: at most every ten seconds, and for no more than a fiftieth of the time.
 */

import type { Backend, Transcript } from "../../agents/backend.ts";
import { betterFromSession } from "../../agents/session.ts";
import { totalInput } from "../../agents/usage.ts";
import type { Run, Usage } from "../../workflow/run.ts";
import { environmentOf } from "./environment.ts";
import type { RunnerPorts } from "./ports.ts";

const PAUSE_MS = 10_000;
/** Pauses are at least so many times as long as the reading before them. */
const PAUSE_PER_READING = 50;

/** The transcript with what the record adds to it: the rest of the usage, a reset. */
export async function readSession(
  ports: RunnerPorts,
  run: Run,
  backend: Backend,
  transcript: Transcript,
): Promise<Transcript> {
  const profile = ports.profiles.get(run.agent);
  const session = transcript.session ?? run.session;
  if (profile === undefined || session === null || run.startedAt === null) return transcript;
  const env = environmentOf(ports, run, profile, {});
  const place = { env, cwd: ports.workspaces.directoryOf(run.task), session };
  return betterFromSession(ports.files, backend, transcript, place, run.startedAt);
}

/** Answers what a run at work has used so far, by its output or by its record (K2, K3). */
export function createUsageLook(
  ports: RunnerPorts,
  run: Run,
  backend: Backend,
): (transcript: Transcript) => Promise<readonly Usage[]> {
  const { clock } = ports;
  let recorded: readonly Usage[] = [];
  let next = Number.NEGATIVE_INFINITY;
  return async (transcript) => {
    const begun = clock.monotonic();
    if (backend.sessions?.isAhead === true && begun >= next) {
      recorded = (await readSession(ports, run, backend, transcript)).usage;
      const took = clock.monotonic() - begun;
      next = begun + took + Math.max(PAUSE_MS, took * PAUSE_PER_READING);
    }
    return totalInput(recorded) > totalInput(transcript.usage) ? recorded : transcript.usage;
  };
}
