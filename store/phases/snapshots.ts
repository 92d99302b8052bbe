/**
 * Snapshots: how a task stood when a phase of it ended, a row each, for whoever looks back. Only what no other row keeps:
 * the verdict, the artifact, the commit and the session of a phase stand in its own row for good, while what is here is
 * written anew when the task goes on, or is a sum over runs.
 *
 * It is written by the statement that ends the phase, in the transaction of the decision, from the rows as they are then.
 */

import type { Snapshot } from "../../workflow/phases/snapshot.ts";
import type { Engine, Row, Statement } from "../engine/engine.ts";
import { decode } from "../engine/row.ts";

export interface SnapshotStore {
  /** In the order of the phases. */
  ofTask(task: string): Promise<readonly Snapshot[]>;
}

const OF_TASK = "select * from snapshots where task = $1 order by seq";

/** A task stands in one phase, so whatever was claimed for it since it was entered was claimed for this one. */
const RUNS =
  "runs where runs.task = phases.task and runs.phase = phases.phase and claimed_at >= phases.entered_at";
const sumOf = (what: string): string =>
  `(select coalesce(sum(${what}), 0) from usage where run in (select id from ${RUNS}))`;

const TAKE = `
insert into snapshots (task, seq, agents, branch, commit_id, events, run, runs, input_tokens, output_tokens, cost_nanos,
  unpriced, taken_at)
select tasks.key, phases.seq, tasks.agents, tasks.branch, tasks.published_commit, tasks.events,
  (select id from ${RUNS} order by runs.seq desc limit 1), (select count(*) from ${RUNS}),
  ${sumOf("input_tokens + cache_read_tokens + cache_creation_tokens")}, ${sumOf("output_tokens")},
  ${sumOf("cost_nanos")},
  (select count(*) from usage where cost_nanos is null and run in (select id from ${RUNS})), $3
from phases join tasks on tasks.key = phases.task where phases.task = $1 and phases.seq = $2`;

export function snapshotStore(engine: Engine): SnapshotStore {
  return { ofTask: async (task) => (await engine.all(OF_TASK, [task])).map(readSnapshot) };
}

export function takeSnapshot(task: string, seq: number, now: number): Statement {
  return { sql: TAKE, params: [task, seq, now], expect: 1 };
}

function readSnapshot(row: Row): Snapshot {
  const { textOrNull, integer, sum, names } = decode("snapshots", row);
  return {
    seq: integer("seq"),
    agents: names("agents"),
    branch: textOrNull("branch"),
    commit: textOrNull("commit_id"),
    events: integer("events"),
    run: textOrNull("run"),
    runs: integer("runs"),
    inputTokens: sum("input_tokens"),
    outputTokens: sum("output_tokens"),
    costNanos: integer("unpriced") > 0 ? null : sum("cost_nanos"),
    takenAt: integer("taken_at"),
  };
}
