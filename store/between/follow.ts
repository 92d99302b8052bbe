/**
 * Tasks that follow one another: each goes on from one that is done, and a done one is followed once.
 *
 * F1. Whoever follows a task takes over its names, and what people have said there and nobody has heard.
 * F2. A task is followed once by the index on `follows`: of two who open one at a time, the later one finds the other.
 */

import type { Parts } from "../../workflow/decide/change.ts";
import { taskMoves } from "../../workflow/states.ts";
import type { Task } from "../../workflow/task.ts";
import type { Engine, Statement } from "../engine/engine.ts";
import { literals } from "../engine/legality.ts";
import { decode } from "../engine/row.ts";
import { readTask } from "../rows/task.ts";

export interface FollowStore {
  /** The last of those that follow it, one after another; itself where nothing does. */
  newest(task: Task): Promise<Task>;
  /** Key of the one that follows it. */
  by(key: string): Promise<string | null>;
  /**
   * Tasks that were done before they had heard all that others have said, and that nothing follows, of each project in
   * turn; some at a time. What the daemon itself has said is no wish of anybody, and a project that has left the
   * configuration has nobody to play.
   */
  unheard(): Promise<readonly Pick<Task, "key" | "project">[]>;
}

/** Looked at in one go. */
const ROWS_MAX = 100;

const NEWEST = `
with recursive chain (key, seq) as (
  select key, seq from tasks where key = $1
  union all
  select t.key, t.seq from chain join tasks as t on t.follows = chain.key
)
select tasks.* from chain join tasks on tasks.key = chain.key order by chain.seq desc limit 1`;
const BY = "select key from tasks where follows = $1";
/** A cross join is one in the order of the text for SQLite: what nobody has heard leads. */
const UNHEARD = `
select key, project from (
  select said.task as key, tasks.project, row_number() over (partition by tasks.project order by tasks.seq) as turn
  from (select distinct task from feedback where heard_by is null and said_from <> 'daemon') as said
  cross join tasks join projects on projects.name = tasks.project
  where tasks.key = said.task and tasks.status = 'done' and projects.configured = 1
    and not exists (select 1 from tasks as next where next.follows = tasks.key)
) as unheard order by turn, key limit ${ROWS_MAX}`;

/** The old task is touched, so that somebody who restarts it at the same time and we cannot both succeed. */
const SUCCEED = `update tasks set version = version + 1 where key = $1 and status in (${literals(taskMoves.final)})`;
const HAND_OVER_REFS = "update refs set task = $2 where task = $1";
const HAND_OVER_WORDS = "update feedback set task = $2 where task = $1 and heard_by is null";

export function followStore(engine: Engine): FollowStore {
  return {
    newest: async (task) => {
      const [row] = await engine.all(NEWEST, [task.key]);
      return row === undefined ? task : readTask(row);
    },
    by: async (key) => {
      const [row] = await engine.all(BY, [key]);
      return row === undefined ? null : decode("tasks", row).text("key");
    },
    unheard: async () =>
      (await engine.all(UNHEARD, [])).map((row) => {
        const { text } = decode("tasks", row);
        return { key: text("key"), project: text("project") };
      }),
  };
}

/** F1. */
export function writeSuccession({ replaces }: Pick<Parts, "replaces">, task: string): readonly Statement[] {
  if (replaces === null) return [];
  return [
    { sql: SUCCEED, params: [replaces], expect: 1 },
    { sql: HAND_OVER_REFS, params: [replaces, task] },
    { sql: HAND_OVER_WORDS, params: [replaces, task] },
  ];
}
