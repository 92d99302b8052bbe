/** What CI has said of commits of tasks, and phases that wait for it: rows that decisions write. */

import type { Parts } from "../../workflow/decide/change.ts";
import { CI_CHECKS_MAX } from "../../workflow/limits.ts";
import {
  CHECK_STATUSES,
  type CiChange,
  type CiCheck,
  type CiWait,
  ciMoves,
} from "../../workflow/phases/ci.ts";
import type { Engine, Row, Statement } from "../engine/engine.ts";
import { textPerMove } from "../engine/moves.ts";
import { decode } from "../engine/row.ts";

export interface CiStore {
  /** What a task has waited for last, and may wait for now. */
  newest(task: string): Promise<CiWait | null>;
  /** Whatever it has waited for, oldest first. */
  ofTask(task: string): Promise<readonly CiWait[]>;
  /** What is known of one commit of it, by name. */
  checks(task: string, commit: string): Promise<readonly CiCheck[]>;
  /** Phases for which time has a say by now (ms), longest first, some at a time; of tasks that are not paused. */
  due(now: number): Promise<readonly Pick<CiWait, "task" | "seq">[]>;
  /** When the next of them is due (ms), or `null`. */
  nextDue(): Promise<number | null>;
}

/** Looked at in one go. */
const DUE_ROWS_MAX = 100;

const NEWEST = "select * from ci_waits where task = $1 order by seq desc limit 1";
const OF_TASK = "select * from ci_waits where task = $1 order by seq";
const CHECKS = `
select * from ci_checks where task = $1 and commit_id = $2 order by name limit ${CI_CHECKS_MAX}`;
const WAITS = `status = 'pending' and exists (
  select 1 from tasks where tasks.key = ci_waits.task and tasks.status <> 'paused'
)`;
const DUE = `
select task, seq from ci_waits where due_at <= $1 and ${WAITS} order by due_at, task limit ${DUE_ROWS_MAX}`;
const NEXT_DUE = `select min(due_at) as due from ci_waits where ${WAITS}`;

const ASK = `
insert into ci_waits (task, seq, phase, commit_id, status, asked_at, until, due_at)
values ($1, $2, $3, $4, 'pending', $5, $6, $7)`;
const HEAR = "update ci_waits set due_at = until where task = $1 and seq = $2 and status = 'pending'";
const MOVE = textPerMove(
  ciMoves,
  ({ set, from }) => `update ci_waits set ${set}, reason = $4 where task = $1 and seq = $2 and ${from}`,
  "$3",
);
const REPORT = `
insert into ci_checks (task, commit_id, name, status, url, summary, told_at)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict (task, commit_id, name) do update set status = excluded.status, url = excluded.url,
  summary = excluded.summary, told_at = excluded.told_at`;

export function ciStore(engine: Engine): CiStore {
  return {
    newest: async (task) => (await engine.all(NEWEST, [task])).map(readWait)[0] ?? null,
    ofTask: async (task) => (await engine.all(OF_TASK, [task])).map(readWait),
    checks: async (task, commit) => (await engine.all(CHECKS, [task, commit])).map(readCheck),
    due: async (now) =>
      (await engine.all(DUE, [now])).map((row) => {
        const { integer, text } = decode("ci_waits", row);
        return { task: text("task"), seq: integer("seq") };
      }),
    nextDue: async () => {
      const [row] = await engine.all(NEXT_DUE, []);
      return row === undefined ? null : decode("ci_waits", row).integerOrNull("due");
    },
  };
}

export function writeCi({ ci }: Pick<Parts, "ci">, task: string, now: number): readonly Statement[] {
  return ci.map((change) => statementOf(change, task, now));
}

function statementOf(change: CiChange, task: string, now: number): Statement {
  const { seq } = change;
  switch (change.change) {
    case "ask": {
      const { phase, commit, until, dueAt } = change;
      return { sql: ASK, params: [task, seq, phase, commit, now, until, dueAt], expect: 1, makes: "gates" };
    }
    case "hear":
      return { sql: HEAR, params: [task, seq], expect: 1 };
    default:
      return { sql: MOVE[change.change], params: [task, seq, now, change.reason], expect: 1 };
  }
}

/** The newest word on each check stands. */
export function writeReported(
  { reported }: Pick<Parts, "reported">,
  task: string,
  now: number,
): readonly Statement[] {
  return (reported?.checks ?? []).map(({ name, status, url, summary }) => ({
    sql: REPORT,
    params: [task, reported?.commit ?? null, name, status, url, summary, now],
    expect: 1,
  }));
}

function readWait(row: Row): CiWait {
  const { text, textOrNull, integer, integerOrNull, status } = decode("ci_waits", row);
  return {
    task: text("task"),
    seq: integer("seq"),
    phase: text("phase"),
    commit: textOrNull("commit_id"),
    status: status("status", ciMoves.statuses),
    askedAt: integer("asked_at"),
    until: integer("until"),
    dueAt: integer("due_at"),
    reason: textOrNull("reason"),
    finishedAt: integerOrNull("finished_at"),
  };
}

function readCheck(row: Row): CiCheck {
  const { text, textOrNull, integer, status } = decode("ci_checks", row);
  return {
    task: text("task"),
    commit: text("commit_id"),
    name: text("name"),
    status: status("status", CHECK_STATUSES),
    url: textOrNull("url"),
    summary: textOrNull("summary"),
    at: integer("told_at"),
  };
}
