/** Merges of tasks into their base branches: rows that decisions write, and the loop of merges works off. */

import type { Parts } from "../../workflow/decide/change.ts";
import {
  MERGE_WAITS_FOR,
  type Merge,
  type MergeChange,
  type MergeWaitsFor,
  mergeMoves,
} from "../../workflow/phases/merge.ts";
import type { Engine, Row, Statement } from "../engine/engine.ts";
import { textPerMove, tookEffect } from "../engine/moves.ts";
import { decode } from "../engine/row.ts";

export interface MergeStore {
  /** All of a task, oldest first. */
  ofTask(task: string): Promise<readonly Merge[]>;
  /** Those to be tried by now (ms), longest first and of each project in turn, some at a time; of no paused task. */
  due(now: number): Promise<readonly Merge[]>;
  /** When the next of them is due (ms), or `null`. */
  nextDue(): Promise<number | null>;
  /** Not yet, and that is nobody's failure: why, and when it is looked at again. False for one that is over. */
  wait(
    merge: Pick<Merge, "task" | "seq">,
    waitsFor: MergeWaitsFor,
    reason: string,
    dueAt: number,
  ): Promise<boolean>;
  /** Once more in vain: why, and when it is tried again. False for one that is over. */
  delay(merge: Pick<Merge, "task" | "seq">, reason: string, dueAt: number): Promise<boolean>;
}

/** Looked at in one go. */
const DUE_ROWS_MAX = 100;

const OF_TASK = "select * from merges where task = $1 order by seq";
const WAITS = `status = 'pending' and exists (
  select 1 from tasks where tasks.key = merges.task and tasks.status <> 'paused'
)`;
/** One project with many is no reason why another waits. */
const DUE = `
select * from (
  select merges.*, row_number() over (partition by tasks.project order by merges.due_at, merges.task) as turn
  from merges join tasks on tasks.key = merges.task
  where merges.status = 'pending' and merges.due_at <= $1 and tasks.status <> 'paused'
) as waiting order by turn, due_at, task limit ${DUE_ROWS_MAX}`;
const NEXT_DUE = `select min(due_at) as due from merges where ${WAITS}`;
const DELAY = `
update merges set tries = tries + 1, reason = $3, due_at = $4, waits_for = null where task = $1 and seq = $2 and status = 'pending'`;
const WAIT =
  "update merges set reason = $3, due_at = $4, waits_for = $5 where task = $1 and seq = $2 and status = 'pending'";
const HASTEN =
  "update merges set due_at = $3 where task = $1 and seq = $2 and status = 'pending' and due_at > $3";
const ASK = `
insert into merges (task, seq, phase, status, tries, asked_at, due_at) values ($1, $2, $3, 'pending', 0, $4, $4)`;
const MOVE = textPerMove(
  mergeMoves,
  ({ set, from }) => `update merges set ${set}, reason = $4 where task = $1 and seq = $2 and ${from}`,
  "$3",
);

export function mergeStore(engine: Engine): MergeStore {
  return {
    ofTask: async (task) => (await engine.all(OF_TASK, [task])).map(readMerge),
    due: async (now) => (await engine.all(DUE, [now])).map(readMerge),
    nextDue: async () => {
      const [row] = await engine.all(NEXT_DUE, []);
      return row === undefined ? null : decode("merges", row).integerOrNull("due");
    },
    wait: ({ task, seq }, waitsFor, reason, dueAt) =>
      tookEffect(engine, { sql: WAIT, params: [task, seq, reason, dueAt, waitsFor] }),
    delay: async ({ task, seq }, reason, dueAt) => {
      const result = await engine.atomic([{ sql: DELAY, params: [task, seq, reason, dueAt], expect: 1 }]);
      return result.kind === "done";
    },
  };
}

export function writeMerges(
  { merges }: Pick<Parts, "merges">,
  task: string,
  now: number,
): readonly Statement[] {
  return merges.map((change) => statementOf(change, task, now));
}

function statementOf(change: MergeChange, task: string, now: number): Statement {
  const { seq } = change;
  if (change.change === "ask")
    return { sql: ASK, params: [task, seq, change.phase, now], expect: 1, makes: "merges" };
  if (change.change === "hasten") return { sql: HASTEN, params: [task, seq, now], makes: "merges" };
  return { sql: MOVE[change.change], params: [task, seq, now, change.reason], expect: 1 };
}

function readMerge(row: Row): Merge {
  const { text, textOrNull, integer, integerOrNull, status } = decode("merges", row);
  return {
    task: text("task"),
    seq: integer("seq"),
    phase: text("phase"),
    status: status("status", mergeMoves.statuses),
    tries: integer("tries"),
    askedAt: integer("asked_at"),
    dueAt: integer("due_at"),
    waitsFor: MERGE_WAITS_FOR.find((whom) => whom === textOrNull("waits_for")) ?? null,
    reason: textOrNull("reason"),
    finishedAt: integerOrNull("finished_at"),
  };
}
