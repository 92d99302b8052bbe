/**
 * What tasks have to do with one another, in rows: which needs which, and the lines of serial projects.
 *
 * B1. Edges are numbered, and whoever adds one takes the next number: of two who add at once, one sees the other, so
 *     that no circle comes to be. An edge that is dropped stays as a row, and its number is given once.
 * B2. Whoever adds an edge touches the needed task, and whoever ends a task moves it: of the two, the later one sees
 *     the other.
 * B3. Whoever joins a line, or leaves it, raises its number in the project's row: the same between those.
 */

import type { Between, Edge, Line, Need } from "../../workflow/between/between.ts";
import type { Parts } from "../../workflow/decide/change.ts";
import { taskMoves } from "../../workflow/states.ts";
import type { Differs, Engine, Row, Statement } from "../engine/engine.ts";
import { decode } from "../engine/row.ts";
import { LIVE } from "../rows/run.ts";

/** Of whom a decision wants to know. */
export interface BetweenQuery {
  /** Key of the task; `null` of one that is to be made. */
  readonly task: string | null;
  readonly project: string;
  /** Keys of tasks that it is to need. */
  readonly wanted: readonly string[];
  /** Keys of tasks that are over already, whatever their rows say. */
  readonly leaves: readonly string[];
}

export interface BetweenStore {
  look(query: BetweenQuery): Promise<Between>;
  /** What a task needs. */
  needs(task: string): Promise<readonly Need[]>;
  /** Unfinished tasks that need this one, in the order in which they were made. */
  dependents(task: string): Promise<readonly string[]>;
  /** Those in line for whom the end of a task may change something: the first of all, and who came behind it. */
  next(project: string, ended: string): Promise<readonly string[]>;
  /** Tasks that wait for others though they may not have to any more, the one that was made first, first. */
  overdue(): Promise<readonly string[]>;
  /** Unfinished tasks of which nothing goes on, nothing was written since an instant (ms), and nobody was told yet. */
  stuck(before: number): Promise<readonly StuckTask[]>;
}

export interface StuckTask {
  readonly key: string;
  /** How many jobs it has had. */
  readonly jobs: number;
}

/** Looked at in one go. */
const ROWS_MAX = 100;

const GIVEN: Differs = {
  sqlite: "select value as key from json_each($1)",
  postgres: "select value as key from json_array_elements_text(cast($1 as json)) as given (value)",
  because: "a list of any length as one parameter is JSON for both, and each takes it apart in its own words",
};

function withGiven(text: (given: string) => string): Differs {
  return { sqlite: text(GIVEN.sqlite), postgres: text(GIVEN.postgres), because: GIVEN.because };
}

const NEED = `t.key, t.status, t.version,
  (select count(*) from dependencies as n where n.needs = t.key and n.dropped_at is null) as dependents`;
const NEEDS = `
select ${NEED}, d.source from dependencies as d join tasks as t on t.key = d.needs
where d.task = $1 and d.dropped_at is null order by d.id`;
const WANTED = withGiven(
  (given) => `
select ${NEED}, null as source from (${given}) as given join tasks as t on t.key = given.key order by t.seq`,
);
const EDGES = withGiven(
  (given) => `
with recursive reached (key) as (
  ${given}
  union
  select d.needs from reached join dependencies as d on d.task = reached.key and d.dropped_at is null
)
select d.task, d.needs from reached cross join dependencies as d
where d.task = reached.key and d.dropped_at is null`,
);
const LAST_EDGE = "select coalesce(max(id), 0) as last from dependencies";
const DEPENDENTS = `
select d.task from dependencies as d join tasks as t on t.key = d.task
where d.needs = $1 and d.dropped_at is null and t.finished_at is null order by t.seq`;

/** A task has a job with such a hold. A cross join is one in the order of the text for SQLite: its few jobs lead. */
const waits = (kinds: string, t = "t"): string => `exists (select 1 from jobs as j cross join job_holds as h
    where j.task = ${t}.key and h.job = j.id and h.kind in (${kinds}))`;
const OTHERS = `from tasks as t
  where t.project = $1 and t.finished_at is null and t.key <> $2 and t.key <> $3`;
