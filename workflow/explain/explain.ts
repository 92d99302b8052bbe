/**
 * Why is this task not running? Answered from what was recorded (holds, refusals of the claim loop, accounts), as
 * sentences, each with what would change it. Pure.
 *
 * X1. There is always an answer: a task that neither runs nor waits for anything that is recorded is a defect, and
 *     that is said (I7).
 * X2. What keeps the job itself comes first, then what keeps everything like it, then its place in the queue. All of it
 *     is said, because mending the first would only uncover the second.
 * X3. A remedy is what a person can do. Where there is none, `until` or somebody else's end brings the change.
 * X4. Reasons are recorded as `what is so; what to do`, and taken apart here. A reason that is not made so stays whole.
 */

import type { Account } from "../account.ts";
import { type AccountState, stateOf } from "../account.ts";
import { FAULTS } from "../faults.ts";
import type { Hold, WideHold } from "../hold.ts";
import type { Job } from "../job.ts";
import type { Run } from "../run.ts";
import { jobMoves } from "../states.ts";
import type { Task } from "../task.ts";

export interface ExplainFacts {
  readonly task: Task;
  readonly jobs: readonly Job[];
  /** Runs of the task that may still have a process, newest first. */
  readonly live: readonly Run[];
  /** When its last run was over (ms). */
  readonly lastRunAt: number | null;
  /** All of them; those that concern others are passed over. */
  readonly wide: readonly WideHold[];
  /** Ways to the model for the agent of the job that waits, best first. */
  readonly routes: readonly { readonly via: string; readonly account: string }[];
  readonly accounts: readonly AccountFacts[];
  /** Why the claim loop passes over jobs like the one that waits, as it wrote down last. */
  readonly refusal: { readonly reason: string; readonly since: number } | null;
  /** Queued jobs that the claim would take before this one from the same project; `more` when that is only some. */
  readonly ahead: { readonly count: number; readonly more: boolean };
}

type AccountFacts = Account & { readonly live: number; readonly probing: boolean };

export interface Reason {
  /** What the sentence is about. */
  readonly about: "task" | "run" | "job" | "project" | "agent" | "account" | "queue";
  readonly sentence: string;
  /** Since when it is so (ms), where that is known. */
  readonly since: number | null;
  /** When time alone changes it (ms). */
  readonly until: number | null;
  readonly remedy: string | null;
}

