/**
 * What is measured: how much there is of everything now, and what has come and ended since it was looked at last.
 *
 * M1. No read grows with what was ever done: counters, partial indexes, ranges of numbers, each cut.
 */

import type { Usage } from "../../workflow/run.ts";
import {
  type DeliveryStatus,
  deliveryMoves,
  jobMoves,
  type RunStatus,
  runMoves,
} from "../../workflow/states.ts";
import type { Differs, Engine, Row, Sql, Value } from "../engine/engine.ts";
import { decode, FAILURES } from "../engine/row.ts";
import { LIVE } from "../rows/run.ts";
import { readUsage } from "../usage.ts";

/** How many there are, by names that the configuration has, or had. */
export interface Counted {
  readonly name: string;
  readonly status: string;
  readonly count: number;
}

export interface Gauges {
  /** Deliveries that are not handled yet, by source. */
  readonly inbox: readonly Counted[];
  /** When the oldest of them came (ms); `null` when there is none. */
  readonly inboxSince: number | null;
  /** Jobs that are not over, by project: of the oldest {@link JOBS_COUNTED} of each status. */
  readonly jobs: readonly Counted[];
  /** Live runs, by project. */
  readonly runs: readonly Counted[];
  /** Since when the oldest call that is pending is owed (ms). */
  readonly outboxSince: number | null;
  /** Cards that are still kept up to date, by chat. */
  readonly cards: readonly Counted[];
  readonly databaseBytes: number;
}

interface Numbered {
  /** Higher than those of all that came before. */
  readonly seq: number;
  readonly isOver: boolean;
}

export interface MeasuredDelivery extends Numbered {
  readonly source: string;
  readonly status: DeliveryStatus;
}

export interface MeasuredRun extends Numbered {
  readonly id: string;
  readonly project: string;
  readonly status: RunStatus;
  readonly failure: string | null;
  /** From when its job was made, or was left by its last run, to the claim (ms). */
  readonly waitedMs: number;
  /** From the start of the agent to the end; `null` of one that has not ended, or never began (ms). */
  readonly ranMs: number | null;
}

/** What comes in the order of its number, and is over some time later. */
export interface Measured<T> {
  /** The newest number; 0 when there is none. */
  newest(): Promise<number>;
  /** Those that are not over, newest first, at most `limit`. */
  open(limit: number): Promise<readonly T[]>;
  /** What came after that number, in order, at most `limit`. */
  after(seq: number, limit: number): Promise<readonly T[]>;
  these(seqs: readonly number[]): Promise<readonly T[]>;
}

export interface MetricsStore {
  gauges(): Promise<Gauges>;
  readonly deliveries: Measured<MeasuredDelivery>;
  readonly runs: Measured<MeasuredRun>;
  usage(runs: readonly string[]): Promise<readonly Usage[]>;
}

/** Of a status; whoever has more waiting is not told by project how much more. */
export const JOBS_COUNTED = 10_000;

const INBOX = `
select source as name, status, count(*) as count from deliveries where status = 'received' group by source, status`;
const INBOX_SINCE =
  "select received_at as since from deliveries where status = 'received' order by id limit 1";
const jobsOf = (status: string): string => `
select project as name, status, count(*) as count from (
  select project, status from jobs where status = '${status}' order by id limit ${JOBS_COUNTED}
) as open group by project, status`;
const JOBS = jobMoves.live.map(jobsOf);
const RUNS = `select project as name, status, count(*) as count from runs where ${LIVE} group by project, status`;
const OUTBOX_SINCE = "select owed_since as since from outbox where status = 'pending' order by id limit 1";
const CARDS =
  "select chat as name, 'open' as status, count(*) as count from cards where is_settled = 0 and chat >= '' group by chat";
const BYTES: Differs = {
  sqlite: "select page_count * page_size as bytes from pragma_page_count(), pragma_page_size()",
  postgres: "select pg_database_size(current_database()) as bytes",
  because: "each engine knows its own size in its own words",
};

const theseOf = (column: string, select: string, order: string): Differs => ({
  sqlite: `${select} where ${column} in (select value from json_each($1)) ${order}`,
  postgres: `${select} where ${column} in (select cast(value as bigint) from json_array_elements_text(cast($1 as json)) as given (value)) ${order}`,
  because: "a list of any length as one parameter is JSON for both, and each takes it apart in its own words",
});

