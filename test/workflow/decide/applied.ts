/**
 * A task in memory, to which changes are applied as the store applies them: every move by its machine, or it throws.
 * With it decisions can be followed for as long as one likes, without a database.
 */

import assert from "node:assert/strict";
import type { Need } from "../../../workflow/between/between.ts";
import type { Ended } from "../../../workflow/decide/between/depend.ts";
import type { Change } from "../../../workflow/decide/change.ts";
import { aboutOf, decide, type Intent } from "../../../workflow/decide/decide.ts";
import type { Decision, Snapshot } from "../../../workflow/decide/decision.ts";
import type { HoldKind } from "../../../workflow/hold.ts";
import type { Job, JobChange } from "../../../workflow/job.ts";
import type { Machine } from "../../../workflow/machine.ts";
import type { Approval, ApprovalChange } from "../../../workflow/phases/approval.ts";
import {
  awaitedCommit,
  type CiChange,
  type CiCheck,
  type CiWait,
  ciMoves,
} from "../../../workflow/phases/ci.ts";
import type { Phase, PhaseChange, PhaseMoved } from "../../../workflow/phases/phase.ts";
import { type PullChange, pullMoves } from "../../../workflow/phases/pull.ts";
import type { Question, QuestionChange } from "../../../workflow/phases/question.ts";
import { approvalMoves, phaseMoves, questionMoves } from "../../../workflow/phases/states.ts";
import { jobMoves, type TaskStatus, taskMoves } from "../../../workflow/states.ts";
import type { Task } from "../../../workflow/task.ts";
import type { Workflow } from "../../../workflow/workflow.ts";
import { run } from "./intents.ts";
import { snapshot, task } from "./snapshot.ts";

export interface World {
  snapshot: Snapshot;
  /** What people have said, in order, and how far it was taken in. */
  said: string[];
  /** All questions, oldest first. */
  asked: Question[];
  heard: number;
  /** Artifacts that were kept, as `phase:sha`. */
  kept: string[];
  /** What CI has said, of whichever commit. */
  checks: CiCheck[];
  /** Keys of the freezes that verdicts have put. */
  freezes: string[];
  /** How other tasks stand, by key; one that is not named is at work. */
  others: Readonly<Record<string, TaskStatus>>;
  /** Threads that are to be answered. */
  threads: string[];
  history: string[];
  /** Everything that was done to it, as plain data. */
  readonly log: Done[];
}

type Done = { readonly intent: Intent; readonly now: number } | { readonly does: "claim" | "release" };

export function begin(workflow: Workflow, intent: Intent): World {
  const empty = snapshot();
  const world: World = {
    snapshot: { ...empty, workflow },
    said: [],
    asked: [],
    heard: 0,
    kept: [],
    checks: [],
    freezes: [],
    others: {},
    threads: [],
    history: [],
    log: [],
  };
  const made = decide(seen(world, intent), intent);
  assert.equal(made.kind, "change");
  if (made.kind !== "change" || made.task.change !== "create") assert.fail("nothing was made");
  const { agents, author, status } = made.task.task;
  const born: Task = { ...task(status), workflow: workflow.name, agents, author };
  world.snapshot = { ...world.snapshot, task: born };
  applyParts(world, made);
  return world;
}

/** Decides and applies; answers what was decided. */
export function put(world: World, intent: Intent): Decision {
  world.log.push({ intent, now: world.snapshot.now });
  const decision = decide(seen(world, intent), intent);
  if (intent.kind === "reconsider_task") turn(world, intent.ended);
  // A task that follows is another one.
  if (decision.kind !== "change" || decision.task.change === "create") return decision;
  const { task: now } = world.snapshot;
  assert.ok(now !== null);
  const { change } = decision.task;
  if (change !== "keep") {
    const status = stepOf(taskMoves, change, now.status);
    const { agents = now.agents, reason = now.reason, commit = now.commit } = decision.task;
    const isOver = taskMoves.final.includes(status);
    world.snapshot = {
      ...world.snapshot,
      task: { ...now, status, agents, reason, commit, finishedAt: isOver ? 1 : null },
    };
  } else if (decision.task.commit !== undefined) {
    world.snapshot = { ...world.snapshot, task: { ...now, commit: decision.task.commit } };
  }
  applyParts(world, decision);
  return decision;
}

/** The same done to a fresh world, from what would have been written down. */
export function replay(workflow: Workflow, intent: Intent, log: World["log"]): World {
  const world = begin(workflow, intent);
  for (const done of JSON.parse(JSON.stringify(log)) as World["log"]) {
    if ("intent" in done) {
      world.snapshot = { ...world.snapshot, now: done.now };
      put(world, done.intent);
    } else if (done.does === "claim") claim(world);
    else releaseAll(world);
  }
  return world;
}