const LINE = `
select p.line, coalesce(
  (select t.key ${OTHERS} and ${waits("'serial'")}
     and t.seq < coalesce((select o.seq from tasks as o where o.key = $2), ${Number.MAX_SAFE_INTEGER})
   order by t.seq desc limit 1),
  (select t.key ${OTHERS} and not ${waits("'serial', 'dependency'")} order by t.seq limit 1)
) as before
from projects as p where p.name = $1 and p.serial = 1`;
const IN_LINE = `t.project = $1 and t.finished_at is null and t.key <> $2 and ${waits("'serial'")}`;
const NEXT = `
select t.key from tasks as t where t.seq in (
  (select min(t.seq) from tasks as t where ${IN_LINE}),
  (select min(t.seq) from tasks as t where ${IN_LINE} and t.seq > (select e.seq from tasks as e where e.key = $2))
) order by t.seq`;
/** Of a line only the head, so that a long one costs no more than a short one. */
const OVERDUE = `
select t.key from tasks as t join (
  select j.task, j.id from job_holds as h join jobs as j on j.id = h.job where h.kind = 'dependency' and not exists (
    select 1 from dependencies as d join tasks as n on n.key = d.needs
    where d.task = j.task and d.dropped_at is null and n.status <> 'done'
  )
  union
  select j.task, j.id from job_holds as h join jobs as j on j.id = h.job where h.kind = 'serial' and (
    not exists (select 1 from projects as p where p.name = j.project and p.serial = 1)
    or not exists (select 1 from job_holds as oh join jobs as o on o.id = oh.job
                   where oh.kind = 'serial' and oh.job < h.job and o.project = j.project)
  )
  union
  select w.key, 0 from tasks as w where w.status = 'waiting' and not ${waits("'serial', 'dependency'", "w")}
) as late on late.task = t.key
group by t.key, t.seq order by t.seq limit ${ROWS_MAX}`;
const STUCK = `
select t.key, (select count(*) from jobs as j where j.task = t.key) as jobs from tasks as t
where t.finished_at is null and t.status in ('active', 'waiting') and t.updated_at <= $1
  and not exists (select 1 from jobs as j where j.task = t.key and j.finished_at is null)
  and not exists (select 1 from runs as r where r.task = t.key and ${LIVE})
  and not exists (select 1 from approvals as a where a.task = t.key and a.status = 'pending')
  and not exists (select 1 from ci_waits as c where c.task = t.key and c.status = 'pending')
  and not exists (select 1 from merges as m where m.task = t.key and m.status = 'pending')
  and not exists (select 1 from questions as q where q.task = t.key and q.status = 'open')
  and not exists (select 1 from events as e where e.subject_kind = 'task' and e.subject = t.key
                  and e.key = 'stuck:' || (select count(*) from jobs as j where j.task = t.key))
order by t.seq limit ${ROWS_MAX}`;

const ADD = "insert into dependencies (id, task, needs, source, since) values ($1, $2, $3, $4, $5)";
/** B2. */
const TOUCH = "update tasks set version = version + 1 where key = $1 and version = $2";
const DROP = "update dependencies set dropped_at = $3 where task = $1 and needs = $2 and dropped_at is null";
/** B3. */
const MOVE_UP = "update projects set line = line + 1 where name = $1 and line = $2";

export function betweenStore(engine: Engine): BetweenStore {
  const needs = async (task: string): Promise<readonly Need[]> =>
    (await engine.all(NEEDS, [task])).map(readNeed);
  return {
    needs,
    look: async ({ task, project, wanted, leaves }) => {
      const isAdding = wanted.length > 0;
      const given = [JSON.stringify(wanted)];
      const [needed, found, edges, [last], [line]] = await Promise.all([
        task === null ? [] : needs(task),
        isAdding ? engine.all(WANTED, given) : [],
        isAdding ? engine.all(EDGES, given) : [],
        isAdding ? engine.all(LAST_EDGE, []) : [],
        engine.all(LINE, [project, task ?? "", leaves[0] ?? ""]),
      ]);
      return {
        needs: needed,
        wanted: found.map(readNeed),
        edges: edges.map(readEdge),
        lastEdge: last === undefined ? 0 : decode("dependencies", last).integer("last"),
        line: line === undefined ? null : readLine(project, line),
      };
    },
    dependents: async (task) =>
      (await engine.all(DEPENDENTS, [task])).map((row) => decode("dependencies", row).text("task")),
    next: async (project, ended) => keysOf(await engine.all(NEXT, [project, ended])),
    overdue: async () => keysOf(await engine.all(OVERDUE, [])),
    stuck: async (before) =>
      (await engine.all(STUCK, [before])).map((row) => {
        const { text, integer } = decode("tasks", row);
        return { key: text("key"), jobs: integer("jobs") };
      }),
  };
}

function keysOf(rows: readonly Row[]): readonly string[] {
  return rows.map((row) => decode("tasks", row).text("key"));
}

function readNeed(row: Row): Need {
  const { text, textOrNull, integer, status } = decode("tasks", row);
  return {
    key: text("key"),
    source: textOrNull("source"),
    status: status("status", taskMoves.statuses),
    version: integer("version"),
    dependents: integer("dependents"),
  };
}

function readEdge(row: Row): Edge {
  const { text } = decode("dependencies", row);
  return { task: text("task"), needs: text("needs") };
}

function readLine(project: string, row: Row): Line {
  const { integer, textOrNull } = decode("projects", row);
  return { project, version: integer("line"), before: textOrNull("before") };
}

export function writeDependencies(
  { dependencies }: Pick<Parts, "dependencies">,
  task: string,
  now: number,
): readonly Statement[] {
  return dependencies.flatMap((one): readonly Statement[] =>
    one.change === "drop"
      ? [{ sql: DROP, params: [task, one.needs, now], expect: 1 }]
      : [
          { sql: TOUCH, params: [one.needs, one.version], expect: 1 },
          { sql: ADD, params: [one.number, task, one.needs, one.source, now], expect: 1 },
        ],
  );
}

export function writeLine({ line }: Pick<Parts, "line">): readonly Statement[] {
  return line === null ? [] : [{ sql: MOVE_UP, params: [line.project, line.version], expect: 1 }];
}
