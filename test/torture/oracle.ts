/**
 * What must be true of rows, processes and books after every cycle, whatever struck (DESIGN §4). The daemon may be busy
 * meanwhile: only what holds at every moment is judged here; `rest.ts` judges the end.
 *
 * Each answer is a list of findings in words, empty when all is well.
 */

import { join } from "node:path";
import { FAULTS } from "../../workflow/faults.ts";
import { type AgentBook, type Books, countTokens, sizeOf } from "./books.ts";
import { FINAL_TASK, LIVE_JOB, LIVE_RUN, type RunRow, type Snapshot } from "./records.ts";

/** What the torture itself has done, as far as it excuses anything. */
export interface Deeds {
  /** Delivery ids that were answered 2xx, with their issue. */
  readonly acknowledged: ReadonlyMap<string, number>;
  /** Ids of runs, and keys of tasks, whose processes were killed, frozen, or asked to stop. */
  readonly struck: ReadonlySet<string>;
}

export class Oracle {
  readonly #dataDir: string;
  readonly #isWalled: boolean;
  /** What was seen of finished rows: it may never change again (I3). */
  readonly #finished: Map<string, string> = new Map();
  /** Runs whose log was counted; a log does not change once its run is over. */
  readonly #counted: Set<string> = new Set();

  /** @param isWalled agents work in a sandbox, and know their pid as it is there (`walled.ts`) */
  constructor(dataDir: string, isWalled: boolean) {
    this.#dataDir = dataDir;
    this.#isWalled = isWalled;
  }

  judge(now: Snapshot, books: Books, deeds: Deeds): readonly string[] {
    return [
      ...deliveries(now, deeds),
      ...tasks(now, deeds),
      ...jobs(now),
      ...books.doubles.map((line) => `I4: two agents at work for one task: ${line}`),
      ...now.runs.flatMap((run) => runOf(run, books.runs.get(run.id) ?? null, deeds)),
      ...(this.#isWalled ? [] : now.runs.flatMap((run) => pidOf(run, books.runs.get(run.id)))),
      ...this.#finishedRowsStay(now),
      ...this.#tokens(now, books),
    ];
  }

  /** I3: whoever comes late writes nothing. */
  #finishedRowsStay(now: Snapshot): readonly string[] {
    const rows: (readonly [string, string])[] = [
      ...now.runs
        .filter(({ finished_at }) => finished_at !== null)
        .map((run) => [`run ${run.id}`, ending(run)] as const),
      ...now.jobs
        .filter(({ finished_at }) => finished_at !== null)
        .map(({ id, status, finished_at }) => [`job ${id}`, `${status} at ${finished_at}`] as const),
    ];
    const changed = rows.flatMap(([id, what]) => {
      const before = this.#finished.get(id) ?? what;
      this.#finished.set(id, what);
      return before === what ? [] : [`I3: ${id} was over as '${before}' and became '${what}'`];
    });
    return rows.length < this.#finished.size
      ? [...changed, "I3: a finished row has become live again"]
      : changed;
  }

