/**
 * A move of a state machine as SQL: what stands behind `set` and behind `where`.
 *
 * The text is built once per move from the machine's table, with the statuses as literals, and so neither a status nor
 * `finished_at` is ever written by hand.
 */

import type { Engine, Statement } from "./engine.ts";
import { literals } from "./legality.ts";

export interface MoveSql {
  /** `status = …, finished_at = …`. */
  readonly set: string;
  /** `status = …` or `status in (…)`: the statuses that the move may leave. */
  readonly from: string;
}

interface Moving {
  readonly final: readonly string[];
  readonly moves: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/**
 * @param now the parameter that holds the time, such as `$3`.
 * @throws Error when the machine has no such move.
 */
export function moveSql(machine: Moving, move: string, now: string): MoveSql {
  const table = machine.moves[move];
  if (table === undefined) throw new Error(`there is no move '${move}'`);
  const from = Object.keys(table);
  const targets = new Set(Object.values(table));
  const [only] = targets;
  const branches = Object.entries(table).map(([from, to]) => `when '${from}' then '${to}'`);
  const to = targets.size === 1 ? `'${only}'` : `case status ${branches.join(" ")} end`;
  return {
    // The cast gives the parameter a type where the whole branch is dead.
    set: `status = ${to}, finished_at = case when ${to} in (${literals(machine.final)}) then cast(${now} as bigint) end`,
    // `in` with a single word would hide from SQLite that a partial index fits.
    from: from.length === 1 ? `status = ${literals(from)}` : `status in (${literals(from)})`,
  };
}

/** One text per move of a machine, built at load. */
export function textPerMove<M extends string>(
  machine: Moving & { readonly moves: Readonly<Record<M, unknown>> },
  text: (sql: MoveSql, move: string) => string,
  now: string,
): Readonly<Record<M, string>> {
  const entries = Object.keys(machine.moves).map((move) => [move, text(moveSql(machine, move, now), move)]);
  return Object.fromEntries(entries);
}

/** Whether the statement changed exactly the one row it was meant for; `false` when somebody else was faster. */
export async function tookEffect(engine: Engine, statement: Omit<Statement, "expect">): Promise<boolean> {
  const result = await engine.atomic([{ ...statement, expect: 1 }]);
  return result.kind === "done";
}

/** A field that may be left alone (`undefined`) or set, also to null: a flag and the value. */
export function told(value: string | null | undefined): readonly [flag: number, value: string | null] {
  return value === undefined ? [0, null] : [1, value];
}
