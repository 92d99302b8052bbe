/**
 * The session of a run: which one it continues, and what the agent program writes about it on its own disk.
 *
 * K1. At the end of a run that record is read for every program that keeps such a record: it completes the count.
 * K2. While a run works it is read for programs whose output tells no usage before their end. Without it nobody would
 *     see what they use, and no budget could stop them (I8).
 * K3. That is done rarely: at most every ten seconds, and for no more than a fiftieth of the time.
 */

import { SESSION_NAME } from "../../agents/argument.ts";
import type { Backend, Beginning, Transcript } from "../../agents/backend.ts";
import { findBackend } from "../../agents/registry.ts";
import { betterFromSession } from "../../agents/session.ts";
import { totalInput } from "../../agents/usage.ts";
import type { Job } from "../../workflow/job.ts";
import type { Run, Usage } from "../../workflow/run.ts";
import { environmentOf } from "./environment.ts";
import { type RunnerPorts, runDirectory } from "./ports.ts";

const PAUSE_MS = 10_000;
/** Pauses are at least so many times as long as the reading before them. */
const PAUSE_PER_READING = 50;

/**
 * The session to continue: of an earlier run of the job, if that was played by the same profile and account, and its
 * name is one that the program gives (I13).
 */
export function sessionOf(job: Job, run: Run): string | null {
  if (job.sessionAgent !== run.agent || job.sessionAccount !== run.account) return null;
  // A run that has not begun may not know its backend yet; whatever it is, its sessions are words.
  const { sessionName } = findBackend(run.backend) ?? { sessionName: SESSION_NAME };
  return job.session !== null && sessionName.test(job.session) ? job.session : null;
}

/** What the transcript of a run begins with; the same for the daemon that started it and for one that adopts it. */
export async function beginningOf(ports: RunnerPorts, run: Run): Promise<Beginning> {
  const { store } = ports;
  const job = await store.jobs.get(run.job);
  const session = job !== null && job.fence === run.fence ? sessionOf(job, run) : null;
  return {
    run: run.id,
    session,
    model: run.model,
    resumed: session !== null,
    baseline: session === null ? [] : await store.runs.sessionUsage(session, run.backend, run.id),
  };
}

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
  const env = environmentOf(ports, run, profile, runDirectory(ports, run.id), {});
  const place = { env, cwd: ports.workspaces.directoryOf(run.task), session };
  return betterFromSession(ports.files, backend, transcript, place, run.startedAt);
}

/** Tells what a run at work has used so far, by its output or by its record (K2, K3). */
export function usageSoFar(
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
