/**
 * Recurring tasks in rows: how far each schedule has come (`recurring`), and what became of its slots.
 *
 * P1. A slot is settled once: its row is never written a second time, by its instant or by its local time.
 * P2. A slot fires in the transaction that makes its task and moves the schedule past it; the schedule moves forward
 *     only, but for P3.
 * P3. When the clock was set back, what was skipped beyond it has not been missed after all, and is settled when it
 *     comes. What has fired stays fired.
 */

import type { Parts } from "../workflow/decide/change.ts";
import { SLOTS_KEPT } from "../workflow/limits.ts";
import type { SettledSlot, SkippedSlot, Slot, SlotStanding } from "../workflow/recurring/recurring.ts";
import { taskMoves } from "../workflow/states.ts";
import type { Engine, Row, Statement } from "./engine/engine.ts";
import { decode } from "./engine/row.ts";

/** A schedule of the configuration, and the text of its pattern. */
export interface CountedSchedule {
  readonly name: string;
  readonly pattern: string;
}

export interface RecurringStore {
  /**
   * Makes known which schedules the configuration has. One that is new, comes back, or has another pattern is counted
   * from `now` on.
   */
  configure(schedules: readonly CountedSchedule[], now: number): Promise<void>;
  /** The schedules in the configuration, by name: their pattern, and up to when (ms) their slots are settled. */
  states(): Promise<ReadonlyMap<string, { readonly pattern: string; readonly settledTo: number }>>;
  /** `null` when there is no such schedule in the configuration. */
  standing(slot: Slot): Promise<SlotStanding | null>;
  /** Writes down that these slots, oldest first, make no task, and moves past the last; what is settled stays. */
  skip(slots: readonly SkippedSlot[], now: number): Promise<void>;
  /** P3. Nothing happens when the schedule has moved on from `settledTo` meanwhile. */
  setBack(schedule: string, settledTo: number, now: number): Promise<void>;
  /** What became of its slots, newest first. */
  slots(schedule: string, limit: number): Promise<readonly SettledSlot[]>;
  /** The key of the newest task of a schedule, or `null`. */
  newestTask(schedule: string): Promise<string | null>;
  /** Forgets old slots of a schedule, but for those whose tasks are not finished. */
  prune(schedule: string): Promise<void>;
}

/** Those that were configured are marked (2) until it is known which of them still are. */
const MARK = "update recurring set configured = 2 where configured = 1";
const CONFIGURE = `
insert into recurring (name, pattern, configured, settled_to) values ($1, $2, 1, $3)
on conflict (name) do update set
  settled_to = case when recurring.configured = 2 and recurring.pattern = excluded.pattern
    then recurring.settled_to else excluded.settled_to end,
  pattern = excluded.pattern, configured = 1`;
const FORGET = "update recurring set configured = 0 where configured = 2";
const STATES = "select name, pattern, settled_to from recurring where configured = 1 order by name";

const STANDING = "select settled_to from recurring where name = $1 and configured = 1";
const SETTLED = `
select * from recurring_slots where schedule = $1 and (at = $2 or local = $3)
order by case when at = $2 then 0 else 1 end limit 1`;
const UNFINISHED = `
select t.key, t.status, count(*) over () as unfinished from recurring_slots as s join tasks as t on t.key = s.task
where s.schedule = $1 and s.status = 'fired' and t.finished_at is null order by s.at desc limit 1`;

const FIRE = `
insert into recurring_slots (schedule, at, local, asked_by, status, task, settled_at)
values ($1, $2, $3, $4, 'fired', $5, $6)`;
const SKIP = `
insert into recurring_slots (schedule, at, local, asked_by, status, reason, settled_at)
values ($1, $2, $3, 'time', 'skipped', $4, $5) on conflict do nothing`;
const ADVANCE = "update recurring set settled_to = $2 where name = $1 and configured = 1 and settled_to < $2";
const SET_BACK =
  "update recurring set settled_to = $3 where name = $1 and settled_to = $2 and settled_to > $3";
const UNSKIP = "delete from recurring_slots where schedule = $1 and at > $2 and status = 'skipped'";

