/**
 * Runs: one agent process each. They begin in `claim/claim.ts`; here is their life, and how a decision ends them.
 *
 * Every write names the statuses it may happen in, so what a late writer says about a concluded run is not written
 * (I3).
 */

import type { Parts } from "../workflow/decide/change.ts";
import { FAULTS } from "../workflow/faults.ts";
import type { Identity, Run, RunPlan, StopReason, Usage } from "../workflow/run.ts";
import type { RunStatus } from "../workflow/states.ts";
import { runMoves } from "../workflow/states.ts";
import { type Engine, type Row, type Statement, StoreFault, type Value } from "./engine/engine.ts";
import { literals } from "./engine/legality.ts";
import { moveSql, textPerMove, tookEffect } from "./engine/moves.ts";
import type { Page, PageQuery } from "./engine/page.ts";
import { readPage, statusIs } from "./engine/page.ts";
import { decode, STOP_REASONS } from "./engine/row.ts";
import { type ProgressReport, writeProgress } from "./progress.ts";
import { LIVE, readRun } from "./rows/run.ts";
import { readSessionUsage, readUsage } from "./usage.ts";

export interface RunStore {
  get(id: string): Promise<Run | null>;
  /** Ids that begin like this, newest first, at most {@link BEGINNINGS_MAX}. */
  beginning(prefix: string): Promise<readonly string[]>;
  /**
   * Runs that are `starting`, `running` or `exited`: what a daemon must look after.
   *
   * @param unreadable told of each row that cannot be understood, which is then left out; without it, that throws
   */
  live(unreadable?: (fault: StoreFault) => void): Promise<readonly Run[]>;
  countLive(task: string): Promise<number>;
  list(
    query: PageQuery & {
      readonly project?: string | undefined;
      readonly status?: RunStatus | undefined;
      readonly task?: string | undefined;
    },
  ): Promise<Page<Run>>;
  /** What the runner decided to start, for a run whose agent could not be launched. */
  describe(id: string, plan: RunPlan): Promise<void>;
  /**
   * Writes down what is started and its process, under the claim's fence; only on `true` may the start gate be opened
   * (I4).
   */
  started(id: string, fence: number, plan: RunPlan, identity: Identity, now: number): Promise<boolean>;
  /** What was done before its agent is over, and the agent began: its time counts from here. False when not live. */
  began(id: string, timeoutMs: number, now: number): Promise<boolean>;
  /** Replaces usage, session and offset of several runs in one transaction; says of each whether it was live. */
  progressOf(reports: readonly ProgressReport[]): Promise<readonly boolean[]>;
  /** The process is gone: `running` or `starting` becomes `exited`. False when it was not live. */
  exited(id: string, code: number | null, signal: string | null, now: number): Promise<boolean>;
  /** Why its work is not published yet: the reason of a run whose process is gone. False when it is not in between. */
  unpublished(id: string, reason: string): Promise<boolean>;
  /** Its end is judged, and its work is being published from now on: it holds no slot. False when it is over. */
  publishing(id: string, now: number): Promise<boolean>;
  /** What the runs before this one have used of the same session of this backend, per model. */
  sessionUsage(session: string, backend: string, before: string): Promise<readonly Usage[]>;
  /** Asks a live run to stop; the first reason stays. False when it is not live. */
  askToStop(id: string, reason: StopReason): Promise<boolean>;
  /** Among these runs, those that somebody asked to stop. */
  stopsAsked(): Promise<readonly { readonly id: string; readonly reason: StopReason }[]>;
}

const GET = "select * from runs where id = $1";
/** Enough to say that it may be several, and which. */
const BEGINNINGS_MAX = 5;
/** Ids are lower-case letters and digits, so that "z" is behind whatever follows the beginning. */
const BEGINNING = `
select id from runs where id >= $1 and id <= cast($1 as text) || 'zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz'
order by id desc limit ${BEGINNINGS_MAX}`;
const ALL_LIVE = `select * from runs where ${LIVE} order by seq`;
const COUNT_LIVE = `select count(*) as live from runs where task = $1 and ${LIVE}`;
const STOPS_ASKED = `select id, stop from runs where ${LIVE} and stop is not null order by seq`;

const DESCRIBE = `update runs set backend = $2, model = $3, effort = $4, timeout_ms = $5, heard = $6 where id = $1 and ${LIVE}`;

const start = moveSql(runMoves, "start", "$8");
const STARTED = `
update runs set ${start.set}, started_at = $8, active_at = $8,
  pid = $3, start_ticks = $4, pgid = $5, leader_ticks = $6, boot_id = $7,
  backend = $9, model = $10, effort = $11, timeout_ms = $12, heard = $13
where id = $1 and fence = $2 and ${start.from}`;

const BEGAN = `update runs set timeout_ms = $2, started_at = $3, active_at = $3 where id = $1 and ${LIVE}`;

const exit = moveSql(runMoves, "exit", "$4");
const EXITED = `update runs set ${exit.set}, exit_code = $2, signal = $3, exited_at = $4 where id = $1 and ${exit.from}`;

/** `reason` is how the run ended as soon as it is concluded; until then, why it is not. */
const UNPUBLISHED = `update runs set reason = $2 where id = $1 and status in (${literals(runMoves.sources("succeed"))})`;

const PUBLISHING = `
update runs set publishing_since = coalesce(publishing_since, $2)
where id = $1 and status in (${literals(runMoves.sources("succeed"))})`;

