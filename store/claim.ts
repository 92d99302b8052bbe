/**
 * The claim: who is next. One transaction writes the job `running` with a new fence, a run `starting`, and the turn of
 * its project (I3, I4).
 *
 * K1. Order: priority, then the project with the fewest live runs, then the one served longest ago, then age.
 * K2. Its cost grows with the number of projects and of live runs, both small, and with nothing else: each project's
 *     head is the first entry of its part of a partial index, whatever is queued behind it, held, or finished.
 * K3. Limits are counted from the live runs themselves, never from a stored count of slots, which would leak.
 * K4. A job whose task still has a live run is passed over. Decisions hold such jobs (`run_ending`), so this is a net
 *     that hardly ever has anything to skip; without it the unique index would make a conflict of the whole claim.
 */

import { jobMoves, runMoves } from "../workflow/states.ts";
import type { Differs, Engine } from "./engine.ts";
import { readJob } from "./job-row.ts";
import { moveSql } from "./moves.ts";
import { LIVE, readRun } from "./runs.ts";
import type { Claim, ClaimRequest } from "./store.ts";

const TAKE_TURN: Differs = {
  sqlite: "select 1 as one",
  postgres: "select pg_advisory_xact_lock(7165439)",
  because:
    "SQLite has one writer; on PostgreSQL two claimers would each count the live runs before the other's is there",
};

const take = moveSql(jobMoves, "claim", "$3");
const TAKE = `
with lanes as materialized (
  select p.name, p.served, p.concurrency,
    (select count(*) from runs where runs.project = p.name and ${LIVE}) as live,
    (select j.id from jobs as j
     where j.project = p.name and j.status = 'queued'
       and not exists (select 1 from runs where runs.task = j.task and ${LIVE})
     order by j.priority desc, j.id limit 1) as head
  from projects as p
  where p.configured = 1 and (select count(*) from runs where ${LIVE}) < $2
)
update jobs set ${take.set}, fence = fence + 1, run = $1
where id = (
  select j.id from lanes join jobs as j on j.id = lanes.head
  where lanes.live < lanes.concurrency
  order by j.priority desc, lanes.live, lanes.served, j.id limit 1
) and ${take.from}
returning *`;

const BEGIN_RUN = `
insert into runs (id, job, task, project, phase, agent, fence, status, claimed_at)
select $1, id, task, project, phase, agent, fence, '${runMoves.initial}', $2 from jobs where run = $1 and status = 'running'
returning *`;

const SERVE = `
update projects set served = (select max(served) from projects) + 1
where name = (select project from jobs where run = $1 and status = 'running')`;

/** Takes the next job; `null` when there is none, or no room. */
export async function claim(engine: Engine, { run, concurrency, now }: ClaimRequest): Promise<Claim | null> {
  const result = await engine.atomic([
    { sql: TAKE_TURN, params: [] },
    { sql: TAKE, params: [run, concurrency, now] },
    { sql: BEGIN_RUN, params: [run, now] },
    { sql: SERVE, params: [run] },
  ]);
  if (result.kind === "conflict") throw new Error("a claim has no expectation that could conflict");
  const [, [job] = [], [begun] = []] = result.rows;
  return job === undefined || begun === undefined ? null : { job: readJob(job), run: readRun(begun) };
}
