/**
 * Events: histories, append-only, numbered per subject, idempotent by key.
 *
 * N1. The history of a task is written by decisions alone, in their transaction (`commit.ts`).
 * N2. Any other subject has notices: an event with its calls to the outside, in one transaction, once per key.
 */

import type { Parts } from "../workflow/decide/change.ts";
import type { HistoryEvent, NewEvent } from "../workflow/event.ts";
import type { NewCall } from "../workflow/outbox.ts";
import type { NoticeSubject, Subject } from "../workflow/subject.ts";
import type { Engine, Row, Statement } from "./engine/engine.ts";
import { decode, subjectOf } from "./engine/row.ts";
import { putCalls } from "./outbox.ts";

export interface EventStore {
  /** Events after `after`, oldest first. */
  of(subject: Subject, after: number, limit: number): Promise<readonly HistoryEvent[]>;
  /** Whether an event with this key is in the subject's history. */
  has(subject: Subject, key: string): Promise<boolean>;
  count(subject: Subject, kind: string, since: number): Promise<number>;
  /** N2. False when the subject's history has the key already; then nothing is written. */
  notice(
    subject: NoticeSubject,
    event: NewEvent & { readonly key: string },
    calls: readonly NewCall[],
    now: number,
  ): Promise<boolean>;
}

/**
 * The task's counter was raised for all events of the change before, so the number is counted back from it: it needs
 * no read before the transaction, and two writers cannot get the same.
 */
const APPEND = `
insert into events (subject_kind, subject, seq, kind, key, data, at)
select 'task', key, events - $2, $3, $4, $5, $6 from tasks where key = $1`;

/** Other subjects are counted in rows of their own; two who notice the same wait here for each other. */
const COUNT_NOTICE = `
insert into subjects (kind, name, events) values ($1, $2, 1)
on conflict (kind, name) do update set events = subjects.events + 1`;
const APPEND_NOTICE = `
insert into events (subject_kind, subject, seq, kind, key, data, at)
select subjects.kind, name, subjects.events, $3, $4, $5, $6 from subjects where subjects.kind = $1 and name = $2
and not exists (select 1 from events where subject_kind = $1 and subject = $2 and key = $4)`;

const AFTER =
  "select * from events where subject_kind = $1 and subject = $2 and seq > $3 order by seq limit $4";
const HAS = "select 1 as one from events where subject_kind = $1 and subject = $2 and key = $3";
const COUNT =
  "select count(*) as events from events where subject_kind = $1 and subject = $2 and kind = $3 and at >= $4";

export function eventStore(engine: Engine): EventStore {
  return {
    of: async ({ kind, name }, after, limit) =>
      (await engine.all(AFTER, [kind, name, after, limit])).map(readEvent),
    has: async ({ kind, name }, key) => (await engine.all(HAS, [kind, name, key])).length > 0,
    count: async (subject, kind, since) => {
      const [row] = await engine.all(COUNT, [subject.kind, subject.name, kind, since]);
      return row === undefined ? 0 : decode("events", row).integer("events");
    },
    notice: async (subject, event, calls, now) =>
      (await engine.atomic(writeNotice(subject, event, calls, now))).kind === "done",
  };
}

/** N2. A conflict when the subject's history has the key already. */
export function writeNotice(
  subject: NoticeSubject,
  { kind, key, data }: NewEvent & { readonly key: string },
  calls: readonly NewCall[],
  now: number,
): readonly Statement[] {
  const about = [subject.kind, subject.name];
  return [
    { sql: COUNT_NOTICE, params: about },
    { sql: APPEND_NOTICE, params: [...about, kind, key, JSON.stringify(data ?? {}), now], expect: 1 },
    ...putCalls(subject, calls, now),
  ];
}

/** The inserts for a change's events, to run after the task's event counter was raised by their number. */
export function writeEvents(
  { events }: Pick<Parts, "events">,
  task: string,
  now: number,
): readonly Statement[] {
  return events.map(({ kind, key, data }, index) => ({
    sql: APPEND,
    params: [task, events.length - 1 - index, kind, key ?? null, JSON.stringify(data ?? {}), now],
    expect: 1,
  }));
}

function readEvent(row: Row): HistoryEvent {
  const columns = decode("events", row);
  const { text, textOrNull, integer, object } = columns;
  return {
    subject: subjectOf(columns),
    seq: integer("seq"),
    kind: text("kind"),
    key: textOrNull("key"),
    data: object("data"),
    at: integer("at"),
  };
}
