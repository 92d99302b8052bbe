/** How tasks read before somebody has changed them. */

import type { Parts } from "../../workflow/decide/change.ts";
import type { Engine, Row, Statement } from "../engine/engine.ts";
import { decode } from "../engine/row.ts";

export interface KeptRevision {
  /** From 1, oldest first. */
  readonly number: number;
  readonly title: string;
  readonly body: string;
  /** Who has changed it then, and when (ms). */
  readonly replacedBy: string;
  readonly replacedAt: number;
}

export interface RevisionStore {
  /** Newest first; some, where there are many. */
  ofTask(task: string): Promise<readonly KeptRevision[]>;
}

/** Shown of one task. */
const ROWS_MAX = 100;

const OF_TASK = `select * from revisions where task = $1 order by number desc limit ${ROWS_MAX}`;

const KEEP = `
insert into revisions (task, number, title, body, replaced_by, replaced_at)
select key, (select coalesce(max(number), 0) + 1 from revisions where task = $1), title, body,
  cast($2 as text), cast($3 as bigint)
from tasks where key = $1`;
const EDIT = "update tasks set title = $2, body = $3 where key = $1";

export function revisionStore(engine: Engine): RevisionStore {
  return { ofTask: async (task) => (await engine.all(OF_TASK, [task])).map(readRevision) };
}

/** What it was is kept first. */
export function writeRevision(
  { revision }: Pick<Parts, "revision">,
  task: string,
  now: number,
): readonly Statement[] {
  if (revision === null) return [];
  const { title, body, by } = revision;
  return [
    { sql: KEEP, params: [task, by, now], expect: 1 },
    { sql: EDIT, params: [task, title, body], expect: 1 },
  ];
}

function readRevision(row: Row): KeptRevision {
  const { integer, text } = decode("revisions", row);
  return {
    number: integer("number"),
    title: text("title"),
    body: text("body"),
    replacedBy: text("replaced_by"),
    replacedAt: integer("replaced_at"),
  };
}
