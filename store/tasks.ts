/**
 * Tasks: reads, and how a change of one is written. Whatever changes a task is a decision, and all of it is one
 * transaction of `commit.ts`.
 */

import type { Change, Parts } from "../workflow/decide/change.ts";
import type { TaskStatus } from "../workflow/states.ts";
import { taskMoves } from "../workflow/states.ts";
import {
  type ExternalRef,
  FROM_REPOSITORY,
  type NewTask,
  type Task,
  type TaskChange,
} from "../workflow/task.ts";
import { READY } from "./between/freezes.ts";
import { unsettleCards } from "./chat/cards.ts";
import { type NumberGiven, numbersGiven, raiseCounter, raiseNumber } from "./counters.ts";
import type { Engine, Row, Statement, Value } from "./engine/engine.ts";
import { textPerMove, told } from "./engine/moves.ts";
import type { Page, PageQuery } from "./engine/page.ts";
import { type Filter, readPage, statusIs } from "./engine/page.ts";
import { decode, refOf } from "./engine/row.ts";
import { freeNumber } from "./numbers.ts";
import { adoptOutside, unsettleOutside } from "./outside/faces.ts";
import { pinWorkflow } from "./phases/workflows.ts";
import { readTask } from "./rows/task.ts";

export interface TaskStore {
  get(key: string): Promise<Task | null>;
  /** The task that any of these names stands for in this project. */
  find(project: string, refs: readonly ExternalRef[]): Promise<Task | null>;
  /** The newest task that works on this branch. */
  findByBranch(project: string, branch: string): Promise<Task | null>;
  /** Tasks whose newest published commit this is, newest first; some, where there are many. */
  findByCommit(project: string, commit: string): Promise<readonly Task[]>;
  list(
    query: PageQuery & {
      readonly project?: string | undefined;
      readonly status?: TaskStatus | undefined;
      readonly ready?: boolean | undefined;
    },
  ): Promise<Page<Task>>;
  refs(key: string): Promise<readonly ExternalRef[]>;
  /** The highest number that was given out, per project and prefix. */
  numbers(): Promise<readonly NumberGiven[]>;
  /** Gives out no number up to these any more; none falls. */
  keepNumbers(numbers: readonly NumberGiven[]): Promise<void>;
}

const GET = "select * from tasks where key = $1";

const FIND = `
select tasks.* from refs join tasks on tasks.key = refs.task
where refs.project = $1 and refs.source = $2 and refs.kind = $3 and refs.ext_id = $4`;

const FIND_BY_BRANCH = "select * from tasks where project = $1 and branch = $2 order by seq desc limit 1";

/** More than one is too many to choose from. */
const FIND_BY_COMMIT =
  "select * from tasks where project = $1 and published_commit = $2 order by seq desc limit 5";

const REFS = "select source, kind, ext_id from refs where task = $1 order by source, kind, ext_id";

const CREATE_TASK = `
insert into tasks (key, project, prefix, number, title, body, url, author, status, workflow, priority, events,
                   created_at, updated_at, finished_at, workflow_hash, agents, base, model, effort, chosen, follows, branch, agent,
                   chosen_agent)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)`;

/** What a write makes of a pause; `renews` gives another end to one that goes on. */
const PAUSE = { stays: 0, begins: 1, renews: 2, ends: 3 } as const;

/** `$4` is the number of events; `$5` says whether `$6` replaces the reason; `$10` what becomes of a pause. */
const TASK_WRITES = `version = version + 1, events = events + $4, updated_at = $3,
  reason = case when $5 = 1 then $6 else reason end,
  branch = coalesce($7, branch), published_commit = coalesce($8, published_commit),
  files = coalesce($9, files), agents = coalesce($12, agents),
  workflow = coalesce($13, workflow), workflow_hash = coalesce($14, workflow_hash),
  paused_at = case when $10 = ${PAUSE.begins} then $3 when $10 = ${PAUSE.ends} then null else paused_at end,
  paused_until = case when $10 = ${PAUSE.stays} then paused_until else cast($11 as bigint) end`;
const MOVE_TASK = {
  ...textPerMove(
    taskMoves,
    ({ set, from }) => `update tasks set ${set}, ${TASK_WRITES} where key = $1 and version = $2 and ${from}`,
    "$3",
  ),
  keep: `update tasks set ${TASK_WRITES} where key = $1 and version = $2`,
};

/** Moves that may leave a final status. */
const BEGIN_AGAIN: ReadonlySet<string> = new Set(
  taskMoves.edges.flatMap(({ move, from }) => (taskMoves.final.some((end) => end === from) ? [move] : [])),
);

const NAME_TASK = `
insert into refs (project, source, kind, ext_id, task) select project, $2, $3, $4, key from tasks where key = $1
on conflict (project, source, kind, ext_id) do update set task = excluded.task where refs.task = excluded.task`;

