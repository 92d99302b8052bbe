/** Events: a task's history, append-only, numbered per task, idempotent by key. Only `commit.ts` writes them. */

import type { Parts } from "../workflow/decide/change.ts";
import type { TaskEvent } from "../workflow/event.ts";
import type { Engine, Row, Statement } from "./engine/engine.ts";
import { decode } from "./engine/row.ts";

/**
 * The task's counter was raised for all events of the change before, so the number is counted back from it: it needs
 * no read before the transaction, and two writers cannot get the same.
 */
const APPEND = `
insert into events (task, seq, kind, key, data, at)
select key, events - $2, $3, $4, $5, $6 from tasks where key = $1`;

const AFTER = "select * from events where task = $1 and seq > $2 order by seq limit $3";
const HAS = "select 1 as one from events where task = $1 and key = $2";
const COUNT = "select count(*) as events from events where task = $1 and kind = $2 and at >= $3";

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

export async function readEvents(
  engine: Engine,
  task: string,
  after: number,
  limit: number,
): Promise<readonly TaskEvent[]> {
  return (await engine.all(AFTER, [task, after, limit])).map(readEvent);
}

export async function hasEvent(engine: Engine, task: string, key: string): Promise<boolean> {
  return (await engine.all(HAS, [task, key])).length > 0;
}

export async function countEvents(
  engine: Engine,
  task: string,
  kind: string,
  since: number,
): Promise<number> {
  const [row] = await engine.all(COUNT, [task, kind, since]);
  return row === undefined ? 0 : decode("events", row).integer("events");
}

function readEvent(row: Row): TaskEvent {
  const { text, textOrNull, integer, object } = decode("events", row);
  return {
    task: text("task"),
    seq: integer("seq"),
    kind: text("kind"),
    key: textOrNull("key"),
    data: object("data"),
    at: integer("at"),
  };
}