const SLOTS = "select * from recurring_slots where schedule = $1 order by at desc limit $2";
const NEWEST_TASK = `
select task from recurring_slots where schedule = $1 and status = 'fired' order by at desc limit 1`;
/** The newest that has fired stays, too: its task is the one before of the next. */
const PRUNE = `
delete from recurring_slots where schedule = $1
and at < (select at from recurring_slots where schedule = $1 order by at desc limit 1 offset ${SLOTS_KEPT - 1})
and at <> (select max(at) from recurring_slots where schedule = $1 and status = 'fired')
and not exists (select 1 from tasks where tasks.key = recurring_slots.task and tasks.finished_at is null)`;

export function recurringStore(engine: Engine): RecurringStore {
  return {
    configure: async (schedules, now) => {
      const counted = schedules.map(({ name, pattern }) => ({
        sql: CONFIGURE,
        params: [name, pattern, now],
      }));
      await engine.atomic([{ sql: MARK, params: [] }, ...counted, { sql: FORGET, params: [] }]);
    },
    states: async () => {
      const rows = (await engine.all(STATES, [])).map((row) => decode("recurring", row));
      return new Map(
        rows.map(({ text, integer }) => [
          text("name"),
          { pattern: text("pattern"), settledTo: integer("settled_to") },
        ]),
      );
    },
    standing: (slot) => readStanding(engine, slot),
    skip: async (slots, now) => {
      const last = slots.at(-1);
      if (last === undefined) return;
      const skipped = slots.map(({ schedule, at, local, reason }): Statement => {
        return { sql: SKIP, params: [schedule, at, local, reason, now] };
      });
      await engine.atomic([...skipped, { sql: ADVANCE, params: [last.schedule, last.at] }]);
    },
    setBack: async (schedule, settledTo, now) => {
      await engine.atomic([
        { sql: SET_BACK, params: [schedule, settledTo, now], expect: 1 },
        { sql: UNSKIP, params: [schedule, now] },
      ]);
    },
    slots: async (schedule, limit) => (await engine.all(SLOTS, [schedule, limit])).map(readSlot),
    newestTask: async (schedule) => {
      const [row] = await engine.all(NEWEST_TASK, [schedule]);
      return row === undefined ? null : decode("recurring_slots", row).text("task");
    },
    prune: async (schedule) => {
      await engine.atomic([{ sql: PRUNE, params: [schedule] }]);
    },
  };
}

async function readStanding(engine: Engine, { schedule, at, local }: Slot): Promise<SlotStanding | null> {
  const [state] = await engine.all(STANDING, [schedule]);
  if (state === undefined) return null;
  const [settled] = await engine.all(SETTLED, [schedule, at, local]);
  const [unfinished] = await engine.all(UNFINISHED, [schedule]);
  const task = unfinished === undefined ? null : decode("tasks", unfinished);
  return {
    settledTo: decode("recurring", state).integer("settled_to"),
    settled: settled === undefined ? null : readSlot(settled),
    unfinished:
      task === null ? null : { task: task.text("key"), status: task.status("status", taskMoves.statuses) },
    unfinishedCount: task?.integer("unfinished") ?? 0,
  };
}

/** P1, P2. What a person wants now is no slot of the pattern, and moves nothing. */
export function writeSlot({ slot }: Pick<Parts, "slot">, task: string, now: number): readonly Statement[] {
  if (slot === null) return [];
  const { schedule, at, local, by } = slot;
  const fired: Statement = { sql: FIRE, params: [schedule, at, local, by, task, now], expect: 1 };
  return by === "person" ? [fired] : [fired, { sql: ADVANCE, params: [schedule, at], expect: 1 }];
}

function readSlot(row: Row): SettledSlot {
  const { text, integer, status } = decode("recurring_slots", row);
  const slot = {
    schedule: text("schedule"),
    at: integer("at"),
    local: text("local"),
    by: status("asked_by", ["time", "person"] as const),
    settledAt: integer("settled_at"),
  };
  return status("status", ["fired", "skipped"] as const) === "fired"
    ? { ...slot, status: "fired", task: text("task"), reason: null }
    : { ...slot, status: "skipped", task: null, reason: text("reason") };
}