const DELIVERY = "select id as seq, source, status from deliveries";
const RUN = `
select runs.seq, runs.id, runs.project, runs.status, runs.failure, runs.claimed_at, runs.started_at, runs.finished_at,
  coalesce((select max(earlier.finished_at) from runs as earlier where earlier.task = runs.task and earlier.seq < runs.seq
    and earlier.job = runs.job), (select jobs.created_at from jobs where jobs.id = runs.job), runs.claimed_at) as ready_at
from runs`;

export function metricsStore(engine: Engine): MetricsStore {
  const counted = async (sql: Sql): Promise<readonly Counted[]> =>
    (await engine.all(sql, [])).map((row) => {
      const { text, integer } = decode("metrics", row);
      return { name: text("name"), status: text("status"), count: integer("count") };
    });
  const since = async (sql: Sql): Promise<number | null> => {
    const [row] = await engine.all(sql, []);
    return row === undefined ? null : decode("metrics", row).integer("since");
  };
  return {
    async gauges(): Promise<Gauges> {
      const [inbox, inboxSince, jobs, runs, outboxSince, cards, [size]] = await Promise.all([
        counted(INBOX),
        since(INBOX_SINCE),
        Promise.all(JOBS.map(counted)),
        counted(RUNS),
        since(OUTBOX_SINCE),
        counted(CARDS),
        engine.all(BYTES, []),
      ]);
      const databaseBytes = size === undefined ? 0 : decode("metrics", size).sum("bytes");
      return { inbox, inboxSince, jobs: jobs.flat(), runs, outboxSince, cards, databaseBytes };
    },
    deliveries: measured(engine, readDelivery, {
      newest: "select coalesce(max(id), 0) as seq from deliveries",
      open: `${DELIVERY} where status = 'received' order by id desc limit $1`,
      after: `${DELIVERY} where id > $1 order by id limit $2`,
      these: theseOf("id", DELIVERY, "order by id"),
    }),
    runs: measured(engine, readRun, {
      newest: "select coalesce(max(seq), 0) as seq from runs",
      open: `${RUN} where ${LIVE} order by runs.seq desc limit $1`,
      after: `${RUN} where runs.seq > $1 order by runs.seq limit $2`,
      these: theseOf("runs.seq", RUN, "order by runs.seq"),
    }),
    usage: async (runs) => {
      const found = await readUsage(engine, runs, (row, decoder) => [decoder(row)]);
      return [...found.values()].flat();
    },
  };
}

type Reads = Readonly<Record<keyof Measured<unknown>, Sql>>;

function measured<T>(engine: Engine, read: (row: Row) => T, sql: Reads): Measured<T> {
  const all = async (text: Sql, params: readonly Value[]): Promise<readonly T[]> =>
    (await engine.all(text, params)).map(read);
  return {
    newest: async () => {
      const [row] = await engine.all(sql.newest, []);
      return row === undefined ? 0 : decode("metrics", row).integer("seq");
    },
    open: (limit) => all(sql.open, [limit]),
    after: (seq, limit) => all(sql.after, [seq, limit]),
    these: async (seqs) => (seqs.length === 0 ? [] : all(sql.these, [JSON.stringify(seqs)])),
  };
}

function readDelivery(row: Row): MeasuredDelivery {
  const columns = decode("deliveries", row);
  const status = columns.status("status", deliveryMoves.statuses);
  const isOver = deliveryMoves.final.includes(status);
  return { seq: columns.integer("seq"), source: columns.text("source"), status, isOver };
}

function readRun(row: Row): MeasuredRun {
  const { text, integer, integerOrNull, status, oneOf } = decode("runs", row);
  const [claimedAt, startedAt, finishedAt] = [
    integer("claimed_at"),
    integerOrNull("started_at"),
    integerOrNull("finished_at"),
  ];
  const state = status("status", runMoves.statuses);
  return {
    ...{ seq: integer("seq"), id: text("id"), project: text("project"), status: state },
    failure: oneOf("failure", FAILURES),
    waitedMs: Math.max(0, claimedAt - integer("ready_at")),
    ranMs: startedAt === null || finishedAt === null ? null : Math.max(0, finishedAt - startedAt),
    isOver: runMoves.final.includes(state),
  };
}