/** Other tasks stand otherwise now. */
function turn(world: World, ended: readonly Ended[]): void {
  for (const { key, status } of ended) world.others = { ...world.others, [key]: status };
  const { between } = world.snapshot;
  const needs = between.needs.map((need) => needOf(world, need.key));
  world.snapshot = { ...world.snapshot, between: { ...between, needs } };
}

function needOf({ others }: World, key: string): Need {
  return { key, status: others[key] ?? "active", version: 1, dependents: 0, source: null };
}

/** With the checks of the commit that matters, and the tasks that it is to need, as the store reads them. */
function seen(world: World, intent: Intent): Snapshot {
  const { snapshot: now, checks, asked, said, heard } = world;
  const { commit, asks = null, wanted = [] } = aboutOf(intent);
  const meant = commit ?? (now.task === null ? null : awaitedCommit(now.task, now.ci));
  const settled = asked.filter(({ status }) => status === "answered" || status === "expired");
  const same = asks === null ? null : (settled.findLast(({ hash }) => hash === asks) ?? null);
  return {
    ...now,
    between: { ...now.between, wanted: wanted.map((key) => needOf(world, key)) },
    checks: commit === undefined ? [] : checks.filter((check) => check.commit === meant),
    lastSaid: said.length > heard ? said.length : 0,
    questions: { count: asks === null ? 0 : asked.length, same },
  };
}

/** The queue hands the only job that waits for nothing to a run. */
export function claim(world: World): Job | null {
  world.log.push({ does: "claim" });
  const waiting = world.snapshot.jobs.find(({ status }) => status === "queued");
  if (waiting === undefined) return null;
  const claimed: Job = {
    ...waiting,
    status: stepOf(jobMoves, "claim", waiting.status),
    opens: false,
    fence: waiting.fence + 1,
  };
  replaceJob(world, claimed);
  world.snapshot = {
    ...world.snapshot,
    run: { ...(run("exited") ?? assert.fail()), heard: world.said.length },
    liveRuns: 1,
  };
  return claimed;
}

/** Holds that somebody ends by an intent. */
const STAYING: readonly HoldKind[] = ["pause", "question", "dependency"];

/** Time, or a person, ends what one job waits for. */
export function releaseAll(world: World): void {
  world.log.push({ does: "release" });
  for (const job of world.snapshot.jobs.filter(({ status }) => status === "held")) {
    const holds = job.holds.filter(({ kind }) => STAYING.includes(kind));
    replaceJob(
      world,
      holds.length > 0 ? { ...job, holds } : { ...job, holds, status: stepOf(jobMoves, "release", "held") },
    );
  }
}

function applyParts(world: World, change: Change): void {
  for (const job of change.jobs) applyJob(world, job);
  for (const phase of change.phases) applyPhase(world, phase);
  for (const approval of change.approvals) applyApproval(world, approval);
  for (const wait of change.ci) applyCi(world, wait);
  for (const check of change.reported?.checks ?? []) {
    const commit = change.reported?.commit ?? "";
    const others = world.checks.filter((old) => old.commit !== commit || old.name !== check.name);
    world.checks = [...others, { ...check, commit, task: "SHOP-12", at: 1 }];
  }
  for (const pull of change.pulls) applyPull(world, pull);
  for (const question of change.questions) applyQuestion(world, question);
  for (const { change: kind, needs: key } of change.dependencies) {
    const { between } = world.snapshot;
    const others = between.needs.filter((need) => need.key !== key);
    const needs = kind === "add" ? [...others, needOf(world, key)] : others;
    world.snapshot = { ...world.snapshot, between: { ...between, needs } };
  }
  for (const { key } of change.freezes) world.freezes.push(key);
  for (const { phase, sha256 } of change.artifacts) world.kept.push(`${phase}:${sha256}`);
  for (const { text } of change.feedback) world.said.push(text);
  if (change.heard !== null) world.heard = Math.max(world.heard, change.heard.upTo);
  if (change.run !== null) world.snapshot = { ...world.snapshot, liveRuns: 0 };
  for (const { kind } of change.events) world.history.push(kind);
}

