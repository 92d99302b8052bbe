/**
 * Commits decisions: everything that changes a task becomes one transaction here (I2).
 *
 * Each belief a decision was taken on is an expectation of a statement: the task's version, a job's fence, a run's
 * status, a name that was free, a delivery that was unhandled. One that does not hold undoes everything, and the caller
 * reads and decides again.
 *
 * What is written for a part of a change stands with its noun; here is only the order.
 */

import type { Change, Parts } from "../workflow/decide/change.ts";
import type { NewCall } from "../workflow/outbox.ts";
import { aboutTask } from "../workflow/subject.ts";
import { writeAccount } from "./accounts/accounts.ts";
import { writeDependencies, writeLine } from "./between/between.ts";
import { writeSuccession } from "./between/follow.ts";
import { writeFreezes } from "./between/freezes.ts";
import { writeRaises } from "./budgets.ts";
import { processDelivery } from "./deliveries.ts";
import type { Differs, Engine, Statement } from "./engine/engine.ts";
import { writeEvents } from "./events.ts";
import { writeWideHolds } from "./holds.ts";
import { writeJobs } from "./jobs.ts";
import { writeKept } from "./kept.ts";
import { putCalls, writeCalls } from "./outbox.ts";
import { writeContext } from "./outside/context.ts";
import { writeRevision } from "./outside/revisions.ts";
import { writeApprovals, writeFeedback, writeHeard } from "./phases/approvals.ts";
import { writeCi, writeReported } from "./phases/ci.ts";
import { writeMerges } from "./phases/merges.ts";
import { writeArtifacts, writePhases } from "./phases/phases.ts";
import { writeQuestions } from "./phases/questions.ts";
import { writePulls } from "./pulls/pulls.ts";
import { writeSlot } from "./recurring.ts";
import { writeRun, writeStops } from "./runs.ts";
import { type Allotted, writeNames, writeTask } from "./tasks.ts";

export type CommitResult =
  | {
      readonly kind: "committed";
      /** Keys of the tasks changed, in the order of the changes. */
      readonly tasks: readonly string[];
    }
  /** Somebody was faster; nothing was written. Read again and decide again. */
  | { readonly kind: "conflict" };

type Write = (change: Parts, task: string, now: number) => readonly Statement[];

/** How each part is written, in the order of the transaction: after the task's own row, which has its key by then. */
const WRITES: Readonly<Record<keyof Parts, Write>> = {
  replaces: writeSuccession,
  refs: writeNames,
  run: writeRun,
  jobs: writeJobs,
  dependencies: writeDependencies,
  line: writeLine,
  phases: writePhases,
  artifacts: writeArtifacts,
  approvals: writeApprovals,
  ci: writeCi,
  reported: writeReported,
  merges: writeMerges,
  questions: writeQuestions,
  feedback: writeFeedback,
  pulls: writePulls,
  revision: writeRevision,
  context: writeContext,
  heard: writeHeard,
  account: writeAccount,
  wideHolds: writeWideHolds,
  freezes: writeFreezes,
  raises: writeRaises,
  kept: writeKept,
  stopRuns: writeStops,
  slot: writeSlot,
  events: writeEvents,
  outbox: writeCalls,
};

/** Rows of tasks that are there, by key; the first has nothing to wait for. */
const IN_ORDER: Differs = {
  sqlite: "select cast($1 as text) as key where 0",
  postgres: `select key from tasks where key in (
  select value from json_array_elements_text(cast($1 as json)) as given (value)
) order by key for no key update`,
  because: "SQLite has one writer, and no rows to lock",
};

/**
 * Takes the rows of all tasks that are written in the order of their keys, where there are several: whoever ends a
 * task writes it and those that waited for it, and whoever has a task need another writes it and that one. In their
 * own orders two of them could wait for one another.
 */
function inOneOrder(changes: readonly Change[]): Statement[] {
  const keys = new Set<string>();
  for (const { base, replaces, dependencies } of changes) {
    for (const key of [base?.key ?? null, replaces]) if (key !== null) keys.add(key);
    for (const one of dependencies) if (one.change === "add") keys.add(one.needs);
  }
  return keys.size < 2 ? [] : [{ sql: IN_ORDER, params: [JSON.stringify([...keys].sort())] }];
}

/**
 * Writes all changes, and the mark `processed` on the delivery that caused them, or nothing.
 *
 * @param now ms; the time of everything written.
 * @param calls what is told outside besides, of the delivery rather than of a change
 * @throws Error for a change that no decision can make, such as a hold without a reason.
 */
export async function commit(
  engine: Engine,
  changes: readonly Change[],
  delivery: number | null,
  now: number,
  calls: readonly NewCall[] = [],
): Promise<CommitResult> {
  const batch: Statement[] = inOneOrder(changes);
  const tasks: string[] = [];
  const allotted: Allotted = new Map();
  for (const change of changes) {
    const { key, statements } = await writeTask(engine, change, allotted, now);
    batch.push(...statements, ...Object.values(WRITES).flatMap((write) => write(change, key, now)));
    tasks.push(key);
  }
  if (delivery !== null) batch.push(processDelivery(delivery, tasks[0] ?? null, now));
  if (tasks[0] !== undefined) batch.push(...putCalls(aboutTask(tasks[0]), calls, now));
  const result = await engine.atomic(batch);
  return result.kind === "done" ? { kind: "committed", tasks } : { kind: "conflict" };
}
