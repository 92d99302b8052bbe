/**
 * The outbox: calls to the outside, committed with the change or the notice that caused them and made afterwards
 * (`notifier/loop.ts`).
 *
 * X1. A try is counted before it is made. So a call whose try nobody has seen the end of is known (`begun_at`), and one
 *     that brings the daemon down does not do so for ever.
 * X2. A try that fails says nothing about a newer one: only the newest may put the call off, or give it up. That a call
 *     has arrived is true whoever says so.
 * X3. A notice becomes its calls, one per channel, in one transaction; so each is made of it once.
 */

import type { Parts } from "../workflow/decide/change.ts";
import type { NewCall, OutboxCall } from "../workflow/outbox.ts";
import type { OutboxStatus } from "../workflow/states.ts";
import { outboxMoves } from "../workflow/states.ts";
import { aboutTask, type Subject } from "../workflow/subject.ts";
import type { Engine, Row, Statement } from "./engine/engine.ts";
import { moveSql, tookEffect } from "./engine/moves.ts";
import type { Page, PageQuery } from "./engine/page.ts";
import { readPage, statusIs } from "./engine/page.ts";
import { decode, subjectOf } from "./engine/row.ts";

/** Calls that are owed to one target. */
export interface Owed {
  readonly target: string;
  /** When the first of them is due (ms). */
  readonly dueAt: number;
}

/** Calls of one target that were given up. */
export interface GivenUp {
  readonly target: string;
  readonly calls: number;
  /** When the last one was (ms). */
  readonly lastAt: number;
}

export interface OutboxStore {
  /** By target, whatever is pending. Its cost grows with the targets, not with what is owed to them. */
  owed(): Promise<readonly Owed[]>;
  /** Pending calls of a target whose time has come, the one that waits longest first. */
  due(target: string, now: number, limit: number): Promise<readonly OutboxCall[]>;
  /** X1. False when somebody else has begun a try since the call was read, or it is pending no more. */
  begin(call: Pick<OutboxCall, "id" | "tries">, now: number): Promise<boolean>;
  sent(id: number, now: number): Promise<boolean>;
  /** X2. Another try later. `isUnsure`: nobody knows whether this or an earlier try has arrived. */
  putOff(
    call: Pick<OutboxCall, "id" | "tries">,
    error: string,
    dueAt: number,
    isUnsure: boolean,
  ): Promise<boolean>;
  /** X2. */
  bury(call: Pick<OutboxCall, "id" | "tries">, error: string, now: number): Promise<boolean>;
  /** X3. False when it was done before. */
  split(notice: OutboxCall, calls: readonly NewCall[], now: number): Promise<boolean>;
  /** Gives up whatever is owed to a target; returns how many. */
  buryTarget(target: string, error: string, now: number): Promise<number>;
  /** Gives up every call that is pending; returns how many. */
  buryAll(error: string, now: number): Promise<number>;
  /** What was given up and not dropped since, except calls of the kind `except`. */
  givenUp(except: string): Promise<readonly GivenUp[]>;
  /** A person wants it tried at once, with new patience; also one that is pending. False when it is over. */
  retry(id: number, now: number): Promise<boolean>;
  /** A person does not want it. False when it is over already. */
  drop(id: number, now: number): Promise<boolean>;
  get(id: number): Promise<OutboxCall | null>;
  /** How many are pending, and how many were given up. */
  counts(): Promise<{ readonly pending: number; readonly dead: number }>;
  list(
    query: PageQuery & {
      readonly status?: OutboxStatus | undefined;
      readonly target?: string | undefined;
    },
  ): Promise<Page<OutboxCall>>;
}

const PUT = `
insert into outbox (subject_kind, subject, target, kind, payload, due_at, created_at, owed_since)
values ($1, $2, $3, $4, $5, $6, $6, $6)`;

/** From one target to the next by the index, because there are few of them and many rows. */
const OWED = `
with recursive targets (target) as (
  select (select min(target) from outbox where status = 'pending')
  union all
  select (select min(target) from outbox where status = 'pending' and target > targets.target)
  from targets where targets.target is not null
)
select target, (select min(due_at) from outbox where status = 'pending' and outbox.target = targets.target) as due
from targets where target is not null`;
const DUE =
  "select * from outbox where status = 'pending' and target = $1 and due_at <= $2 order by due_at, id limit $3";

const BEGIN =
  "update outbox set tries = tries + 1, begun_at = $3 where id = $1 and tries = $2 and status = 'pending'";
const send = moveSql(outboxMoves, "send", "$2");
const SEND = `update outbox set ${send.set}, error = null, begun_at = null where id = $1 and ${send.from}`;
const PUT_OFF = `
update outbox set error = $3, due_at = $4, begun_at = case when $5 = 1 then begun_at end
where id = $1 and tries = $2 and status = 'pending'`;

const bury = moveSql(outboxMoves, "bury", "$4");
const BURY = `update outbox set ${bury.set}, error = $3 where id = $1 and tries = $2 and ${bury.from}`;
const buryTarget = moveSql(outboxMoves, "bury", "$3");
const BURY_TARGET = `update outbox set ${buryTarget.set}, error = $2 where target = $1 and ${buryTarget.from}`;
const buryAll = moveSql(outboxMoves, "bury", "$2");
const BURY_ALL = `update outbox set ${buryAll.set}, error = $1 where ${buryAll.from}`;

