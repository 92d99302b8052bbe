/**
 * Why is this task not running? Answered from what was recorded (holds, refusals of the claim loop, accounts), each
 * cause with what would change it. Pure.
 *
 * X1. There is always an answer: a task that neither runs nor waits for anything that is recorded is a defect, and
 *     that is said (I7).
 * X2. What keeps the job itself comes first, then what keeps everything like it, then its place in the queue. All of it
 *     is said, because mending the first would only uncover the second.
 * X3. A remedy is what a person can do. Where there is none, `until` or somebody else's end brings the change.
 */

import { NOTHING_CHANGED, shortCommit, tellPlace } from "../decide/made.ts";
import { stillPaused } from "../decide/pause.ts";
import { HOLDS, type Hold, type HoldKind, type WideHold } from "../hold.ts";
import type { Job } from "../job.ts";
import { howToPublish, type Kept } from "../kept.ts";
import { isOpenQuestion } from "../phases/question.ts";
import type { Run } from "../run.ts";
import { jobMoves } from "../states.ts";
import type { Task } from "../task.ts";
import type { Why } from "../why.ts";
import { type AskedFacts, explainApproval, explainCi, explainMerge, explainQuestion } from "./asked.ts";
import { type Cause, closedProject, closedRepo, closedRoutes, type Lane, utc } from "./lane.ts";

/** The routes are those of the agent of the job that waits. */
export interface ExplainFacts extends AskedFacts, Pick<Lane, "routes" | "accounts" | "wide"> {
  readonly jobs: readonly Job[];
  /** Runs of the task that may still have a process, newest first. */
  readonly live: readonly Run[];
  /** What keeps new tasks from its repository. */
  readonly freeze: WideHold | null;
  /** What is kept of it now. */
  readonly kept: readonly Kept[];
  /** When its last run was over (ms). */
  readonly lastRunAt: number | null;
  /** Why the claim loop passes over jobs like the one that waits, as it wrote down last. */
  readonly refusal: (Why & { readonly since: number }) | null;
  /** Queued jobs that the claim would take before this one from the same project; `more` when that is only some. */
  readonly ahead: { readonly count: number; readonly more: boolean };
}

/** At least one. */
export function explain(facts: ExplainFacts): readonly Cause[] {
  return [...explainTask(facts), ...explainKept(facts)];
}

function explainTask(facts: ExplainFacts): readonly Cause[] {
  const { task, jobs, live } = facts;
  const running = live.map((run) => explainRun(task, run));
  const ended = explainEnd(task);
  const asked = [explainApproval(facts), explainCi(facts), explainMerge(facts)].filter(
    (cause) => cause !== null,
  );
  if (asked.length > 0 && task.status !== "paused") return [...asked, ...running];
  if (task.status === "blocked" && isOpenQuestion(facts.question))
    return [explainQuestion(facts.question), ...running, ...explainBehind(facts, "question")];
  // What keeps a task from beginning is told by its job.
  const isKept = task.status === "waiting" && liveJob(jobs) !== undefined;
  if (ended !== null && !isKept) return [ended, ...running];
  if (task.status === "paused")
    return [explainPause(task), ...running, ...asked, ...explainBehind(facts, "pause")];
  const job = liveJob(jobs);
  if (job === undefined) return running.length > 0 ? running : [lost(task)];
  switch (job.status) {
    case "held":
      return [
        ...job.holds.map((hold) => explainHold(facts, job, hold)),
        ...running,
        ...explainLane(facts, job),
      ];
    case "queued":
      return [...explainLane(facts, job), ...explainPlace(facts, job)];
    default:
      return running.length > 0 ? running : [concluding(task)];
  }
}

/** What the status of the task itself says; `null` for one whose jobs say it. */
function explainEnd(task: Task): Cause | null {
  const { key, status, reason, branch, finishedAt } = task;
  const again = `try it again with: chargehand retry ${key}`;
  const because = reason === null ? "" : `: ${reason}`;
  const about = { about: "task", since: finishedAt ?? task.updatedAt, until: null } as const;
  switch (status) {
    case "done": {
      const found = task.commit === null ? NOTHING_CHANGED : `its work is ${tellPlace(branch, task)}`;
      const work = `; ${reason ?? found}`;
      return { ...about, reason: `${key} is done${work}`, remedy: null };
    }
    case "failed":
      return { ...about, reason: `${key} failed${because}`, remedy: again };
    case "cancelled":
      return { ...about, reason: `${key} was cancelled${because}`, remedy: again };
    case "blocked":
      return { ...about, reason: `${key} needs a person${because}`, remedy: again };
    case "waiting":
      return { ...about, reason: `${key} is ${status}${because}`, remedy: null };
    case "paused":
    case "active":
      return null;
    default:
      return status satisfies never;
  }
}

function explainPause(task: Task): Cause {
  const { key, reason, pausedAt: since, pausedUntil: until } = task;
  const remedy = stillPaused(task)?.remedy ?? null;
  return { about: "task", reason: `${key} is ${reason ?? "paused"}`, remedy, since, until };
}