/** At least one reason. */
export function explain(facts: ExplainFacts): readonly Reason[] {
  const { task, jobs, live } = facts;
  const running = live.map((run) => explainRun(task, run));
  const ended = explainEnd(task);
  if (ended !== null) return [ended, ...running];
  const job = jobs.findLast(({ status }) => !jobMoves.final.includes(status));
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
function explainEnd(task: Task): Reason | null {
  const { key, status, reason, branch, finishedAt } = task;
  const again = `try it again with: chargehand retry ${key}`;
  const because = reason === null ? "" : `: ${reason}`;
  const about = { about: "task", since: finishedAt ?? task.updatedAt, until: null } as const;
  switch (status) {
    case "done": {
      const work = branch === null ? "" : `; its work is on the branch ${branch}`;
      return { ...about, sentence: `${key} is done${work}`, remedy: null };
    }
    case "failed":
      return { ...about, sentence: `${key} failed${because}`, remedy: again };
    case "cancelled":
      return { ...about, sentence: `${key} was cancelled${because}`, remedy: again };
    case "blocked":
      return { ...about, sentence: `${key} needs a person${because}`, remedy: again };
    case "paused":
    case "waiting":
      return { ...about, sentence: `${key} is ${status}${because}`, remedy: null };
    case "active":
      return null;
    default:
      return status satisfies never;
  }
}

function explainRun({ key }: Task, run: Run): Reason {
  const about = { about: "run", since: run.startedAt ?? run.claimedAt, until: null } as const;
  const pid = run.identity === null ? "" : `, pid ${run.identity.pid}`;
  const account = run.account === null ? "" : `, account ${run.account}`;
  const details = `(run ${run.id}${pid}, agent ${run.agent}${account})`;
  const watch = `watch it with: chargehand logs ${key} --follow`;
  if (run.status === "exited") {
    const why = run.reason === null ? "is being put away" : `is ${run.reason}`;
    const remedy = run.reason === null ? null : `mend that; or give it up with: chargehand cancel ${key}`;
    return { ...about, sentence: `its agent has ended, and its work ${why} ${details}`, remedy };
  }
  if (run.stop !== null)
    return { ...about, sentence: `its agent was asked to stop (${run.stop}) ${details}`, remedy: null };
  if (run.status === "starting")
    return { ...about, sentence: `an agent is being started for ${key} ${details}`, remedy: null };
  return { ...about, sentence: `${key} is running since ${utc(about.since)} ${details}`, remedy: watch };
}

function explainHold(facts: ExplainFacts, job: Job, hold: Hold): Reason {
  const since = Math.max(job.createdAt, facts.lastRunAt ?? 0);
  const about = { about: "job", since, until: hold.until } as const;
  switch (hold.kind) {
    case "backoff": {
      const why = job.reason === null ? hold.reason : `${job.failure ?? "failed"}: ${job.reason}`;
      const when = hold.until === null ? "" : ` until ${utc(hold.until)}`;
      const suspects = job.failure === null ? undefined : FAULTS[job.failure].suspects;
      const remedy =
        suspects === undefined
          ? null
          : `unless it passes by itself, check ${suspects.join(" and ")} of project ${job.project}`;
      return { ...about, sentence: `waits${when} for another try (${why})`, remedy };
    }
    case "unconfigured":
      return {
        ...about,
        since: null,
        sentence: hold.reason,
        remedy: `name project ${job.project} in the configuration again, or: chargehand cancel ${job.task}`,
      };
    case "run_ending":
    case "budget":
    case "cooldown":
    case "broken":
      return { ...about, ...takenApart(hold.reason) };
    default:
      return hold.kind satisfies never;
  }
}

/** What closes the lane of a job: its project, or every way to a model. */
function explainLane(facts: ExplainFacts, job: Job): readonly Reason[] {
  const project = facts.wide.filter(({ scope, subject }) => scope === "project" && subject === job.project);
  const routes = facts.routes.map((route) => explainRoute(facts, route));
  const closed = routes.filter((reason) => reason !== null);
  const unique = closed.filter(
    ({ sentence }, index) => closed.findIndex((other) => other.sentence === sentence) === index,
  );
  return [
    ...project.map(({ reason, since, until }): Reason => {
      return { about: "project", since, until, ...takenApart(reason) };
    }),
    ...(closed.length === routes.length ? unique : []),
  ];
}

/** Why nothing can go this way to a model now; `null` when it is open. */
function explainRoute(
  facts: ExplainFacts,
  { via, account: name }: ExplainFacts["routes"][number],
): Reason | null {
  const hold = facts.wide.find(({ scope, subject }) => scope === "agent" && subject === via);
  if (hold !== undefined) {
    const { reason, since, until } = hold;
    const remedy = `mend it, then: chargehand cooldown clear agent:${via}`;
    return { about: "agent", sentence: `agent profile ${via} is closed: ${reason}`, since, until, remedy };
  }
  const account = facts.accounts.find((candidate) => candidate.name === name);
  if (account === undefined) return null;
  return explainAccount(account, stateOf(account, facts.wide));
}

function explainAccount(
  account: AccountFacts,
  { status, since, until, reason }: AccountState,
): Reason | null {
  const { name, live, concurrency } = account;
  const about = { about: "account", since, until } as const;
  const clear = `chargehand cooldown clear ${name}`;
  if (status === "cooling") {
    const when = until === null ? "" : ` until ${utc(until)}`;
    const sentence = `account ${name} is cooling down${when}: ${reason}`;
    return { ...about, sentence, remedy: `it opens by itself; earlier with: ${clear}` };
  }
  if (status === "broken")
    return {
      ...about,
      sentence: `account ${name} does not work: ${reason}`,
      remedy: `mend it, then: ${clear}`,
    };
  if (concurrency !== null && live >= concurrency) {
    const sentence = `account ${name} has ${live} of ${concurrency} runs at work`;
    return { ...about, since: null, sentence, remedy: `raise accounts.${name}.concurrency` };
  }
  if (!account.probing) return null;
  const sentence = `account ${name} is being tried with one run after its usage limit`;
  return { ...about, sentence, remedy: `trust it at once with: ${clear}` };
}

/** Where a queued job stands, with what the claim loop wrote down unless the lane has said the same. */
function explainPlace(facts: ExplainFacts, job: Job): readonly Reason[] {
  const { ahead, refusal } = facts;
  const about = { about: "queue", until: null } as const;
  const many = `${ahead.more ? "at least " : ""}${ahead.count} queued ${ahead.count === 1 ? "job" : "jobs"}`;
  const queue =
    ahead.count === 0
      ? "nothing of its own holds it: it is next in line"
      : `${many} of its project are ahead of it`;
  const place: Reason = { ...about, sentence: queue, since: job.createdAt, remedy: null };
  const isSaid = explainLane(facts, job).length > 0;
  if (isSaid || refusal === null) return [place];
  return [{ ...about, since: refusal.since, ...takenApart(refusal.reason) }, place];
}

function lost(task: Task): Reason {
  return {
    about: "task",
    sentence: `${task.key} is active without a job, which is a defect of Chargehand`,
    since: task.updatedAt,
    until: null,
    remedy: `make it whole with: chargehand cancel ${task.key}, then chargehand retry ${task.key}`,
  };
}

function concluding(task: Task): Reason {
  const sentence = "its last run has just ended, and what follows is being decided";
  return { about: "job", sentence, since: task.updatedAt, until: null, remedy: null };
}

/** X4. The last part, if it begins like an order. */
function takenApart(reason: string): { readonly sentence: string; readonly remedy: string | null } {
  const cut = reason.lastIndexOf("; ");
  const last = cut < 0 ? "" : reason.slice(cut + 2);
  if (!/^(raise|mend|name|set|add|free) /.test(last)) return { sentence: reason, remedy: null };
  return { sentence: reason.slice(0, cut), remedy: last };
}

function utc(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}
