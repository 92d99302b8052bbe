/**
 * The outbox: calls to the outside, committed with the change or the notice that caused them and made afterwards. What
 * makes them is the outbox loop, which comes with `scheduler/`; until then nothing but tests reads here.
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

export interface OutboxStore {
  due(now: number, limit: number): Promise<readonly OutboxCall[]>;
  nextDue(): Promise<number | null>;
  sent(id: number, now: number): Promise<boolean>;
  /** Another try later; the call stays `pending`. */
  retry(id: number, error: string, dueAt: number): Promise<boolean>;
  bury(id: number, error: string, now: number): Promise<boolean>;
  /** The same of every call that is pending; returns how many. */
  buryAll(error: string, now: number): Promise<number>;
  list(query: PageQuery & { readonly status?: OutboxStatus }): Promise<Page<OutboxCall>>;
}

const PUT = `
insert into outbox (subject_kind, subject, target, kind, payload, due_at, created_at)
values ($1, $2, $3, $4, $5, $6, $6)`;

const DUE = "select * from outbox where status = 'pending' and due_at <= $1 order by due_at, id limit $2";
const NEXT_DUE = "select min(due_at) as due from outbox where status = 'pending'";

const send = moveSql(outboxMoves, "send", "$2");
const SEND = `update outbox set ${send.set}, error = null where id = $1 and ${send.from}`;

const RETRY =
  "update outbox set tries = tries + 1, error = $2, due_at = $3 where id = $1 and status = 'pending'";

const bury = moveSql(outboxMoves, "bury", "$3");
const BURY = `update outbox set ${bury.set}, tries = tries + 1, error = $2 where id = $1 and ${bury.from}`;
const buryAll = moveSql(outboxMoves, "bury", "$2");
const BURY_ALL = `update outbox set ${buryAll.set}, error = $1 where ${buryAll.from} returning id`;

export function outboxStore(engine: Engine): OutboxStore {
  return {
    due: async (now, limit) => (await engine.all(DUE, [now, limit])).map(readCall),
    nextDue: async () => {
      const [row] = await engine.all(NEXT_DUE, []);
      return row === undefined ? null : decode("outbox", row).integerOrNull("due");
    },
    sent: (id, now) => tookEffect(engine, { sql: SEND, params: [id, now] }),
    retry: (id, error, dueAt) => tookEffect(engine, { sql: RETRY, params: [id, error, dueAt] }),
    bury: (id, error, now) => tookEffect(engine, { sql: BURY, params: [id, error, now] }),
    buryAll: async (error, now) => {
      const result = await engine.atomic([{ sql: BURY_ALL, params: [error, now] }]);
      return result.kind === "done" ? (result.changed[0] ?? 0) : 0;
    },
    list: (query) =>
      readPage(
        engine,
        {
          columns: "*",
          table: "outbox",
          order: "id",
          filters: [statusIs(query.status, outboxMoves.statuses)],
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
    dueAt: integer("due_at"),
    error: textOrNull("error"),
    createdAt: integer("created_at"),
    finishedAt: integerOrNull("finished_at"),
  };
}
