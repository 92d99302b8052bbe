/**
 * Commits decisions: everything that changes a task becomes one transaction here (I2).
 *
 * Each belief a decision was taken on is an expectation of a statement: the task's version, a job's fence, a run's
 * status, a name that was free, a delivery that was unhandled. One that does not hold undoes everything, and the caller
 * reads and decides again.
 */

import type { Change } from "../workflow/decide/change.ts";
import type { JobChange } from "../workflow/job.ts";
import type { RunChange } from "../workflow/run.ts";
import { deliveryMoves, jobMoves, runMoves, taskMoves } from "../workflow/states.ts";
import type { ExternalRef, NewTask, TaskChange } from "../workflow/task.ts";
import { changeAccount } from "./accounts.ts";
import { raiseTask } from "./budgets.ts";
import { raiseNumber } from "./counters.ts";
import type { Engine, Statement } from "./engine/engine.ts";
import { literals } from "./engine/legality.ts";
import { moveSql, textPerMove } from "./engine/moves.ts";
import { appendEvents } from "./events.ts";
import { holdJob, holdPhase, putWideHold, releaseJob } from "./holds.ts";
import { freeNumber } from "./numbers.ts";
import { putCalls } from "./outbox.ts";

export type CommitResult =
  | {
      readonly kind: "committed";
      /** Keys of the tasks changed, in the order of the changes. */
      readonly tasks: readonly string[];
    }
  /** Somebody was faster; nothing was written. Read again and decide again. */
  | { readonly kind: "conflict" };

const CREATE_TASK = `
insert into tasks (key, project, prefix, number, title, body, url, author, status, workflow, priority, events,
                   created_at, updated_at, finished_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13, $14)`;

/** `$4` is the number of events; `$5` says whether `$6` replaces the reason. */
const TASK_WRITES = `version = version + 1, events = events + $4, updated_at = $3,
  reason = case when $5 = 1 then $6 else reason end,
  branch = coalesce($7, branch), published_commit = coalesce($8, published_commit)`;
const MOVE_TASK = {
  ...textPerMove(
    taskMoves,
    ({ set, from }) => `update tasks set ${set}, ${TASK_WRITES} where key = $1 and version = $2 and ${from}`,
    "$3",
  ),
  keep: `update tasks set ${TASK_WRITES} where key = $1 and version = $2`,
};

/** The old task is touched, so that somebody who restarts it at the same time and we cannot both succeed. */
const SUCCEED_TASK = `update tasks set version = version + 1 where key = $1 and status in (${literals(taskMoves.final)})`;
const HAND_OVER_REFS = "update refs set task = $2 where task = $1";
const NAME_TASK = `
insert into refs (project, source, kind, ext_id, task) select project, $2, $3, $4, key from tasks where key = $1
on conflict (project, source, kind, ext_id) do update set task = excluded.task where refs.task = excluded.task`;

const CREATE_JOB = `
insert into jobs (task, project, phase, agent, status, priority, created_at)
select key, project, $2, $3, '${jobMoves.initial}', $4, $5 from tasks where key = $1`;

const MOVE_JOB = textPerMove(
  jobMoves,
  ({ set, from }) => `update jobs set ${set},
  attempts = coalesce($5, attempts), transients = coalesce($6, transients), interruptions = coalesce($7, interruptions),
  session = case when $8 = 1 then $9 else session end,
  session_agent = case when $8 = 1 then $10 else session_agent end,
  session_account = case when $8 = 1 then $15 else session_account end,
  failure = case when $11 = 1 then $12 else failure end,
  reason = case when $13 = 1 then $14 else reason end
where id = $1 and fence = $2 and task = $3 and ${from}`,
  "$4",
);

const MOVE_RUN = textPerMove(
  runMoves,
  ({
    set,
    from,
  }) => `update runs set ${set}, failure = $4, reason = $5, summary = $6, session = coalesce($7, session)
where id = $1 and task = $2 and ${from} and ($8 = '' or status = $8)`,
  "$3",
);

const STOP_RUNS = `update runs set stop = $2 where task = $1 and status in (${literals(runMoves.live)}) and stop is null`;

const process = moveSql(deliveryMoves, "process", "$3");
const PROCESS_DELIVERY = `update deliveries set ${process.set}, task = $2, reason = null where id = $1 and ${process.from}`;

/**
 * Writes all changes, and the mark `processed` on the delivery that caused them, or nothing.
 *
 * @param now ms; the time of everything written.
 * @throws Error for a change that no decision can make, such as a hold without a reason.
 */
export async function commit(
  engine: Engine,
  changes: readonly Change[],
  delivery: number | null,
  now: number,
): Promise<CommitResult> {
  const batch: Statement[] = [];
  const tasks: string[] = [];
  const allotted = new Map<string, Set<number>>();
  for (const change of changes) {
    const key = await changeTask(engine, change, allotted, batch, now);
    batch.push(...changeRest(key, change, now));
    tasks.push(key);
  }
  if (delivery !== null) {
    batch.push({ sql: PROCESS_DELIVERY, params: [delivery, tasks[0] ?? null, now], expect: 1 });
  }
  const result = await engine.atomic(batch);
  return result.kind === "done" ? { kind: "committed", tasks } : { kind: "conflict" };
}