function applyJob(world: World, change: JobChange): void {
  const { jobs } = world.snapshot;
  if (change.change === "create") {
    assert.ok(!jobs.some(({ status }) => jobMoves.live.includes(status)), "a task has one live job");
    const { phase, agent, priority, holds } = change;
    const status = holds.length > 0 ? "held" : "queued";
    const session = change.session?.id ?? null;
    const born = {
      id: jobs.length + 1,
      task: "SHOP-12",
      project: "shop",
      fence: 0,
      run: null,
      failure: null,
    };
    const owner = { session, sessionAgent: change.session?.agent ?? null, sessionAccount: null };
    const counters = { attempts: 0, transients: 0, interruptions: 0, repairs: 0 };
    const rest = { reason: null, createdAt: 1, finishedAt: null };
    const opens = change.opens === true;
    const isFree = change.pinned !== true && session === null;
    const job: Job = {
      ...born,
      ...owner,
      ...counters,
      ...rest,
      phase,
      agent,
      priority,
      holds,
      status,
      opens,
      isFree,
    };
    world.snapshot = { ...world.snapshot, jobs: [...jobs, job] };
    return;
  }
  const job = jobs.find(({ id }) => id === change.id) ?? assert.fail(`there is no job ${change.id}`);
  assert.equal(job.fence, change.fence);
  if (change.change === "hold") {
    const others = job.holds.filter(({ kind }) => kind !== change.hold.kind);
    replaceJob(world, { ...job, status: "held", holds: [...others, change.hold] });
    return;
  }
  if (change.change === "release") {
    const holds = job.holds.filter(({ kind }) => kind !== change.kind);
    replaceJob(world, { ...job, holds, status: holds.length === 0 ? "queued" : "held" });
    return;
  }
  if (change.change === "assign") {
    const { phase, agent, pinned } = change;
    assert.ok(job.opens && job.status === "held", "nobody has claimed it");
    replaceJob(world, { ...job, phase, agent, isFree: !pinned });
    return;
  }
  const status = stepOf(jobMoves, change.change, job.status);
  const holds = change.holds ?? [];
  const counters = change.counters ?? job;
  replaceJob(world, {
    ...job,
    ...counters,
    holds,
    status: status === "queued" && holds.length > 0 ? "held" : status,
  });
}

function replaceJob(world: World, job: Job): void {
  const jobs = world.snapshot.jobs.map((old) => (old.id === job.id ? job : old));
  world.snapshot = { ...world.snapshot, jobs };
}

function applyPhase(world: World, change: PhaseChange): void {
  const { phases } = world.snapshot;
  if ("phase" in change) {
    const { seq, phase, role, agent, cycle, pass } = change;
    assert.equal(seq, phases.length + 1, "phases are numbered without gaps");
    const isEntered = change.change === "enter";
    const status = isEntered ? "running" : "skipped";
    if (isEntered)
      assert.ok(!phases.some(({ finishedAt }) => finishedAt === null), "a task stands in one phase");
    const born = { task: "SHOP-12", seq, phase, role, agent, cycle, pass, status } as const;
    const nothing = {
      verdict: null,
      artifact: null,
      commit: null,
      summary: null,
      trouble: null,
      session: null,
    };
    const row: Phase = { ...born, ...nothing, enteredAt: 1, finishedAt: isEntered ? null : 1 };
    world.snapshot = { ...world.snapshot, phases: [...phases, row] };
    return;
  }
  const row = phases.find(({ seq }) => seq === change.seq) ?? assert.fail(`there is no phase ${change.seq}`);
  const now = change.change === "trouble" ? { ...row, trouble: change.trouble } : moved(row, change);
  world.snapshot = { ...world.snapshot, phases: phases.map((old) => (old.seq === row.seq ? now : old)) };
}

function moved(row: Phase, { change, seq: _seq, ...result }: PhaseMoved): Phase {
  const status = stepOf(phaseMoves, change, row.status);
  const told = Object.fromEntries(Object.entries(result).filter(([, value]) => value !== undefined));
  return { ...row, ...told, status, finishedAt: phaseMoves.final.includes(status) ? 1 : null };
}

function applyPull(world: World, change: PullChange): void {
  const { pull } = world.snapshot;
  if (change.change === "thread") {
    world.threads.push(change.comment);
    return;
  }
  if (change.change === "record") {
    const born = { project: "shop", task: "SHOP-12", status: "open", mergedAs: null, endedBy: null } as const;
    const recorded = { ...born, ...change.pull, openedAt: 1, changedAt: 1, finishedAt: null };
    world.snapshot = { ...world.snapshot, pull: recorded };
    return;
  }
  assert.ok(pull !== null && pull.number === change.number, "it is known");
  if (change.change === "push") {
    world.snapshot = { ...world.snapshot, pull: { ...pull, commit: change.commit } };
    return;
  }
  const status = stepOf(pullMoves, change.change, pull.status);
  const finishedAt = pullMoves.final.includes(status) ? 1 : null;
  world.snapshot = { ...world.snapshot, pull: { ...pull, status, endedBy: change.by, finishedAt } };
}

