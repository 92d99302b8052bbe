/**
 * Retention: what is old and belongs to nothing that still goes on is deleted, a little at a time.
 *
 * Y1. A step walks a few rows in the order in which they were made, and tells where the next one begins: no step scans
 *     a table, and what is kept is passed over once per walk.
 * Y2. Nothing of a task that is not finished is deleted, no delivery that was not handled, and no call that is owed.
 * Y3. The newest delivery, and the newest call, stays, or SQLite would give its number to another.
 * Y4. Tasks, jobs, runs and usage stay, so what was used and spent is still counted (I8); so do phases, approvals and
 *     the hashes of artifacts: they are small, and say who found what good.
 */

import type { Engine, Row } from "./engine/engine.ts";
import { decode } from "./engine/row.ts";

export interface Step {
  readonly deleted: number;
  /** Where the next step begins; `null` when everything old was looked at. */
  readonly next: number | null;
}

export interface RetentionStore {
  /** Deliveries that were handled before `before` (ms), from those made after the position `after` on. */
  deliveries(after: number, before: number): Promise<Step>;
  /** The history of tasks that were finished before `before` (ms), and the texts that belong to it, in the same way. */
  events(after: number, before: number): Promise<Step>;
  /** Calls to the outside that were over before `before` (ms), in the same way. */
  calls(after: number, before: number): Promise<Step>;
  /** Messages in chats that are gone, and what else than cards was said there before `before` (ms), in the same way. */
  messages(after: number, before: number): Promise<Step>;
}

const DELIVERIES_PER_STEP = 200;
const TASKS_PER_STEP = 50;
const CALLS_PER_STEP = 200;

const LOOK_AT_DELIVERIES = `
select id as position, received_at as made_at from deliveries where id > $1 order by id limit ${DELIVERIES_PER_STEP}`;
const DELETE_DELIVERIES = `
delete from deliveries where id > $1 and id <= $2 and finished_at < $3 and id < (select max(id) from deliveries)
and (task is null or not exists (select 1 from tasks where tasks.key = deliveries.task and tasks.finished_at is null))
returning id`;

const LOOK_AT_TASKS = `
select seq as position, created_at as made_at from tasks where seq > $1 order by seq limit ${TASKS_PER_STEP}`;
const DELETE_EVENTS = `
delete from events where subject_kind = 'task' and subject in (
  select key from tasks where seq > $1 and seq <= $2 and finished_at < $3
) returning seq`;

/** The hash says still what was approved; problems repeat words of the text. A task that begins again has new ones. */
const EMPTY_ARTIFACTS = `
update artifacts set content = '', problems = '[]' where (content <> '' or problems <> '[]') and task in (
  select key from tasks where seq > $1 and seq <= $2 and finished_at < $3
)`;
/** What nobody has heard yet is told with a retry. */
const DELETE_FEEDBACK = `
delete from feedback where heard_by is not null and task in (
  select key from tasks where seq > $1 and seq <= $2 and finished_at < $3
)`;

const LOOK_AT_CALLS = `
select id as position, created_at as made_at from outbox where id > $1 order by id limit ${CALLS_PER_STEP}`;
const DELETE_CALLS = `
delete from outbox where id > $1 and id <= $2 and finished_at < $3 and id < (select max(id) from outbox) returning id`;
/** Whoever was told so long ago may be told again. */
const DELETE_REPLIES = "delete from replies where at < $3 and cast($1 as bigint) <= cast($2 as bigint)";

const LOOK_AT_MESSAGES = `
select id as position, begun_at as made_at from messages where id > $1 order by id limit ${CALLS_PER_STEP}`;
const DELETE_MESSAGES = `
delete from messages where id > $1 and id <= $2 and begun_at < $3
and (finished_at < $3 or (status = 'shown' and purpose in ('notice', 'reply', 'digest'))) returning id`;

const FORGET_TASKS = [DELETE_EVENTS, EMPTY_ARTIFACTS, DELETE_FEEDBACK];

export function retentionStore(engine: Engine): RetentionStore {
  const step = async (
    look: string,
    limit: number,
    removes: readonly string[],
    after: number,
    before: number,
  ): Promise<Step> => {
    const rows = (await engine.all(look, [after])).map(readPosition);
    const young = rows.findIndex(({ madeAt }) => madeAt >= before);
    const last = rows.at(young === -1 ? -1 : young - 1);
    // `at(-1)` of a list that begins with a young one is its end.
    if (last === undefined || young === 0) return { deleted: 0, next: null };
    const params = [after, last.position, before];
    const result = await engine.atomic(removes.map((sql) => ({ sql, params })));
    const deleted = result.kind === "done" ? (result.changed[0] ?? 0) : 0;
    return { deleted, next: young === -1 && rows.length === limit ? last.position : null };
  };
  return {
    deliveries: (after, before) =>
      step(LOOK_AT_DELIVERIES, DELIVERIES_PER_STEP, [DELETE_DELIVERIES], after, before),
    events: (after, before) => step(LOOK_AT_TASKS, TASKS_PER_STEP, FORGET_TASKS, after, before),
    calls: (after, before) =>
      step(LOOK_AT_CALLS, CALLS_PER_STEP, [DELETE_CALLS, DELETE_REPLIES], after, before),
    messages: (after, before) => step(LOOK_AT_MESSAGES, CALLS_PER_STEP, [DELETE_MESSAGES], after, before),
  };
}

function readPosition(row: Row): { readonly position: number; readonly madeAt: number } {
  const { integer } = decode("retention", row);
  return { position: integer("position"), madeAt: integer("made_at") };
}
