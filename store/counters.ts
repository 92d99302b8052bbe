/**
 * Counters: exact numbers kept in the transactions that change them, because counting a table that grows costs more
 * every day. Statuses and holds are counted by triggers (see the migrations); task numbers by the statement here,
 * spend by those of `budgets.ts`.
 */

import { deliveryMoves, jobMoves, runMoves, taskMoves } from "../workflow/states.ts";
import type { Engine, Statement } from "./engine/engine.ts";
import { decode } from "./engine/row.ts";

export interface Totals {
  readonly deliveries: Readonly<Record<string, number>>;
  readonly tasks: Readonly<Record<string, number>>;
  readonly jobs: Readonly<Record<string, number>>;
  readonly runs: Readonly<Record<string, number>>;
  readonly holds: Readonly<Record<string, number>>;
  /** Spend since midnight UTC of `now`, nano-dollars. */
  readonly spentTodayNanos: number;
}

const COUNTS =
  "select kind, name, value from counters where kind in ('delivery', 'task', 'job', 'run', 'hold')";
const SPENT =
  "select coalesce(sum(amount), 0) as value from spend where scope = 'day' and subject = $1 and unit = 'nanos'";
const NUMBER = "select value from counters where kind = 'number' and name = $1";
const NUMBERS = "select name, value from counters where kind = 'number' order by name";

const RAISE_NUMBER = `
insert into counters (kind, name, value) values ('number', $1, $2)
on conflict (kind, name) do update set value = excluded.value where excluded.value > counters.value`;

/** Counts by status and spend of the UTC day of `now` (ms). Its cost does not depend on how much was ever done. */
export async function readTotals(engine: Engine, now: number): Promise<Totals> {
  const [rows, [spent]] = await Promise.all([engine.all(COUNTS, []), engine.all(SPENT, [dayOf(now)])]);
  const counted = rows.map((row) => {
    const { text, integer } = decode("counters", row);
    return { kind: text("kind"), name: text("name"), value: integer("value") };
  });
  const count = (kind: string, statuses: readonly string[]): Record<string, number> =>
    Object.fromEntries([
      ...statuses.map((status): [string, number] => [status, 0]),
      ...counted
        .filter((counter) => counter.kind === kind)
        .map(({ name, value }): [string, number] => [name, value]),
    ]);
  const holds = Object.entries(count("hold", [])).filter(([, value]) => value > 0);
  return {
    deliveries: count("delivery", deliveryMoves.statuses),
    tasks: count("task", taskMoves.statuses),
    jobs: count("job", jobMoves.statuses),
    runs: count("run", runMoves.statuses),
    holds: Object.fromEntries(holds),
    spentTodayNanos: spent === undefined ? 0 : decode("counters", spent).sum("value"),
  };
}

/** The highest number that a task of this project and prefix ever had, also if that task is gone. */
export async function highestNumber(engine: Engine, project: string, prefix: string): Promise<number> {
  const [row] = await engine.all(NUMBER, [lane(project, prefix)]);
  return row === undefined ? 0 : decode("counters", row).integer("value");
}

/** Raises that number; it never falls. */
export function raiseNumber(project: string, prefix: string, number: number): Statement {
  return raiseCounter({ name: lane(project, prefix), value: number });
}

/** The highest number of a task by `<project>.<PREFIX>`. */
export interface NumberGiven {
  readonly name: string;
  readonly value: number;
}

export async function numbersGiven(engine: Engine): Promise<readonly NumberGiven[]> {
  return (await engine.all(NUMBERS, [])).map((row) => {
    const { text, integer } = decode("counters", row);
    return { name: text("name"), value: integer("value") };
  });
}

export function raiseCounter({ name, value }: NumberGiven): Statement {
  return { sql: RAISE_NUMBER, params: [name, value] };
}

function lane(project: string, prefix: string): string {
  return `${project}.${prefix}`;
}

/** `YYYY-MM-DD` in UTC. */
export function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