function applyApproval(world: World, change: ApprovalChange): void {
  const { approval } = world.snapshot;
  if (change.change === "ask") {
    const { seq, phase, artifact, commit, until } = change;
    assert.ok(approval?.status !== "pending", "one thing is asked at a time");
    const nobody = { votes: [], decidedBy: null, decidedFrom: null, reason: null, finishedAt: null };
    const id = (approval?.id ?? 0) + 1;
    const asked: Approval = {
      ...{ id, task: "SHOP-12", project: "shop", status: "pending", askedAt: 1 },
      ...nobody,
      seq,
      phase,
      artifact,
      commit,
      until,
    };
    world.snapshot = { ...world.snapshot, approval: asked };
    return;
  }
  if (change.change === "judge") {
    const { seq, phase, artifact, commit, word, by, reason } = change;
    assert.ok(approval?.status !== "pending" && approval?.seq !== seq, "people are asked about it");
    const judged: Approval = {
      ...{ id: (approval?.id ?? 0) + 1, task: "SHOP-12", project: "shop", status: word, askedAt: 1 },
      ...{ seq, phase, artifact, commit, until: null, votes: [], reason, finishedAt: 1 },
      ...{ decidedBy: by.name, decidedFrom: by.kind },
    };
    world.snapshot = { ...world.snapshot, approval: judged };
    return;
  }
  assert.ok(approval !== null && approval.id === change.id);
  const now: Approval =
    "reason" in change
      ? {
          ...approval,
          status: stepOf(approvalMoves, change.change, approval.status),
          decidedBy: change.by?.name ?? null,
        }
      : {
          ...approval,
          votes:
            change.change === "vote"
              ? [...approval.votes, change.by]
              : approval.votes.filter((name) => name !== change.by),
        };
  world.snapshot = { ...world.snapshot, approval: now };
}

function applyCi(world: World, change: CiChange): void {
  const { ci, now } = world.snapshot;
  if (change.change === "ask") {
    assert.ok(ci?.status !== "pending", "one commit is waited for at a time");
    const { seq, phase, commit, until, dueAt } = change;
    const asked = {
      seq,
      phase,
      commit,
      until,
      dueAt,
      task: "SHOP-12",
      askedAt: now,
      status: "pending",
    } as const;
    world.snapshot = { ...world.snapshot, ci: { ...asked, reason: null, finishedAt: null } };
    return;
  }
  assert.ok(ci !== null && ci.seq === change.seq);
  const moved: CiWait =
    change.change === "hear"
      ? { ...ci, dueAt: ci.until }
      : { ...ci, status: stepOf(ciMoves, change.change, ci.status), reason: change.reason, finishedAt: 1 };
  world.snapshot = { ...world.snapshot, ci: moved };
}

function applyQuestion(world: World, change: QuestionChange): void {
  const { question } = world.snapshot;
  if (change.change === "ask") {
    assert.ok(question?.status !== "open", "one thing is asked at a time");
    const { change: _ask, ...asked } = change;
    const row = { task: "SHOP-12", project: "shop", status: "open", askedAt: world.snapshot.now } as const;
    const nobody = { answers: null, secrets: null, answeredBy: null, answeredFrom: null, finishedAt: null };
    keepQuestion(world, { id: (question?.id ?? 0) + 1, ...row, ...nobody, ...asked });
    return;
  }
  assert.ok(question !== null && question.id === change.id);
  const status = stepOf(questionMoves, change.change, question.status);
  const answered =
    change.change === "answer"
      ? { answers: change.answers, secrets: change.secrets, answeredBy: change.by.name }
      : {};
  keepQuestion(world, { ...question, status, ...answered, finishedAt: 1 });
}

function keepQuestion(world: World, question: Question): void {
  world.asked = [...world.asked.filter(({ id }) => id !== question.id), question];
  world.snapshot = { ...world.snapshot, question };
}

/** By the table of the machine, whatever the types say. */
function stepOf<S extends string>(
  machine: {
    readonly name: string;
    readonly edges: Machine<never>["edges"];
    readonly statuses: readonly S[];
  },
  move: string,
  from: S,
): S {
  const edge = machine.edges.find((one) => one.move === move && one.from === from);
  const to = machine.statuses.find((status) => status === edge?.to);
  return to ?? assert.fail(`${machine.name}: ${move} cannot leave ${from}`);
}