export function taskStore(engine: Engine): TaskStore {
  const one = async (sql: string, params: readonly Value[]): Promise<Task | null> => {
    const [row] = await engine.all(sql, params);
    return row === undefined ? null : readTask(row);
  };
  return {
    get: (key) => one(GET, [key]),
    find: async (project, refs) => {
      for (const { source, kind, id } of refs) {
        const task = await one(FIND, [project, source, kind, id]);
        if (task !== null) return task;
      }
      return null;
    },
    findByBranch: (project, branch) => one(FIND_BY_BRANCH, [project, branch]),
    findByCommit: async (project, commit) =>
      (await engine.all(FIND_BY_COMMIT, [project, commit])).map(readTask),
    list: (query) =>
      readPage(
        engine,
        {
          columns: "*",
          table: "tasks",
          order: "seq",
          filters: [
            statusIs(query.status, taskMoves.statuses),
            { column: "project", equals: query.project },
            readiness(query.ready),
          ],
          decode: readTask,
          position: (row) => decode("tasks", row).integer("seq"),
        },
        query,
      ),
    numbers: () => numbersGiven(engine),
    keepNumbers: async (numbers) => {
      if (numbers.length > 0) await engine.atomic(numbers.map(raiseCounter));
    },
    refs: async (key) => (await engine.all(REFS, [key])).map(readRef),
  };
}

function readiness(ready: boolean | undefined): Filter {
  if (ready === undefined) return { condition: undefined };
  return { condition: ready ? READY : `not ${READY}` };
}

function readRef(row: Row): ExternalRef {
  const columns = decode("refs", row);
  return { source: refOf(columns), kind: columns.text("kind"), id: columns.text("ext_id") };
}

/** Numbers given to other tasks of the same transaction, by prefix. */
export type Allotted = Map<string, Set<number>>;

/** The statements about the task's own row, and its key. It reads, to find a number for a new one. */
export async function writeTask(
  engine: Engine,
  { task, base, events, replaces }: Change,
  allotted: Allotted,
  now: number,
): Promise<{ readonly key: string; readonly statements: readonly Statement[] }> {
  if (task.change !== "create") {
    if (base === null) throw new Error(`a task that does not exist cannot '${task.change}'`);
    const begins = task.workflow === undefined ? null : pinWorkflow(task.workflow, now);
    const pin = begins === null ? [] : [begins.statement];
    return {
      key: base.key,
      statements: [
        ...pin,
        moveTask(base, task, begins?.hash ?? null, events.length, now),
        ...unsettleCards(base.key, BEGIN_AGAIN.has(task.change)),
        unsettleOutside(base.key),
      ],
    };
  }
  const { project, prefix, wanted } = task.task;
  const taken = allotted.get(prefix) ?? new Set();
  const number = await freeNumber(engine, project, prefix, wanted, taken);
  allotted.set(prefix, taken.add(number));
  const key = `${prefix}-${number}`;
  const { workflow } = task.task;
  const pinned = workflow === null ? null : pinWorkflow(workflow, now);
  const created = createTask(key, number, task.task, [pinned?.hash ?? null, replaces], events.length, now);
  const pin = pinned === null ? [] : [pinned.statement];
  const counted = raiseNumber(project, prefix, number);
  return { key, statements: [...pin, created, adoptOutside(key), counted] };
}

function createTask(
  key: string,
  number: number,
  task: NewTask,
  [hash, follows]: readonly [hash: string | null, follows: string | null],
  events: number,
  now: number,
): Statement {
  const { project, prefix, title, body, url, author, status, agents, agent, base, pins, priority, branch } =
    task;
  const workflow = task.workflow?.name ?? FROM_REPOSITORY;
  const finishedAt = taskMoves.final.includes(status) ? now : null;
  const text = [key, project, prefix, number, title, body, url, author, status, workflow, priority];
  const chosen = [base, pins.model, pins.effort, JSON.stringify(pins.agents)];
  const pinned = [hash, JSON.stringify(agents), ...chosen, follows, branch, agent, pins.agent];
  const params = [...text, events, now, finishedAt, ...pinned];
  return { sql: CREATE_TASK, params, expect: 1, makes: "cards" };
}

type MoveOfTask = Exclude<TaskChange, { change: "create" }>;

function moveTask(
  base: { key: string; version: number },
  move: MoveOfTask,
  hash: string | null,
  events: number,
  now: number,
): Statement {
  const { change, reason, branch, commit, files, workflow, agents, pausedUntil = null } = move;
  const params = [
    base.key,
    base.version,
    now,
    events,
    ...told(reason),
    branch ?? null,
    commit ?? null,
    files ?? null,
    PAUSE[fateOfPause(move)],
    pausedUntil,
    agents === undefined ? null : JSON.stringify(agents),
    workflow?.name ?? null,
    hash,
  ];
  const isTimed = pausedUntil !== null;
  return { sql: MOVE_TASK[change], params, expect: 1, makes: isTimed ? ["pauses", "cards"] : "cards" };
}

function fateOfPause({ change, pausedUntil }: MoveOfTask): keyof typeof PAUSE {
  if (change === "pause") return "begins";
  if (change !== "keep") return "ends";
  return pausedUntil === undefined ? "stays" : "renews";
}

/** A name that another task has is a conflict. */
export function writeNames({ refs }: Pick<Parts, "refs">, task: string): readonly Statement[] {
  return refs.map(({ source, kind, id }) => ({
    sql: NAME_TASK,
    params: [task, source, kind, id],
    expect: 1,
  }));
}