const MOVE_RUN = textPerMove(
  runMoves,
  ({
    set,
    from,
  }) => `update runs set ${set}, failure = $4, reason = $5, summary = $6, session = coalesce($7, session),
  branch = $9, published_commit = $10, files = $11
where id = $1 and task = $2 and ${from} and ($8 = '' or status = $8)`,
  "$3",
);

const STOP_RUNS = `update runs set stop = $2 where task = $1 and status in (${literals(runMoves.live)}) and stop is null`;

const ASK_TO_STOP = `update runs set stop = coalesce(stop, $2) where id = $1 and ${LIVE}`;

export function runStore(engine: Engine): RunStore {
  const read = async (sql: string, params: readonly Value[]): Promise<readonly Run[]> =>
    withUsage(engine, (await engine.all(sql, params)).map(readRun));
  return {
    get: async (id) => (await read(GET, [id]))[0] ?? null,
    beginning: async (prefix) =>
      (await engine.all(BEGINNING, [prefix])).map((row) => decode("runs", row).text("id")),
    live: async (unreadable) => {
      const rows = await engine.all(ALL_LIVE, []);
      return withUsage(
        engine,
        rows.flatMap((row) => readUnless(row, readRun, unreadable)),
        unreadable,
      );
    },
    countLive: async (task) => {
      const [row] = await engine.all(COUNT_LIVE, [task]);
      return row === undefined ? 0 : decode("runs", row).integer("live");
    },
    list: async (query) => {
      const page = await readPage(
        engine,
        {
          columns: "*",
          table: "runs",
          order: "seq",
          filters: [
            statusIs(query.status, runMoves.statuses),
            { column: "project", equals: query.project },
            { column: "task", equals: query.task },
          ],
          decode: readRun,
          position: (row) => decode("runs", row).integer("seq"),
        },
        query,
      );
      return { ...page, items: await withUsage(engine, page.items) };
    },
    describe: async (id, plan) => {
      await engine.atomic([{ sql: DESCRIBE, params: [id, ...planOf(plan)] }]);
    },
    started: (id, fence, plan, identity, now) =>
      tookEffect(engine, { sql: STARTED, params: [id, fence, ...processOf(identity), now, ...planOf(plan)] }),
    began: (id, timeoutMs, now) => tookEffect(engine, { sql: BEGAN, params: [id, timeoutMs, now] }),
    progressOf: (reports) => writeProgress(engine, reports),
    exited: (id, code, signal, now) => tookEffect(engine, { sql: EXITED, params: [id, code, signal, now] }),
    publishing: (id, now) => tookEffect(engine, { sql: PUBLISHING, params: [id, now], makes: "jobs" }),
    unpublished: (id, reason) => tookEffect(engine, { sql: UNPUBLISHED, params: [id, reason] }),
    sessionUsage: (session, backend, before) => readSessionUsage(engine, session, backend, before),
    askToStop: (id, reason) => tookEffect(engine, { sql: ASK_TO_STOP, params: [id, reason], makes: "stops" }),
    stopsAsked: async () =>
      (await engine.all(STOPS_ASKED, [])).map((row) => {
        const { text, status } = decode("runs", row);
        return { id: text("id"), reason: status("stop", STOP_REASONS) };
      }),
  };
}

function processOf({ pid, startTicks, pgid, leaderTicks, bootId }: Identity): readonly Value[] {
  return [pid, startTicks, pgid, leaderTicks, bootId];
}

function planOf({ backend, model, effort, timeoutMs, heard }: RunPlan): readonly Value[] {
  return [backend, model, effort, timeoutMs, heard];
}

type Unreadable = ((fault: StoreFault) => void) | undefined;

/** A run whose usage cannot be understood is a run all the same: it must be looked after. */
async function withUsage(
  engine: Engine,
  runs: readonly Run[],
  unreadable?: Unreadable,
): Promise<readonly Run[]> {
  const ids = runs.map((run) => run.id);
  const usage = await readUsage(engine, ids, (row, decoder) => readUnless(row, decoder, unreadable));
  return runs.map((run) => ({ ...run, usage: usage.get(run.id) ?? [] }));
}

function readUnless<T>(row: Row, decoder: (row: Row) => T, unreadable: Unreadable): readonly T[] {
  try {
    return [decoder(row)];
  } catch (error) {
    if (!(error instanceof StoreFault) || unreadable === undefined) throw error;
    unreadable(error);
    return [];
  }
}

/** How the run of the change ended. */
export function writeRun({ run }: Pick<Parts, "run">, task: string, now: number): readonly Statement[] {
  if (run === null) return [];
  const { change, id, onlyFrom = "", failure, reason, summary, session, published } = run;
  const { branch = null, commit = null, files = null } = published ?? {};
  const params = [id, task, now, failure, reason, summary, session, onlyFrom, branch, commit, files];
  const isCrash = failure !== null && FAULTS[failure].isCrash === true;
  return [
    {
      sql: MOVE_RUN[change],
      params,
      expect: 1,
      makes: isCrash ? ["jobs", "windows", "cards"] : ["jobs", "cards"],
    },
  ];
}

/** Every live run of the task is asked to stop; the first reason stays. */
export function writeStops({ stopRuns }: Pick<Parts, "stopRuns">, task: string): readonly Statement[] {
  return stopRuns === null ? [] : [{ sql: STOP_RUNS, params: [task, stopRuns], makes: "stops" }];
}
