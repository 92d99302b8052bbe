/** Tasks: reads. Whatever changes one is a decision, and written by `commit.ts`. */

import type { Change } from "../workflow/decide/change.ts";
import type { TaskEvent } from "../workflow/event.ts";
import type { TaskStatus } from "../workflow/states.ts";
import { taskMoves } from "../workflow/states.ts";
import type { ExternalRef, Task } from "../workflow/task.ts";
import type { CommitResult } from "./commit.ts";
import { commit } from "./commit.ts";
import type { Engine, Row, Value } from "./engine/engine.ts";
import type { Page, PageQuery } from "./engine/page.ts";
import { type Filter, readPage, statusIs } from "./engine/page.ts";
import { decode, refOf } from "./engine/row.ts";
import { countEvents, hasEvent, readEvents } from "./events.ts";

export interface TaskStore {
  get(key: string): Promise<Task | null>;
  /** The task that any of these names stands for in this project. */
  find(project: string, refs: readonly ExternalRef[]): Promise<Task | null>;
  /** The task that works on this branch. */
  findByBranch(project: string, branch: string): Promise<Task | null>;
  list(
    query: PageQuery & {
      readonly project?: string | undefined;
      readonly status?: TaskStatus | undefined;
      readonly ready?: boolean | undefined;
    },
  ): Promise<Page<Task>>;
  refs(key: string): Promise<readonly ExternalRef[]>;
  /** Events after `after`, oldest first. */
  events(key: string, after: number, limit: number): Promise<readonly TaskEvent[]>;
  /** Whether an event with this key is in the task's history. */
  hasEvent(key: string, eventKey: string): Promise<boolean>;
  countEvents(key: string, kind: string, since: number): Promise<number>;
  /**
   * Commits decisions, and with them the delivery that caused them, in one transaction (I2). Each change is a
   * compare-and-set on its task's version; task numbers are walked forward inside.
   */
  commit(changes: readonly Change[], delivery: number | null, now: number): Promise<CommitResult>;
}

const GET = "select * from tasks where key = $1";

const FIND = `
select tasks.* from refs join tasks on tasks.key = refs.task
where refs.project = $1 and refs.source = $2 and refs.kind = $3 and refs.ext_id = $4`;

const FIND_BY_BRANCH = "select * from tasks where project = $1 and branch = $2 order by seq desc limit 1";

const REFS = "select source, kind, ext_id from refs where task = $1 order by source, kind, ext_id";

/** Claimable now, as far as the task itself goes. */
const READY = "exists (select 1 from jobs where jobs.task = tasks.key and jobs.status = 'queued')";

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
    refs: async (key) => (await engine.all(REFS, [key])).map(readRef),
    events: (key, after, limit) => readEvents(engine, key, after, limit),
    hasEvent: (key, eventKey) => hasEvent(engine, key, eventKey),
    countEvents: (key, kind, since) => countEvents(engine, key, kind, since),
    commit: (changes, delivery, now) => commit(engine, changes, delivery, now),
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

function readTask(row: Row): Task {
  const { text, textOrNull, integer, integerOrNull, status } = decode("tasks", row);
  return {
    key: text("key"),
    project: text("project"),
    prefix: text("prefix"),
    number: integer("number"),
    title: text("title"),
    body: text("body"),
    url: textOrNull("url"),
    author: textOrNull("author"),
    status: status("status", taskMoves.statuses),
    reason: textOrNull("reason"),
    workflow: text("workflow"),
    priority: integer("priority"),
    branch: textOrNull("branch"),
    commit: textOrNull("published_commit"),
    version: integer("version"),
    events: integer("events"),
    createdAt: integer("created_at"),
    updatedAt: integer("updated_at"),
    finishedAt: integerOrNull("finished_at"),
  };
}