/** X2: what its job would wait for if the task went on now. */
function explainBehind(facts: ExplainFacts, what: HoldKind): readonly Cause[] {
  const job = liveJob(facts.jobs);
  if (job === undefined) return [];
  const others = job.holds.filter(({ kind }) => kind !== what);
  return [...others.map((hold) => explainHold(facts, job, hold)), ...explainLane(facts, job)];
}

function liveJob(jobs: readonly Job[]): Job | undefined {
  return jobs.findLast(({ status }) => !jobMoves.final.includes(status));
}

/** What is kept, and the command that publishes it. */
function explainKept({ kept }: ExplainFacts): readonly Cause[] {
  return kept.map((work) => {
    const { name, commit, files, reason, remedy, keptAt, until } = work;
    const changes = `${files} ${files === 1 ? "file" : "files"}`;
    const publish = `publish it with: ${howToPublish(work, kept.length > 1)}`;
    return {
      about: "work",
      reason: `its work ${name} (commit ${shortCommit(commit)}, ${changes}) is kept: ${reason}`,
      remedy: remedy === null ? publish : `${remedy}; ${publish}`,
      since: keptAt,
      until,
    };
  });
}

function explainRun({ key }: Task, run: Run): Cause {
  const about = { about: "run", since: run.startedAt ?? run.claimedAt, until: null } as const;
  const pid = run.identity === null ? "" : `, pid ${run.identity.pid}`;
  const account = run.account === null ? "" : `, account ${run.account}`;
  const details = `(run ${run.id}${pid}, agent ${run.agent}${account})`;
  const watch = `watch it with: chargehand logs ${key} --follow`;
  if (run.status === "exited") {
    const why = run.reason === null ? "is being put away" : `is ${run.reason}`;
    const remedy = run.reason === null ? null : `mend that; or give it up with: chargehand cancel ${key}`;
    return { ...about, reason: `its agent has ended, and its work ${why} ${details}`, remedy };
  }
  if (run.stop !== null)
    return { ...about, reason: `its agent was asked to stop (${run.stop}) ${details}`, remedy: null };
  if (run.status === "starting")
    return { ...about, reason: `an agent is being started for ${key} ${details}`, remedy: null };
  return { ...about, reason: `${key} is running since ${utc(about.since)} ${details}`, remedy: watch };
}

/**
 * A hold says why itself; one before another try says too what went wrong, which the job has kept. A remedy that was
 * written before its task had a key ends in the word KEY.
 */
function explainHold(facts: ExplainFacts, job: Job, { kind, reason, remedy, until }: Hold): Cause {
  const about = {
    about: "job",
    since: Math.max(job.createdAt, facts.lastRunAt ?? 0),
    remedy: remedy === null ? null : remedy.replace(/\bKEY$/, job.task),
    until,
  } as const;
  if (HOLDS[kind].tellsFailure !== true) return { ...about, reason };
  const why = job.reason === null ? reason : `${job.failure ?? "failed"}: ${job.reason}`;
  const when = until === null ? "" : ` until ${utc(until)}`;
  return { ...about, reason: `waits${when} for another try (${why})` };
}

/** What closes the lane of a job: its project, or every way to a model. */
function explainLane({ freeze, routes, accounts, wide }: ExplainFacts, job: Job): readonly Cause[] {
  const { project, agent, opens } = job;
  const lane = { project, agent, routes, accounts, wide };
  return [...(opens ? closedRepo(freeze) : []), ...closedProject(lane), ...closedRoutes(lane)];
}

/** Where a queued job stands, with what the claim loop wrote down unless the lane has said the same. */
function explainPlace(facts: ExplainFacts, job: Job): readonly Cause[] {
  const { ahead, refusal } = facts;
  const about = { about: "queue", until: null } as const;
  const many = `${ahead.more ? "at least " : ""}${ahead.count} queued ${ahead.count === 1 ? "job" : "jobs"}`;
  const queue =
    ahead.count === 0
      ? "nothing of its own holds it: it is next in line"
      : `${many} of its project are ahead of it`;
  const place: Cause = { ...about, reason: queue, since: job.createdAt, remedy: null };
  const isSaid = explainLane(facts, job).length > 0;
  if (isSaid || refusal === null) return [place];
  const { reason, remedy, since } = refusal;
  return [{ ...about, reason, remedy, since }, place];
}

function lost(task: Task): Cause {
  return {
    about: "task",
    reason: `${task.key} is active without a job, which is a defect of Chargehand`,
    since: task.updatedAt,
    until: null,
    remedy: `make it whole with: chargehand cancel ${task.key}, then chargehand retry ${task.key}`,
  };
}

function concluding(task: Task): Cause {
  const reason = "its last run has just ended, and what follows is being decided";
  return { about: "job", reason, since: task.updatedAt, until: null, remedy: null };
}
