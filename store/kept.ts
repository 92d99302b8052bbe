/**
 * Kept work: rows that decisions write, with what they tell of it, in one transaction (I15). What lies behind a row, in
 * git, is nothing that this room knows.
 */

import type { Parts } from "../workflow/decide/change.ts";
import type { Kept, KeptChange } from "../workflow/kept.ts";
import { type KeptStatus, keptMoves } from "../workflow/kept.ts";
import { KEPT_LOOKED_AT_MAX } from "../workflow/limits.ts";
import type { Engine, Row, Statement, Value } from "./engine/engine.ts";
import { textPerMove } from "./engine/moves.ts";
import type { Page, PageQuery } from "./engine/page.ts";
import { readPage, statusIs } from "./engine/page.ts";
import { decode } from "./engine/row.ts";

export interface KeptStore {
  /** Whatever was ever kept of a task, newest first, at most {@link KEPT_LOOKED_AT_MAX}. */
  ofTask(task: string): Promise<readonly Kept[]>;
  list(
    query: PageQuery & {
      readonly project?: string | undefined;
      readonly task?: string | undefined;
      readonly status?: KeptStatus | undefined;
    },
  ): Promise<Page<Kept>>;
  /** How many works are kept now. */
  count(): Promise<number>;
  /** Kept, and time to tell that it will go; by number, from behind `after`. */
  toTell(now: number, after: number, limit: number): Promise<readonly Kept[]>;
  /** Kept, told, and its time is over; by number, from behind `after`. */
  toExpire(now: number, after: number, limit: number): Promise<readonly Kept[]>;
}

const OF_TASK = `select * from kept where task = $1 order by id desc limit ${KEPT_LOOKED_AT_MAX}`;
const COUNT = "select count(*) as works from kept where status = 'kept'";
const TO_TELL = `
select * from kept where status = 'kept' and told_at is null and tell_at <= $1 and id > $2 order by id limit $3`;
const TO_EXPIRE = `
select * from kept where status = 'kept' and told_at is not null and until <= $1 and id > $2 order by id limit $3`;

/** The newer work of a name stands in the row of the older one, which it has replaced under their ref. */
const KEEP = `
insert into kept (task, project, run, name, ref, commit_id, branch, files, reason, remedy, kept_at, tell_at, until)
select key, project, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12 from tasks where key = $1
on conflict (task, name) where status = 'kept' do update set run = excluded.run, ref = excluded.ref,
  commit_id = excluded.commit_id, branch = excluded.branch, files = excluded.files, reason = excluded.reason,
  remedy = excluded.remedy, kept_at = excluded.kept_at, tell_at = excluded.tell_at, until = excluded.until,
  told_at = null`;
const TELL = "update kept set told_at = $3, until = $4 where id = $1 and task = $2 and status = 'kept'";
const MOVE = textPerMove(
  keptMoves,
  ({ set, from }) =>
    `update kept set ${set}, branch = coalesce($4, branch) where id = $1 and task = $2 and commit_id = $5 and ${from}`,
  "$3",
);

export function keptStore(engine: Engine): KeptStore {
  const read = async (sql: string, params: readonly Value[]): Promise<readonly Kept[]> =>
    (await engine.all(sql, params)).map(readKept);
  return {
    ofTask: (task) => read(OF_TASK, [task]),
    list: (query) =>
      readPage(
        engine,
        {
          columns: "*",
          table: "kept",
          order: "id",
          filters: [
            statusIs(query.status, keptMoves.statuses),
            { column: "project", equals: query.project },
            { column: "task", equals: query.task },
          ],
          decode: readKept,
          position: (row) => decode("kept", row).integer("id"),
        },
        query,
      ),
    count: async () => {
      const [row] = await engine.all(COUNT, []);
      return row === undefined ? 0 : decode("kept", row).integer("works");
    },
    toTell: (now, after, limit) => read(TO_TELL, [now, after, limit]),
    toExpire: (now, after, limit) => read(TO_EXPIRE, [now, after, limit]),
  };
}

/** What a change keeps, and what it keeps no more. */
export function writeKept({ kept }: Pick<Parts, "kept">, task: string, now: number): readonly Statement[] {
  return kept.map((change) => statementOf(change, task, now));
}

function statementOf(change: KeptChange, task: string, now: number): Statement {
  switch (change.change) {
    case "keep": {
      const { run, tellAt, until } = change;
      const { name, ref, commit, branch, files, reason, remedy } = change.work;
      const work = [name, ref, commit, branch, files, reason, remedy];
      return { sql: KEEP, params: [task, run, ...work, now, tellAt, until], expect: 1 };
    }
    case "tell":
      return { sql: TELL, params: [change.id, task, now, change.until], expect: 1 };
    default: {
      const { id, commit, branch = null } = change;
      return { sql: MOVE[change.change], params: [id, task, now, branch, commit], expect: 1 };
    }
  }
}

function readKept(row: Row): Kept {
  const { text, textOrNull, integer, integerOrNull, status } = decode("kept", row);
  return {
    id: integer("id"),
    task: text("task"),
    project: text("project"),
    run: textOrNull("run"),
    name: text("name"),
    ref: text("ref"),
    commit: text("commit_id"),
    branch: text("branch"),
    files: integer("files"),
    reason: text("reason"),
    remedy: textOrNull("remedy"),
    status: status("status", keptMoves.statuses),
    keptAt: integer("kept_at"),
    tellAt: integer("tell_at"),
    toldAt: integerOrNull("told_at"),
    until: integer("until"),
    finishedAt: integerOrNull("finished_at"),
  };
}
