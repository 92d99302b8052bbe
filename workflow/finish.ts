/**
 * What follows when a run has ended: the job is over, or tried again, or nothing at all, because the job has moved on
 * without this run. Part of `decide`, and as pure.
 */

import { ignore, UNCHANGED } from "./answer.ts";
import type { Change, Decision, JobChange, RunChange, Snapshot } from "./decision.ts";
import { judgeRetry } from "./faults.ts";
import type { RunFinished, RunOutcome } from "./intent.ts";
import { INTERRUPTIONS_MAX, TRANSIENTS_MAX } from "./limits.ts";
import type { Hold, Job, NewEvent, Task } from "./model.ts";
import { type RunMove, runMoves, taskMoves } from "./states.ts";

export function finishRun(snapshot: Snapshot, intent: RunFinished): Decision {
  const { task, runStatus } = snapshot;
  if (task === null || runStatus === null) return { kind: "unknown", reason: "there is no such run" };
  const run = concludeRun(intent);
  if (!runMoves.can(run.change, runStatus)) return ignore(`run ${intent.run} is already ${runStatus}`);
  const job = snapshot.jobs.find((candidate) => candidate.id === intent.job);
  const waiting = releaseWaiting(snapshot.jobs);
  const ended: NewEvent = {
    kind: `run.${intent.outcome.status}`,
    key: `run:${intent.run}`,
    data: describe(intent),
  };
  const base = {
    ...UNCHANGED,
    base: task,
    task: { change: "keep" } as const,
    run,
    jobs: waiting,
    events: [ended],
  };
  // The job has moved on without this run (cancelled, or claimed anew): only the run itself is written down (I3).
  if (job === undefined || job.status !== "running" || job.fence !== intent.fence) return base;
  return intent.outcome.status === "succeeded"
    ? succeed(base, task, job, intent.outcome)
    : failOrRetry(base, snapshot, job, intent, intent.outcome);
}

function succeed(base: Change, task: Task, job: Job, outcome: Succeeded): Change {
  const jobs: JobChange[] = [
    ...base.jobs,
    { change: "complete", id: job.id, fence: job.fence, session: outcome.session },
  ];
  if (!taskMoves.can("complete", task.status)) return { ...base, jobs };
  const published = {
    ...(outcome.branch !== null && { branch: outcome.branch }),
    ...(outcome.commit !== null && { commit: outcome.commit }),
  };
  const done: NewEvent = { kind: "task.done", data: published };
  return {
    ...base,
    task: { change: "complete", reason: null, ...published },
    jobs,
    events: [...base.events, done],
  };
}

function failOrRetry(
  base: Change,
  snapshot: Snapshot,
  job: Job,
  intent: RunFinished,
  outcome: Unsuccessful,
): Change {
  const budget = {
    attempts: intent.maxAttempts,
    transients: TRANSIENTS_MAX,
    interruptions: INTERRUPTIONS_MAX,
  };
  const verdict = judgeRetry(outcome.failure, job, budget, intent.jitter, outcome.retryAfterMs);
  const told = {
    id: job.id,
    fence: job.fence,
    counters: verdict.counters,
    failure: outcome.failure,
    reason: outcome.reason,
  };
  if (verdict.retry) {
    const session = verdict.session === "resume" ? outcome.session : null;
    const until = snapshot.now + verdict.delayMs;
    const hold: Hold = { kind: "backoff", reason: `waits before the next try: ${outcome.reason}`, until };
    const next: JobChange =
      verdict.delayMs > 0
        ? { change: "park", ...told, session, hold }
        : { change: "retry", ...told, session };
    return { ...base, jobs: [...base.jobs, next] };
  }
  const reason = `${outcome.reason} — not tried again: ${verdict.because}`;
  const failed: NewEvent = { kind: "task.failed", data: { reason } };
  return {
    ...base,
    task:
      snapshot.task !== null && taskMoves.can("fail", snapshot.task.status)
        ? { change: "fail", reason }
        : base.task,
    jobs: [...base.jobs, { change: "fail", ...told }],
    events: [...base.events, failed],
  };
}

type Succeeded = Extract<RunOutcome, { status: "succeeded" }>;
type Unsuccessful = Exclude<RunOutcome, Succeeded>;

const RUN_ENDINGS: Readonly<Record<RunOutcome["status"], RunMove>> = {
  succeeded: "succeed",
  failed: "fail",
  lost: "lose",
  killed: "kill",
};

function concludeRun(intent: RunFinished): RunChange {
  const { outcome } = intent;
  const failed = outcome.status !== "succeeded";
  return {
    change: RUN_ENDINGS[outcome.status],
    id: intent.run,
    failure: failed ? outcome.failure : null,
    reason: failed ? outcome.reason : null,
    summary: outcome.summary,
    session: outcome.session,
  };
}

function releaseWaiting(jobs: readonly Job[]): JobChange[] {
  return jobs
    .filter((job) => job.status === "held" && job.hold?.kind === "run_ending")
    .map((job) => ({ change: "release", id: job.id, fence: job.fence }));
}

function describe(intent: RunFinished): Record<string, unknown> {
  const { outcome } = intent;
  if (outcome.status === "succeeded") return { run: intent.run, commit: outcome.commit };
  return { run: intent.run, failure: outcome.failure, reason: outcome.reason };
}