const GIVEN_UP = `
select target, count(*) as calls, max(finished_at) as last from outbox
where status = 'dead' and kind <> $1 group by target order by target`;

const retry = moveSql(outboxMoves, "retry", "$2");
const RETRY = `update outbox set ${retry.set}, tries = 0, due_at = $2, owed_since = $2 where id = $1 and ${retry.from}`;
const HASTEN = "update outbox set due_at = $2, owed_since = $2 where id = $1 and status = 'pending'";
const drop = moveSql(outboxMoves, "drop", "$2");
const DROP = `update outbox set ${drop.set} where id = $1 and ${drop.from}`;

const GET = "select * from outbox where id = $1";
const COUNT =
  "select status, count(*) as calls from outbox where status in ('pending', 'dead') group by status";

export function outboxStore(engine: Engine): OutboxStore {
  const change = async (statement: Statement): Promise<number> => {
    const result = await engine.atomic([statement]);
    return result.kind === "done" ? (result.changed[0] ?? 0) : 0;
  };
  return {
    owed: async () => (await engine.all(OWED, [])).map(readOwed),
    due: async (target, now, limit) => (await engine.all(DUE, [target, now, limit])).map(readCall),
    begin: ({ id, tries }, now) => tookEffect(engine, { sql: BEGIN, params: [id, tries, now] }),
    sent: (id, now) => tookEffect(engine, { sql: SEND, params: [id, now] }),
    putOff: ({ id, tries }, error, dueAt, isUnsure) =>
      tookEffect(engine, { sql: PUT_OFF, params: [id, tries, error, dueAt, isUnsure ? 1 : 0] }),
    bury: ({ id, tries }, error, now) => tookEffect(engine, { sql: BURY, params: [id, tries, error, now] }),
    split: async ({ id, subject }, calls, now) => {
      const over: Statement = { sql: SEND, params: [id, now], expect: 1 };
      return (await engine.atomic([over, ...putCalls(subject, calls, now)])).kind === "done";
    },
    buryTarget: (target, error, now) => change({ sql: BURY_TARGET, params: [target, error, now] }),
    buryAll: (error, now) => change({ sql: BURY_ALL, params: [error, now] }),
    givenUp: async (except) => (await engine.all(GIVEN_UP, [except])).map(readGivenUp),
    retry: async (id, now) =>
      (await change({ sql: RETRY, params: [id, now], makes: "outbox" })) === 1 ||
      (await change({ sql: HASTEN, params: [id, now], makes: "outbox" })) === 1,
    drop: (id, now) => tookEffect(engine, { sql: DROP, params: [id, now] }),
    get: async (id) => {
      const [row] = await engine.all(GET, [id]);
      return row === undefined ? null : readCall(row);
    },
    counts: async () => {
      const rows = (await engine.all(COUNT, [])).map((row) => {
        const { text, integer } = decode("outbox", row);
        return [text("status"), integer("calls")] as const;
      });
      const found = new Map(rows);
      return { pending: found.get("pending") ?? 0, dead: found.get("dead") ?? 0 };
    },
    list: (query) =>
      readPage(
        engine,
        {
          columns: "*",
          table: "outbox",
          order: "id",
          filters: [statusIs(query.status, outboxMoves.statuses), { column: "target", equals: query.target }],
          decode: readCall,
          position: (row) => decode("outbox", row).integer("id"),
        },
        query,
      ),
  };
}

/** The inserts for a change's calls. */
export function writeCalls(
  { outbox }: Pick<Parts, "outbox">,
  task: string,
  now: number,
): readonly Statement[] {
  return putCalls(aboutTask(task), outbox, now);
}

/** The inserts for calls about a subject; they are due at once. */
export function putCalls(subject: Subject, calls: readonly NewCall[], now: number): readonly Statement[] {
  return calls.map(({ target, kind, payload }) => ({
    sql: PUT,
    params: [subject.kind, subject.name, target, kind, JSON.stringify(payload), now],
    expect: 1,
    makes: "outbox",
  }));
}

function readOwed(row: Row): Owed {
  const { text, integer } = decode("outbox", row);
  return { target: text("target"), dueAt: integer("due") };
}

function readGivenUp(row: Row): GivenUp {
  const { text, integer } = decode("outbox", row);
  return { target: text("target"), calls: integer("calls"), lastAt: integer("last") };
}

function readCall(row: Row): OutboxCall {
  const columns = decode("outbox", row);
  const { text, textOrNull, integer, integerOrNull, object, status } = columns;
  return {
    id: integer("id"),
    subject: subjectOf(columns),
    target: text("target"),
    kind: text("kind"),
    payload: object("payload"),
    status: status("status", outboxMoves.statuses),
    tries: integer("tries"),
    begunAt: integerOrNull("begun_at"),
    dueAt: integer("due_at"),
    error: textOrNull("error"),
    createdAt: integer("created_at"),
    owedSince: integer("owed_since"),
    finishedAt: integerOrNull("finished_at"),
  };
}
