/**
 * `run_finished`: the job is over, or tried again, or nothing follows at all, because the job has moved on without this
 * run. Part of `decide`, and as pure.
 */

import { budgetHold } from "../budget.ts";
import type { NewEvent } from "../event.ts";
import { FAULTS, type FailureClass } from "../faults.ts";
import type { Hold } from "../hold.ts";
import type { Job, JobChange, SessionOwner } from "../job.ts";
import { INTERRUPTIONS_MAX, REPAIRS_MAX, TRANSIENTS_MAX } from "../limits.ts";
import type { Phase } from "../phases/phase.ts";
import { judgeRetry } from "../retry.ts";
import type { RunChange, RunOutcome } from "../run.ts";
import { type RunMove, type RunStatus, runMoves, taskMoves } from "../states.ts";
import type { Workflow } from "../workflow.ts";
import { type Change, UNCHANGED } from "./change.ts";
import { judgeAccount } from "./cooldown.ts";
import type { Decision, IntentKind, Snapshot } from "./decision.ts";
import { finishPhase, keptOf } from "./finish-phase.ts";
import { phaseOf, standing } from "./flow.ts";
import { askPerson, unlessAskedBefore } from "./gates/ask-question.ts";
import { keeping, settling } from "./kept.ts";
import { publishedOf } from "./made.ts";
import { noticeOfFailure } from "./notices.ts";
import { ignore } from "./parts.ts";
import { stillPaused } from "./pause.ts";

/** A run came to its end, and everything that can be known about it is known. Raised by the runner (and the reaper). */
export interface RunFinished {
  readonly kind: "run_finished";
  readonly run: string;
  readonly task: string;
  readonly job: number;
  readonly fence: number;
  readonly outcome: RunOutcome;
  /** Nothing follows unless the run is still in this status: what was believed of it may have changed meanwhile. */
  readonly onlyFrom?: RunStatus;
  /** A fraction in [0, 1), drawn by whoever raises the intent, for the retry's jitter. */
  readonly jitter: number;
  /** `max_attempts` of the agent profile. */
  readonly maxAttempts: number;
  /** How long kept work is kept (ms). */
  readonly keptForMs: number;
}

export const runFinished: IntentKind<RunFinished> = {
  about: ({ task, run, outcome }) => ({
    ...{ target: { key: task }, key: null, run, kept: true },
    ...(outcome.status === "succeeded" && { commit: outcome.commit }),
    ...(outcome.status === "succeeded" && outcome.asks !== undefined && { asks: outcome.asks.hash }),
  }),
  decide: finishRun,
};

function finishRun(snapshot: Snapshot, told: RunFinished): Decision {
  const intent = { ...told, outcome: unlessAskedBefore(snapshot, told.outcome) };
  const { task, run } = snapshot;
  if (task === null || run === null) return { kind: "unknown", reason: "there is no such run" };
  const change = concludeRun(intent);
  if (!runMoves.can(change.change, run.status)) return ignore(`run ${intent.run} is already ${run.status}`);
  if (intent.onlyFrom !== undefined && run.status !== intent.onlyFrom)
    return ignore(`run ${intent.run} is ${run.status} by now`);
  const job = snapshot.jobs.find((candidate) => candidate.id === intent.job);
  const ended: NewEvent = {
    kind: `run.${intent.outcome.status}`,
    key: `run:${intent.run}`,
    data: describe(intent),
  };
  const { kept: works = [] } = intent.outcome;
  const { kept, events, outbox } = keeping(snapshot, task, works, intent.run, intent.keptForMs);
  const settled = settling(snapshot, intent.outcome);
  const base: Change = {
    ...UNCHANGED,
    ...judgeAccount(snapshot, intent.outcome),
    base: task,
    task: { change: "keep" },
    run: change,
    jobs: releaseWaiting(snapshot.jobs),
    kept: [...kept, ...settled.kept],
    events: [ended, ...events, ...settled.events],
    outbox,
  };
  // The job has moved on without this run (cancelled, or claimed anew): only the run itself is written down (I3).
  if (job === undefined || job.status !== "running" || job.fence !== intent.fence) return base;
  if (intent.outcome.status !== "succeeded") return failOrRetry(base, snapshot, job, intent, intent.outcome);
  return intent.outcome.asks === undefined
    ? finishPhase(base, snapshot, task, job, intent.run, intent.outcome)
    : askPerson(base, snapshot, task, job, intent.outcome, intent.outcome.asks);
}

/** @param most what the profile says that has just played, whoever was meant to */
function attemptsOf(workflow: Workflow | null, asked: number | null, most: number): number {
  if (asked === null) return most;
  return workflow?.bounded === true ? Math.min(asked, most) : asked;
}

