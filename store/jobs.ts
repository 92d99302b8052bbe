/**
 * Jobs: what waits to be run. They are taken by `claim/claim.ts`; here are the reads, and how decisions move them.
 *
 * J1. `queued` means that nothing of its own keeps a job from being claimed; whatever has to wait is `held`. What
 *     closes a whole lane (limits, budgets of the project, accounts) is looked at by the claim, per lane.
 */

import type { Parts } from "../workflow/decide/change.ts";
import type { Job, JobChange } from "../workflow/job.ts";
import type { JobStatus } from "../workflow/states.ts";
import { jobMoves } from "../workflow/states.ts";
import { type Ahead, type Claim, type ClaimRequest, claim, countAhead } from "./claim/claim.ts";
import type { Engine, Statement, Value } from "./engine/engine.ts";
import { textPerMove, told } from "./engine/moves.ts";
import type { Page, PageQuery } from "./engine/page.ts";
import { readPage, statusIs } from "./engine/page.ts";
import { decode } from "./engine/row.ts";
import { holdJob, holdPhase, releaseJob } from "./holds.ts";
import { readJob, withHolds } from "./rows/job.ts";

export interface JobStore {
  /**
   * Takes the next job, in the order of K1 of `claim/claim.ts`. Writes the job `running` with a new fence and a run
   * `starting`, in one transaction. `null`: nothing to do.
   */
  claim(request: ClaimRequest): Promise<Claim | null>;
  /** How many queued jobs of its project a claim would take before this one; counted up to a bound. */
  ahead(job: Job): Promise<Ahead>;
  get(id: number): Promise<Job | null>;
  ofTask(task: string): Promise<readonly Job[]>;
  list(
    query: PageQuery & {
      readonly project?: string | undefined;
      readonly status?: JobStatus | undefined;
      readonly task?: string | undefined;
    },
  ): Promise<Page<Job>>;
}

const GET = "select * from jobs where id = $1";
const OF_TASK = "select * from jobs where task = $1 order by id";

const CREATE_JOB = `
insert into jobs (task, project, phase, agent, own_agent, status, priority, created_at, session, session_agent, session_account, opens)
select key, project, $2, $3, $10, '${jobMoves.initial}', $4, $5, $6, $7, $8, $9 from tasks where key = $1`;

const ASSIGN = `
update jobs set phase = $4, agent = $5, own_agent = $6
where id = $1 and fence = $2 and task = $3 and opens = 1 and status = 'held'`;

const SESSION = "case when $8 = 1 then $9 else session end";
/** Whoever a window has chosen goes on with the session that it has begun; without one the job is anybody's again. */
const BACK = `
  agent = case when ${SESSION} is null then coalesce(own_agent, agent) else agent end,`;
const MOVE_JOB = textPerMove(
  jobMoves,
  ({ set, from }, move) => `update jobs set ${set},${move === "retry" ? BACK : ""}
  attempts = coalesce($5, attempts), transients = coalesce($6, transients), interruptions = coalesce($7, interruptions),
  repairs = coalesce($16, repairs),
  session = ${SESSION},
  session_agent = case when $8 = 1 then $10 else session_agent end,
  session_account = case when $8 = 1 then $15 else session_account end,
  failure = case when $11 = 1 then $12 else failure end,
  reason = case when $13 = 1 then $14 else reason end
where id = $1 and fence = $2 and task = $3 and ${from}`,
  "$4",
);

export function jobStore(engine: Engine): JobStore {
  const read = async (sql: string, params: readonly Value[]): Promise<readonly Job[]> =>
    withHolds(engine, (await engine.all(sql, params)).map(readJob));
  return {
    claim: (request) => claim(engine, request),
    ahead: (job) => countAhead(engine, job),
    get: async (id) => (await read(GET, [id]))[0] ?? null,
    ofTask: (task) => read(OF_TASK, [task]),
    list: async (query) => {
      const page = await readPage(
        engine,
        {
          columns: "*",
          table: "jobs",
          order: "id",
          filters: [
            statusIs(query.status, jobMoves.statuses),
            { column: "project", equals: query.project },
            { column: "task", equals: query.task },
          ],
          decode: readJob,
          position: (row) => decode("jobs", row).integer("id"),
        },
        query,
      );
      return { ...page, items: await withHolds(engine, page.items) };
    },
  };
}

/** Jobs are moved before others are made: a phase has one live job. */
export function writeJobs({ jobs }: Pick<Parts, "jobs">, task: string, now: number): readonly Statement[] {
  const made = jobs.filter((job) => job.change === "create");
  const moved = jobs.filter((job) => job.change !== "create");
  return [
    ...moved.flatMap((job) => moveJob(task, job, now)),
    ...made.flatMap((job) => createJob(task, job, now)),
  ];
}

function createJob(
  task: string,
  job: Extract<JobChange, { change: "create" }>,
  now: number,
): readonly Statement[] {
  const { phase, agent, pinned = false, priority, holds, session = null, opens = false } = job;
  const owner = [session?.id ?? null, session?.agent ?? null, session?.account ?? null];
  return [
    {
      sql: CREATE_JOB,
      params: [task, phase, agent, priority, now, ...owner, opens ? 1 : 0, pinned ? null : agent],
      expect: 1,
      makes: holds.some(({ kind }) => kind === "workflow") ? ["jobs", "workflows"] : "jobs",
    },
    ...holds.map((hold) => holdPhase(task, phase, hold, now)),
  ];
}

type MoveOfJob = Exclude<JobChange, { change: "create" }>;

function moveJob(task: string, job: MoveOfJob, now: number): readonly Statement[] {
  const { id, fence } = job;
  if (job.change === "hold") return [holdJob(task, id, fence, job.hold, now)];
  if (job.change === "assign") {
    const { phase, agent, pinned } = job;
    return [{ sql: ASSIGN, params: [id, fence, task, phase, agent, pinned ? null : agent], expect: 1 }];
  }
  if (job.change === "release") return [releaseJob(task, id, fence, job.kind)];
  const { change, holds = [], counters, session, failure, reason } = job;
  const counted = [counters?.attempts ?? null, counters?.transients ?? null, counters?.interruptions ?? null];
  const params = [
    ...[id, fence, task, now],
    ...counted,
    ...told(session === undefined ? undefined : (session?.id ?? null)),
    session?.agent ?? null,
    ...told(failure),
    ...told(reason),
    session?.account ?? null,
    counters?.repairs ?? null,
  ];
  return [
    { sql: MOVE_JOB[change], params, expect: 1, makes: "jobs" },
    ...holds.map((hold) => holdJob(task, id, fence, hold, now)),
  ];
}