/** Adds the statements about the task's own row; answers its key. */
async function changeTask(
  engine: Engine,
  change: Change,
  allotted: Map<string, Set<number>>,
  batch: Statement[],
  now: number,
): Promise<string> {
  const { task, base, events } = change;
  if (task.change !== "create") {
    if (base === null) throw new Error(`a task that does not exist cannot '${task.change}'`);
    batch.push(moveTask(base, task, events.length, now));
    return base.key;
  }
  const { project, prefix, wanted } = task.task;
  const taken = allotted.get(prefix) ?? new Set();
  const number = await freeNumber(engine, project, prefix, wanted, taken);
  allotted.set(prefix, taken.add(number));
  const key = `${prefix}-${number}`;
  batch.push(createTask(key, number, task.task, events.length, now), raiseNumber(project, prefix, number));
  return key;
}

/** Everything that hangs on the task. Jobs are moved before others are made: one live job per phase. */
function changeRest(key: string, change: Change, now: number): readonly Statement[] {
  const { replaces, refs, run, jobs, stopRuns, events, outbox } = change;
  const made = jobs.filter((job) => job.change === "create");
  const moved = jobs.filter((job) => job.change !== "create");
  const { account, wideHolds, raises } = change;
  return [
    ...(replaces === null ? [] : handOver(replaces, key)),
    ...refs.map((ref) => nameTask(key, ref)),
    ...(run === null ? [] : [moveRun(key, run, now)]),
    ...moved.flatMap((job) => moveJob(key, job, now)),
    ...made.flatMap((job) => createJob(key, job, now)),
    ...(account === null ? [] : [changeAccount(account)]),
    ...wideHolds.map((hold) => putWideHold(hold, now)),
    ...raises.map((raise) => raiseTask(key, raise)),
    ...(stopRuns === null ? [] : [{ sql: STOP_RUNS, params: [key, stopRuns], makes: "stops" as const }]),
    ...appendEvents(key, events, now),
    ...putCalls(key, outbox, now),
  ];
}

function createTask(key: string, number: number, task: NewTask, events: number, now: number): Statement {
  const { project, prefix, title, body, url, author, status, workflow, priority } = task;
  const finishedAt = taskMoves.final.includes(status) ? now : null;
  const text = [key, project, prefix, number, title, body, url, author, status, workflow, priority];
  return { sql: CREATE_TASK, params: [...text, events, now, finishedAt], expect: 1 };
}

type MoveOfTask = Exclude<TaskChange, { change: "create" }>;

function moveTask(
  base: { key: string; version: number },
  move: MoveOfTask,
  events: number,
  now: number,
): Statement {
  const { change, reason, branch, commit } = move;
  const params = [base.key, base.version, now, events, ...told(reason), branch ?? null, commit ?? null];
  return { sql: MOVE_TASK[change], params, expect: 1 };
}

function handOver(from: string, to: string): readonly Statement[] {
  return [
    { sql: SUCCEED_TASK, params: [from], expect: 1 },
    { sql: HAND_OVER_REFS, params: [from, to] },
  ];
}

function nameTask(key: string, { source, kind, id }: ExternalRef): Statement {
  return { sql: NAME_TASK, params: [key, source, kind, id], expect: 1 };
}

function createJob(
  key: string,
  job: Extract<JobChange, { change: "create" }>,
  now: number,
): readonly Statement[] {
  const { phase, agent, priority, holds } = job;
  return [
    { sql: CREATE_JOB, params: [key, phase, agent, priority, now], expect: 1, makes: "jobs" },
    ...holds.map((hold) => holdPhase(key, phase, hold, now)),
  ];
}

type MoveOfJob = Exclude<JobChange, { change: "create" }>;

function moveJob(key: string, job: MoveOfJob, now: number): readonly Statement[] {
  const { id, fence } = job;
  if (job.change === "hold") return [holdJob(key, id, fence, job.hold, now)];
  if (job.change === "release") return [releaseJob(key, id, fence, job.kind)];
  const { change, holds = [], counters, session, failure, reason } = job;
  const counted = [counters?.attempts ?? null, counters?.transients ?? null, counters?.interruptions ?? null];
  const params = [
    ...[id, fence, key, now],
    ...counted,
    ...told(session === undefined ? undefined : (session?.id ?? null)),
    session?.agent ?? null,
    ...told(failure),
    ...told(reason),
    session?.account ?? null,
  ];
  return [
    { sql: MOVE_JOB[change], params, expect: 1, makes: "jobs" },
    ...holds.map((hold) => holdJob(key, id, fence, hold, now)),
  ];
}

function moveRun(key: string, run: RunChange, now: number): Statement {
  const { change, id, onlyFrom = "", failure, reason, summary, session } = run;
  const params = [id, key, now, failure, reason, summary, session, onlyFrom];
  return { sql: MOVE_RUN[change], params, expect: 1, makes: "jobs" };
}

/** A field that may be left alone (`undefined`) or set, also to null: a flag and the value. */
function told(value: string | null | undefined): readonly [flag: number, value: string | null] {
  return value === undefined ? [0, null] : [1, value];
}
