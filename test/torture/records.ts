/**
 * What the database file says, read from outside as one snapshot, with SQL of our own: the oracle trusts neither the
 * daemon's statements nor its decoders. Opened for reading by another process, which is harmless to the daemon's locks.
 */

import { join } from "node:path";
import Database from "better-sqlite3";

export interface TaskRow {
  readonly key: string;
  readonly status: string;
  readonly reason: string | null;
  readonly branch: string | null;
  readonly published_commit: string | null;
}
export interface JobRow {
  readonly id: number;
  readonly task: string;
  readonly status: string;
  readonly run: string | null;
  readonly attempts: number;
  readonly interruptions: number;
  readonly finished_at: number | null;
}
export interface RunRow {
  readonly id: string;
  readonly job: number;
  readonly task: string;
  readonly status: string;
  readonly pid: number | null;
  readonly start_ticks: number | null;
  readonly pgid: number | null;
  readonly leader_ticks: number | null;
  readonly log_offset: number;
  readonly exit_code: number | null;
  readonly failure: string | null;
  readonly reason: string | null;
  readonly stop: string | null;
  readonly started_at: number | null;
  readonly finished_at: number | null;
  /** Sums over all models; 0 without usage. */
  readonly tokens: number;
  readonly cost: number;
}
export interface DeliveryRow {
  readonly delivery_id: string;
  readonly status: string;
  readonly reason: string | null;
  readonly task: string | null;
}
export interface Snapshot {
  readonly tasks: readonly TaskRow[];
  readonly jobs: readonly JobRow[];
  readonly runs: readonly RunRow[];
  readonly deliveries: readonly DeliveryRow[];
  /** Tasks by the issue they stand for, such as `acme/shop#12`. */
  readonly issues: ReadonlyMap<string, readonly string[]>;
}

const RUNS = `select runs.id, job, task, status, pid, start_ticks, pgid, leader_ticks, log_offset, exit_code, failure,
    reason, stop, started_at, finished_at,
    coalesce((select sum(input_tokens + output_tokens) from usage where usage.run = runs.id), 0) tokens,
    coalesce((select sum(cost_nanos) from usage where usage.run = runs.id), 0) cost
  from runs`;
const JOBS = "select id, task, status, run, attempts, interruptions, finished_at from jobs order by id";

export const LIVE_RUN: readonly string[] = ["starting", "running", "exited"];
export const LIVE_JOB: readonly string[] = ["queued", "held", "running"];
export const FINAL_TASK: readonly string[] = ["done", "failed", "cancelled"];

/** Everything, in one transaction. */
export function readRecords(dataDir: string): Snapshot {
  return reading(dataDir, (all) => {
    const refs = all<{ id: string; task: string }>("select ext_id id, task from refs where kind = 'issue'");
    const byIssue = Object.groupBy(refs, ({ id }) => id);
    return {
      tasks: all<TaskRow>("select key, status, reason, branch, published_commit from tasks order by seq"),
      jobs: all<JobRow>(JOBS),
      runs: all<RunRow>(`${RUNS} order by seq`),
      deliveries: all<DeliveryRow>("select delivery_id, status, reason, task from deliveries order by id"),
      issues: new Map(Object.entries(byIssue).map(([id, rows = []]) => [id, rows.map(({ task }) => task)])),
    };
  });
}

/** Runs that are not over. */
export function readLive(dataDir: string): readonly RunRow[] {
  return reading(dataDir, (all) =>
    all<RunRow>(`${RUNS} where status in ('starting', 'running', 'exited') order by seq`),
  );
}

type All = <T>(sql: string) => readonly T[];

function reading<T>(dataDir: string, work: (all: All) => T): T {
  const database = new Database(join(dataDir, "chargehand.db"), { readonly: true, timeout: 10_000 });
  try {
    return database.transaction(() => work((sql) => database.prepare<unknown[], never>(sql).all()))();
  } finally {
    database.close();
  }
}
