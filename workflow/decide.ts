/**
 * The one place where a task's fate is decided: `decide(snapshot, intent, rules)`, pure.
 *
 * D1. No I/O, no clock, no chance: `now` and `jitter` come with the snapshot and the intent.
 * D2. A decision names moves; it never writes a status (I11).
 * D3. What it believed (task version, job fences) travels with the decision, and the store refuses it if the world
 *     has moved on; then the same intent is simply decided again.
 */

import type { Change, Decision, JobChange, NewTask, ProjectRules, RunChange, Snapshot } from "./decision.ts";
import { judgeRetry } from "./faults.ts";
import type { CancelTask, Intent, RetryTask, RunFinished, RunOutcome, StartTask } from "./intent.ts";
import { BREAKER_RETRIES_MAX, INTERRUPTIONS_MAX, TRANSIENTS_MAX } from "./limits.ts";
import type { Hold, Job, NewEvent, Task } from "./model.ts";
import { SINGLE } from "./single.ts";
import { jobMoves, type RunMove, runMoves, taskMoves } from "./states.ts";

export function decide(snapshot: Snapshot, intent: Intent, rules: ProjectRules): Decision {
  switch (intent.kind) {
    case "start_task":
      return startTask(snapshot, intent, rules);
    case "cancel_task":
      return cancelTask(snapshot, intent);
    case "retry_task":
      return retryTask(snapshot, intent, rules);
    case "run_finished":
      return finishRun(snapshot, intent);
    default:
      return intent satisfies never;
  }
}

function startTask(snapshot: Snapshot, intent: StartTask, rules: ProjectRules): Decision {
  const { task } = snapshot;
  if (task === null) return createTask(intent, rules, null);
  if (snapshot.seen) return ignore(`this change is already part of ${task.key}`);
  if (!isFinal(task)) return ignore(`${task.key} is already ${task.status}`);
  if (!intent.explicit)
    return ignore(`${task.key} is ${task.status}; only a person's command starts it again`);
  if (taskMoves.can("retry", task.status)) return restart(snapshot, task, rules, intent);
  return createTask(intent, rules, task.key);
}

function createTask(intent: StartTask, rules: ProjectRules, replaces: string | null): Change {
  const task: NewTask = {
    project: rules.name,
    prefix: rules.prefix,
    status: "active",
    wanted: intent.number,
    title: intent.title,
    body: intent.body,
    url: intent.url,
    author: intent.author,
    workflow: rules.workflow,
    priority: intent.priority,
  };
  const data = {
    by: intent.by.name,
    from: intent.by.kind,
    because: intent.because,
    ...(replaces && { after: replaces }),
  };
  return {
    ...UNCHANGED,
    base: null,
    task: { change: "create", task },
    refs: intent.refs,
    replaces,
    jobs: [
      {
        change: "create",
        phase: SINGLE.phases[0].key,
        agent: rules.agent,
        priority: intent.priority,
        hold: null,
      },
    ],
    events: [{ kind: "task.created", key: intent.key, data }],
  };
}

function cancelTask(snapshot: Snapshot, intent: CancelTask): Decision {
  const { task } = snapshot;
  if (task === null) return { kind: "unknown", reason: "there is no such task" };
  if (snapshot.seen) return ignore(`this change is already part of ${task.key}`);
  if (!taskMoves.can("cancel", task.status))
    return refuse(`${task.key} is ${task.status}, so there is nothing to cancel`);
  return {
    ...UNCHANGED,
    base: task,
    task: { change: "cancel", reason: intent.reason },
    jobs: snapshot.jobs
      .filter((job) => jobMoves.can("cancel", job.status))
      .map((job) => ({ change: "cancel", id: job.id, fence: job.fence, reason: intent.reason })),
    stopRuns: snapshot.liveRuns > 0 ? "cancelled" : null,
    events: [{ kind: "task.cancelled", key: intent.key, data: asked(intent, { reason: intent.reason }) }],
  };
}

function retryTask(snapshot: Snapshot, intent: RetryTask, rules: ProjectRules): Decision {
  const { task } = snapshot;
  if (task === null) return { kind: "unknown", reason: "there is no such task" };
  if (snapshot.seen) return ignore(`this change is already part of ${task.key}`);
  if (!taskMoves.can("retry", task.status)) {
    return refuse(
      `${task.key} is ${task.status}; only ${taskMoves.sources("retry").join(", ")} tasks can be retried`,
    );
  }
  return restart(snapshot, task, rules, intent);
}

/** The same task again, from its first phase and with a fresh budget of attempts. */
function restart(
  snapshot: Snapshot,
  task: Task,
  rules: ProjectRules,
  intent: StartTask | RetryTask,
): Decision {
  if (snapshot.recentRetries >= BREAKER_RETRIES_MAX) {
    return refuse(
      `${task.key} was restarted ${snapshot.recentRetries} times within minutes; this looks like a loop`,
    );
  }
  // A stopped run may still be dying. Its successor waits for its end, so that no two agents share a worktree (I4).
  const hold: Hold | null =
    snapshot.liveRuns > 0 ? { kind: "run_ending", reason: ENDING, until: null } : null;
  return {
    ...UNCHANGED,
    base: task,
    task: { change: "retry", reason: null },
    jobs: [
      { change: "create", phase: SINGLE.phases[0].key, agent: rules.agent, priority: task.priority, hold },
    ],
    events: [{ kind: "task.retried", key: intent.key, data: asked(intent, {}) }],
  };
}

function finishRun(snapshot: Snapshot, intent: RunFinished): Decision {
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

function asked(
  intent: StartTask | CancelTask | RetryTask,
  more: Record<string, unknown>,
): Record<string, unknown> {
  return { by: intent.by.name, from: intent.by.kind, because: intent.because, ...more };
}

function isFinal(task: Task): boolean {
  return taskMoves.final.includes(task.status);
}

function ignore(reason: string): Decision {
  return { kind: "ignore", reason };
}

function refuse(reason: string): Decision {
  return { kind: "refuse", reason };
}

const ENDING = "the previous run of this task is still ending";

const UNCHANGED: Omit<Change, "base" | "task"> = {
  kind: "change",
  refs: [],
  replaces: null,
  jobs: [],
  run: null,
  stopRuns: null,
  events: [],
  outbox: [],
};
