/**
 * The state machines of `workflow/states.ts` as rules of the database (I11): even a hand in `psql` cannot break them.
 *
 * L1. `<table>_status_known`: the status is one of the machine's.
 * L2. `<table>_finished_when_final`: `finished_at` is set exactly in the final ones.
 * L3. The trigger `<table>_moves` refuses a change of status that is no edge.
 *
 * This is no numbered migration, because a machine may change without one: it is a step of its own, known by the
 * checksum of its text, and put in place again whenever that differs. What stood before is dropped first. Where rows
 * have a status that the machine no longer knows, the CHECK cannot be made, and the program refuses to start.
 */

import { messageMoves } from "../../workflow/chat/message.ts";
import { keptMoves } from "../../workflow/kept.ts";
import type { Edge } from "../../workflow/machine.ts";
import { ciMoves } from "../../workflow/phases/ci.ts";
import { mergeMoves } from "../../workflow/phases/merge.ts";
import { pullMoves } from "../../workflow/phases/pull.ts";
import { approvalMoves, phaseMoves, questionMoves } from "../../workflow/phases/states.ts";
import { deliveryMoves, jobMoves, outboxMoves, runMoves, taskMoves } from "../../workflow/states.ts";
import type { Differs } from "./engine.ts";

interface Rules {
  readonly statuses: readonly string[];
  readonly final: readonly string[];
  readonly edges: readonly Edge[];
}

/** Which machine governs the column `status` of which table. */
const GOVERNED: readonly (readonly [table: string, machine: Rules])[] = [
  ["deliveries", deliveryMoves],
  ["tasks", taskMoves],
  ["jobs", jobMoves],
  ["runs", runMoves],
  ["outbox", outboxMoves],
  ["kept", keptMoves],
  ["phases", phaseMoves],
  ["approvals", approvalMoves],
  ["ci_waits", ciMoves],
  ["merges", mergeMoves],
  ["pulls", pullMoves],
  ["questions", questionMoves],
  ["messages", messageMoves],
];

/** The script that replaces all rules of legality by those of the machines. */
export function legalityScript(): Differs {
  return {
    sqlite: GOVERNED.map(([table, machine]) => checks(table, machine) + sqliteTrigger(table, machine)).join(
      "\n",
    ),
    postgres: GOVERNED.map(
      ([table, machine]) => checks(table, machine) + postgresTrigger(table, machine),
    ).join("\n"),
    because: "SQLite writes a trigger's body in the trigger, PostgreSQL in a function",
  };
}

/** The first migration has made the constraints as placeholders, so there always is one to drop. */
function checks(table: string, { statuses, final }: Rules): string {
  return [
    `alter table ${table} drop constraint ${table}_status_known;`,
    `alter table ${table} add constraint ${table}_status_known check (status in (${literals(statuses)}));`,
    `alter table ${table} drop constraint ${table}_finished_when_final;`,
    `alter table ${table} add constraint ${table}_finished_when_final`,
    `  check ((finished_at is not null) = (status in (${literals(final)})));`,
    "",
  ].join("\n");
}

/**
 * Before 3.47 SQLite takes no expression as the words of a RAISE, and one such trigger makes the whole database
 * unreadable to it ("malformed database schema"). So each pair of statuses has words of its own.
 */
function sqliteTrigger(table: string, machine: Rules): string {
  return [
    `drop trigger if exists ${table}_moves;`,
    `create trigger ${table}_moves before update of status on ${table}`,
    `when old.status <> new.status and not (${edges(machine)})`,
    "begin select case old.status || ' -> ' || new.status",
    ...notMoves(machine).map(
      (pair) => `  when '${pair}' then raise(abort, '${table}: illegal move ${pair}')`,
    ),
    `  else raise(abort, '${table}: no status of this machine') end;`,
    "end;",
    "",
  ].join("\n");
}

/** Pairs of statuses that no edge leads over, as `from -> to`. */
function notMoves({ statuses, edges: legal }: Rules): readonly string[] {
  const moves = new Set(legal.map(({ from, to }) => `${from} -> ${to}`));
  return statuses
    .flatMap((from) => statuses.filter((to) => to !== from).map((to) => `${from} -> ${to}`))
    .filter((pair) => !moves.has(pair));
}

function postgresTrigger(table: string, machine: Rules): string {
  return [
    `drop trigger if exists ${table}_moves on ${table};`,
    `create or replace function ${table}_moves() returns trigger language plpgsql as $$`,
    "begin",
    `  if old.status <> new.status and not (${edges(machine)}) then`,
    `    raise exception '${table}: illegal move % -> %', old.status, new.status using errcode = 'check_violation';`,
    "  end if;",
    "  return new;",
    "end $$;",
    `create trigger ${table}_moves before update of status on ${table} for each row execute function ${table}_moves();`,
    "",
  ].join("\n");
}

function edges(machine: Rules): string {
  const targets = new Map<string, Set<string>>();
  for (const { from, to } of machine.edges) targets.set(from, (targets.get(from) ?? new Set()).add(to));
  return [...targets]
    .map(([from, to]) => `\n  (old.status = '${from}' and new.status in (${literals([...to])}))`)
    .join(" or");
}

/** Statuses as SQL literals: a bound status would keep the planner from every partial index. */
export function literals(statuses: readonly string[]): string {
  return statuses.map((status) => `'${status}'`).join(", ");
}
