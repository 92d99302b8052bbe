/**
 * What follows when the run of a phase has ended well: its artifact is kept, its gate asks somebody or opens, and the
 * task goes on, or is done. Part of `decide`, and as pure.
 */

import { freezeBy } from "../between/freeze.ts";
import type { NewEvent } from "../event.ts";
import type { Hold } from "../hold.ts";
import type { Job } from "../job.ts";
import type { FoundArtifact, NewArtifact } from "../phases/artifact.ts";
import type { Phase, PhaseChange, PhaseResult } from "../phases/phase.ts";
import type { RunOutcome } from "../run.ts";
import { taskMoves } from "../states.ts";
import type { Task, TaskChange } from "../task.ts";
import type { Change } from "./change.ts";
import type { Snapshot } from "./decision.ts";
import { goOn, phaseOf, playAgain, type Step, standing } from "./flow.ts";
import { judge } from "./gates/judge.ts";
import { type CiRefusal, feedbackOfCi, openGate } from "./gates/open-gate.ts";
import { boundedTold, isUnchanged, NOTHING_CHANGED, nothingPublished, whyDone } from "./made.ts";
import { noticeOfFailure } from "./notices.ts";
import { holdsOnTheWay, walkOf } from "./on-the-way.ts";
import { isFreezing } from "./routes.ts";
import { hearFirst, isSpokenTo } from "./said/hear-first.ts";

type Succeeded = Extract<RunOutcome, { status: "succeeded" }>;

/** @param base with the end of the run; of a job that is its own */
export function finishPhase(
  base: Change,
  snapshot: Snapshot,
  task: Task,
  job: Job,
  run: string,
  outcome: Succeeded,
): Change {
  const jobs = [...base.jobs, { change: "complete", id: job.id, fence: job.fence } as const];
  const ended: Change = { ...base, jobs };
  // Only a task that a person has ended meanwhile cannot go on.
  if (!taskMoves.can("complete", task.status)) return ended;
  const current = standing(snapshot.phases);
  if (current === null || snapshot.workflow === null) return complete(ended, snapshot, task, outcome);
  const { artifact = null, commit, summary } = outcome;
  const result: PhaseResult = {
    verdict: artifact?.verdict ?? null,
    artifact: artifact?.sha256 ?? null,
    summary,
    ...(commit !== null && { commit }),
    session: sessionOf(snapshot, job, outcome),
  };
  const judged: Change = {
    ...ended,
    phases: [{ change: "validate", seq: current.seq, ...result }],
    artifacts: artifact === null ? [] : [keptOf(current, run, artifact)],
    heard: heardBy(snapshot, run),
    approvals: [...ended.approvals, ...judge(snapshot.workflow, { ...current, ...result })],
  };
  const gate = phaseOf(snapshot.workflow, current.phase)?.gate ?? { kind: "none" };
  const now: Phase = { ...current, ...result, status: "validating" };
  if (isSpokenTo(snapshot, task, job, now, gate.kind !== "none")) {
    // It is judged when it is good.
    const left = { ...judged, jobs: base.jobs, approvals: base.approvals };
    return hearFirst({ ...left, task: { ...left.task, ...publishedOf(outcome) } }, snapshot, task, job, now);
  }
  const { said, change, refusal } = openGate(judged, snapshot, task, now, gate, publishedOf(outcome));
  if (said === "open") return change;
  if (refusal === null) return passOn(change, snapshot, task, now, "complete", outcome);
  const failed: Change = { ...change, phases: [...change.phases, { change: "fail", seq: now.seq }] };
  const phases = [...snapshot.phases.slice(0, -1), now];
  return refusedByCi(failed, { ...snapshot, phases }, task, now, refusal, outcome);
}

/** What a run has left behind is kept, whatever became of the run. */
export function keptOf(current: Phase, run: string, artifact: FoundArtifact): NewArtifact {
  const { path, sha256, bytes, text, isValid, problems } = artifact;
  return {
    path,
    sha256,
    bytes,
    text,
    isValid,
    problems,
    seq: current.seq,
    phase: current.phase,
    cycle: current.cycle,
    run,
  };
}

/** Whoever has done what was asked has read what people said. */
export function heardBy({ run }: Snapshot, id: string): Change["heard"] {
  return run === null || run.heard === 0 ? null : { run: id, upTo: run.heard };
}

/** Its run was good, and CI does not say so: it is played again, told why, where that can help. */
export function refusedByCi(
  failed: Change,
  snapshot: Snapshot,
  task: Task,
  current: Phase,
  { reason, told }: CiRefusal,
  outcome: Succeeded | null,
): Change {
  const walk = walkOf(snapshot, task);
  if (told === null || walk === null) {
    const published = outcome === null ? {} : publishedOf(outcome);
    return failTask({ ...failed, task: { ...failed.task, ...published } }, task, reason);
  }
  const step = playAgain(walk, current);
  const next = step.kind === "fails" ? { ...step, reason: `${reason}; ${step.reason}` } : step;
  return follow({ ...failed, feedback: [feedbackOfCi(told)] }, snapshot, task, next, outcome);
}