function failOrRetry(
  base: Change,
  snapshot: Snapshot,
  job: Job,
  intent: RunFinished,
  outcome: Unsuccessful,
): Change {
  const current = standing(snapshot.phases);
  const phase = current === null || snapshot.workflow === null ? null : phaseOf(snapshot.workflow, job.phase);
  const budget = {
    attempts: attemptsOf(snapshot.workflow, phase?.attempts ?? null, intent.maxAttempts),
    repairs: REPAIRS_MAX,
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
  const left = leaveBehind(base, current, intent.run, outcome);
  if (verdict.retry && hasGate(snapshot, outcome.failure)) {
    const session = verdict.session === "resume" ? sessionOf(snapshot, job, outcome) : { session: null };
    const holds = holdsOf(snapshot, job, outcome, verdict.delayMs);
    return { ...left, jobs: [...base.jobs, { change: "retry", ...told, ...session, holds }] };
  }
  const reason = `${outcome.reason} — not tried again: ${verdict.retry ? FAULTS[outcome.failure].meaning : verdict.because}`;
  const failed: NewEvent = { kind: "task.failed", data: { reason } };
  const { task } = snapshot;
  const fails = task !== null && taskMoves.can("fail", task.status);
  return {
    ...left,
    task: fails ? { change: "fail", reason } : base.task,
    phases: current === null ? [] : [...left.phases, { change: "fail", seq: current.seq }],
    jobs: [...base.jobs, { change: "fail", ...told }],
    events: [...base.events, failed],
    outbox: fails ? [...base.outbox, noticeOfFailure(task, reason)] : base.outbox,
  };
}

/** What a failed run has left for its phase, and what the next one is told of it. */
function leaveBehind(
  base: Change,
  current: Phase | null,
  run: string,
  { artifact = null, trouble }: Unsuccessful,
): Change {
  if (current === null) return base;
  const isTold = trouble !== undefined && trouble !== current.trouble;
  return {
    ...base,
    artifacts: artifact === null ? [] : [keptOf(current, run, artifact)],
    // What people have said is told once more: its conversation may not go on, and what it has made is not published.
    phases: isTold ? [{ change: "trouble", seq: current.seq, trouble }] : [],
  };
}

/** A run that came to no session of its own leaves the job the one that it has. */
function sessionOf(
  { run }: Snapshot,
  job: Job,
  { session }: Unsuccessful,
): { readonly session?: SessionOwner } {
  if (session === null) return {};
  return { session: { id: session, agent: run?.agent ?? job.agent, account: run?.account?.name ?? null } };
}

/** A free retry needs something that is closed meanwhile, or it would be a loop (see `FAULTS`). */
function hasGate({ run }: Snapshot, failure: FailureClass): boolean {
  const { closes } = FAULTS[failure];
  if (closes === undefined || closes === "job") return true;
  return run !== null && (closes === "program" || run.account !== null);
}

/** Everything that the next run of the job has to wait for. */
function holdsOf(snapshot: Snapshot, job: Job, outcome: Unsuccessful, delayMs: number): readonly Hold[] {
  const backoff: Hold = {
    kind: "backoff",
    reason: `waits before the next try: ${outcome.reason}`,
    remedy: outcome.remedy ?? suspected(job, outcome.failure),
    until: snapshot.now + delayMs,
  };
  const used: Hold = { kind: "budget", reason: outcome.reason, remedy: outcome.remedy ?? null, until: null };
  const closed = FAULTS[outcome.failure].closes === "job" && !outcome.passes;
  const budget = budgetHold(job.task, snapshot.standings) ?? (closed ? used : null);
  const pause = snapshot.task === null ? null : stillPaused(snapshot.task);
  return [...(delayMs > 0 ? [backoff] : []), ...[budget, pause].filter((hold) => hold !== null)];
}

/** What of the configuration may be wrong, where the fault does not pass by itself. */
function suspected({ project }: Job, failure: FailureClass): string | null {
  const { suspects } = FAULTS[failure];
  if (suspects === undefined) return null;
  return `unless it passes by itself, check ${suspects.join(" and ")} of project ${project}`;
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
    ...(intent.onlyFrom !== undefined && { onlyFrom: intent.onlyFrom }),
    failure: failed ? outcome.failure : null,
    reason: failed ? outcome.reason : null,
    summary: outcome.summary,
    session: outcome.session,
    ...(!failed && publishedOf(outcome)),
  };
}

function releaseWaiting(jobs: readonly Job[]): JobChange[] {
  return jobs
    .filter((job) => job.holds.some(({ kind }) => kind === "run_ending"))
    .map((job) => ({ change: "release", id: job.id, fence: job.fence, kind: "run_ending" }));
}

function describe(intent: RunFinished): Record<string, unknown> {
  const { outcome } = intent;
  if (outcome.status === "succeeded") {
    const { branch, commit, files = null } = outcome;
    return { run: intent.run, commit, ...(commit !== null && { branch, files }) };
  }
  return { run: intent.run, failure: outcome.failure, reason: outcome.reason };
}