  /** I6, I8: a run that is over counts every whole line of its log, once; and its agent knows of no more. */
  #tokens(now: Snapshot, books: Books): readonly string[] {
    return now.runs.flatMap((run) => {
      if (run.finished_at === null || this.#counted.has(run.id)) return [];
      this.#counted.add(run.id);
      const log = join(this.#dataDir, "runs", run.id, "stdout.log");
      const written = countTokens(log);
      const isRead = run.status !== "succeeded" || run.log_offset === sizeOf(log);
      const book = books.runs.get(run.id);
      const known = book === undefined || book.torn ? 0 : book.used;
      return [
        ...(run.tokens === written
          ? []
          : [`I8: run ${run.id} counts ${run.tokens} tokens, its log holds ${written}`]),
        ...(isRead
          ? []
          : [`I6: run ${run.id} has read ${run.log_offset} of the ${sizeOf(log)} bytes of its log`]),
        ...(written >= known
          ? []
          : [`I6: the log of run ${run.id} holds ${written} tokens, its agent wrote ${known}`]),
      ];
    });
  }
}

function ending({ status, finished_at, failure, tokens, cost }: RunRow): string {
  return `${status} (${failure ?? "-"}) at ${finished_at} with ${tokens} tokens, ${cost} nano-dollars`;
}

/** I1: what was acknowledged is there, once. */
function deliveries(now: Snapshot, { acknowledged }: Deeds): readonly string[] {
  const rows = Object.groupBy(now.deliveries, ({ delivery_id }) => delivery_id);
  const lost = [...acknowledged.keys()].filter((id) => rows[id]?.length !== 1);
  return [
    ...lost.map((id) => `I1: delivery ${id} was acknowledged, and there are ${rows[id]?.length ?? 0} of it`),
    ...now.deliveries
      .filter(({ status, task }) => status === "processed" && !now.tasks.some(({ key }) => key === task))
      .map(({ delivery_id }) => `I2: delivery ${delivery_id} is processed and has no task`),
    ...now.deliveries
      .filter(({ status }) => status === "failed")
      .map(({ delivery_id, reason }) => `I2: delivery ${delivery_id} failed: ${reason}`),
  ];
}

/** I2: one task per issue; I7: an unfinished task has a job that goes on, a finished one has none. */
function tasks(now: Snapshot, { acknowledged }: Deeds): readonly string[] {
  const handled = new Set(
    now.deliveries.filter(({ status }) => status !== "received").map((row) => row.delivery_id),
  );
  const ordered = [...acknowledged]
    .filter(([id]) => handled.has(id))
    .map(([, issue]) => `acme/shop#${issue}`);
  const jobsOf = Object.groupBy(now.jobs, ({ task }) => task);
  return [
    ...[...now.issues]
      .filter(([, keys]) => keys.length !== 1)
      .map(([issue, keys]) => `I2: issue ${issue} has ${keys.length} tasks`),
    ...(now.tasks.length === now.issues.size
      ? []
      : [`I2: ${now.tasks.length} tasks stand for ${now.issues.size} issues`]),
    ...ordered
      .filter((issue) => !now.issues.has(issue))
      .map((issue) => `I2: issue ${issue} was acknowledged and handled, and has no task`),
    ...now.tasks.flatMap(({ key, status }) => {
      const live = (jobsOf[key] ?? []).filter((job) => LIVE_JOB.includes(job.status)).length;
      const wanted = FINAL_TASK.includes(status) ? 0 : 1;
      return live === wanted ? [] : [`I7: task ${key} is ${status} and has ${live} live jobs`];
    }),
  ];
}

/** I3, I4: one live run per task, and a running job has exactly its own. */
function jobs(now: Snapshot): readonly string[] {
  const live = now.runs.filter(({ status }) => LIVE_RUN.includes(status));
  const byTask = Object.entries(Object.groupBy(live, ({ task }) => task));
  return [
    ...byTask
      .filter(([, runs = []]) => runs.length > 1)
      .map(([task, runs = []]) => `I4: task ${task} has ${runs.length} live runs`),
    ...now.jobs
      .filter(({ status, run }) => status === "running" && !live.some(({ id }) => id === run))
      .map(({ id, run }) => `I7: job ${id} is running, and its run ${run} is over`),
    ...now.jobs.flatMap((job) => {
      const charged = now.runs.filter(({ job: of, failure }) => of === job.id && isCharged(failure)).length;
      return job.attempts <= charged
        ? []
        : [`I9: job ${job.id} was charged ${job.attempts} attempts for ${charged} faults`];
    }),
  ];
}

function isCharged(failure: string | null): boolean {
  return Object.entries(FAULTS).some(([name, rule]) => name === failure && rule.counter === "attempts");
}

/** I5: who is on record is the agent. */
function pidOf({ id, task, pid }: RunRow, book: AgentBook | undefined): readonly string[] {
  if (book === undefined || pid === null || book.pid === pid) return [];
  return [`I5: run ${id} of ${task} has pid ${pid}, its agent is ${book.pid}`];
}

/** One run against what its own agent knows. */
function runOf(run: RunRow, book: AgentBook | null, { struck }: Deeds): readonly string[] {
  const found: string[] = [];
  const say = (law: string, what: string): void =>
    void found.push(`${law}: run ${run.id} of ${run.task} ${what}`);
  if (book !== null && book.starts > 1) say("I4", `was started ${book.starts} times`);
  if (run.finished_at === null) return found;
  if (book !== null && run.pid === null) say("I4", "has had an agent, and no identity is on record");
  if (run.status !== "succeeded" && (run.reason ?? "") === "") say("I7", `is ${run.status} without a reason`);
  if (run.status !== "succeeded" && run.failure === null)
    say("I7", `is ${run.status} without a failure class`);
  if (run.status === "succeeded" && book?.ended !== 0)
    say("I6", `succeeded, and its agent ended with ${book?.ended}`);
  if (run.failure === "agent_error" && (book?.ended ?? 0) === 0)
    say("I9", `is charged to its agent: ${run.reason}`);
  const isOwnEnd =
    book !== null && book.ended !== null && !book.torn && !struck.has(run.id) && !struck.has(run.task);
  if (isOwnEnd && book.ended === 0 && run.status !== "succeeded")
    say("I6", `finished its work and is ${run.status}: ${run.reason}`);
  if (isOwnEnd && book.ended !== 0 && run.failure !== "agent_error")
    say("I6", `failed by itself and is ${run.status} (${run.failure}): ${run.reason}`);
  return found;
}