/**
 * Out of a phase that is good.
 *
 * @param move of the phase, as it is in the database then
 * @param outcome of its run, where it has just ended
 */
export function passOn(
  before: Change,
  snapshot: Snapshot,
  task: Task,
  current: Phase,
  move: "complete",
  outcome: Succeeded | null,
): Change {
  const walk = walkOf(snapshot, task);
  const settled: PhaseChange = { change: move, seq: current.seq };
  const told: NewEvent = {
    kind: "phase.completed",
    data: { phase: current.phase, ...(current.verdict !== null && { verdict: current.verdict }) },
  };
  const left: Change = {
    ...before,
    phases: [...before.phases, settled],
    events: [...before.events, ...(walk?.workflow.phases.length === 1 ? [] : [told])],
  };
  if (walk === null) return left;
  const frozen = isFreezing(walk.workflow, current) ? { ...left, freezes: [freezeBy(task, current)] } : left;
  const phases = snapshot.phases.map((phase) =>
    phase.seq === current.seq ? { ...current, status: "completed" as const } : phase,
  );
  return follow(frozen, { ...snapshot, phases }, task, goOn({ ...walk, phases }, current), outcome);
}

/** What a step of the walk makes of the task. */
export function follow(
  before: Change,
  snapshot: Snapshot,
  task: Task,
  step: Step,
  outcome: Succeeded | null,
): Change {
  const published = outcome === null ? {} : publishedOf(outcome);
  switch (step.kind) {
    case "enters":
      return {
        ...before,
        task: { ...onTheWay(task), ...published },
        phases: [...before.phases, ...step.phases],
        jobs: [...before.jobs, ...withHolds(step.jobs, holdsOnTheWay(snapshot, task))],
        merges: [...before.merges, ...step.merges],
        events: [...before.events, ...step.events],
      };
    case "ends": {
      const walked = {
        ...before,
        phases: [...before.phases, ...step.phases],
        events: [...before.events, ...step.events],
      };
      return complete(walked, snapshot, task, outcome);
    }
    default:
      return failTask({ ...before, task: { ...before.task, ...published } }, task, step.reason);
  }
}

/** The task as a whole is over, and not well. */
export function failTask(before: Change, task: Task, reason: string): Change {
  return {
    ...before,
    task: { ...before.task, change: "fail", reason },
    events: [...before.events, { kind: "task.failed", data: { reason } }],
    outbox: [...before.outbox, noticeOfFailure(task, reason)],
  };
}

function withHolds(jobs: Change["jobs"], holds: readonly Hold[]): Change["jobs"] {
  return jobs.map((job) => (job.change === "create" ? { ...job, holds: [...job.holds, ...holds] } : job));
}

function onTheWay({ status }: Task): TaskChange {
  return status === "blocked" ? { change: "unblock", reason: null } : { change: "keep" };
}

function complete(before: Change, { kept: works }: Snapshot, task: Task, outcome: Succeeded | null): Change {
  if (outcome === null) {
    const waiting = works.filter(({ status }) => status === "kept").length;
    const unpublished = waiting === 0 ? NOTHING_CHANGED : nothingPublished(task.key, waiting);
    const reason = task.commit === null ? unpublished : null;
    const data = task.commit === null ? {} : { branch: task.branch, commit: task.commit, files: task.files };
    return {
      ...before,
      task: { ...before.task, change: "complete", reason },
      events: [...before.events, { kind: "task.done", data }],
    };
  }
  const { beside = [], kept = [], told = [] } = outcome;
  const published = publishedOf(outcome);
  // Its work is on the remote already, and may be merged by now: then there is nothing new.
  const isThere = task.commit !== null && isUnchanged(outcome);
  const earlier = { branch: task.branch, commit: task.commit, files: task.files };
  const data = {
    ...(isThere ? earlier : published),
    ...(beside.length > 0 && { beside }),
    ...(kept.length > 0 && { kept: kept.length }),
    ...(told.length > 0 && { told: boundedTold(told) }),
  };
  const done: NewEvent = { kind: "task.done", data };
  return {
    ...before,
    task: { change: "complete", reason: isThere ? null : whyDone(task.key, outcome), ...published },
    events: [...before.events, done],
  };
}

interface PublishedWork {
  readonly branch?: string;
  readonly commit?: string;
  readonly files?: number;
}

function publishedOf({ branch, commit, files }: Succeeded): PublishedWork {
  return {
    ...(branch !== null && { branch }),
    ...(commit !== null && { commit, ...(files !== undefined && { files }) }),
  };
}

function sessionOf({ run }: Snapshot, job: Job, { session, turns }: Succeeded): Phase["session"] {
  if (session === null) return null;
  const whose = { agent: run?.agent ?? job.agent, account: run?.account?.name ?? null };
  return { id: session, ...whose, ...(turns !== undefined && { turns }) };
}
