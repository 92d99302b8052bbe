/**
 * The claim: who is next. One transaction writes the job `running` with a new fence, a run `starting` with its account
 * and its reservation, and the turn of its project (I3, I4, I8).
 *
 * K1. Order: priority, then the project with the fewest slots taken, then the one served longest ago, then age.
 * K2. Its cost grows with the number of lanes (project and agent) and of live runs, both small, and with nothing else:
 *     a lane's head is the first entry of its part of a partial index, whatever is queued behind it, held, or finished.
 * K3. Limits are counted from the live runs themselves, never from a stored count of slots, which would leak. So are
 *     reservations: what a live run may still use of its budget is kept free for it. One whose process is gone and
 *     whose work is being published holds no slot (I16), however long its remote is down.
 * K4. A job whose task still has a live run is passed over. Decisions hold such jobs (`run_ending`), so this is a net
 *     that hardly ever has anything to skip; without it the unique index would make a conflict of the whole claim.
 * K5. A run gets the first account of its agent that is open, be it by a fallback of the agent.
 * K6. A window is a stretch of time in the project's own row, so that it opens and closes on the instant, whether or
 *     not the scheduler is on time, and costs nothing however many jobs wait for it. So is the budget of its opening,
 *     which stands in a row per limit.
 * K7. So is the agent profile that a window has chosen. It plays the jobs that are free, which are another part of each
 *     lane's index, because whoever has a session goes on with it: one head may be closed while the other is open. The
 *     job that is taken gets the name of who plays it, and no other job is touched.
 * K8. Each of these parts has two heads, that of jobs which open a task and that of the others, each the first of
 *     its part of the index; only the former wait while the repository is frozen. So a freeze costs nothing however
 *     many jobs wait for its end, and lets no new task through between its row and a hold. Where several heads of a
 *     lane can be had, the order of K1 is between them as between those of two lanes.
 */

import type { BudgetUnit } from "../../workflow/budget.ts";
import type { Job } from "../../workflow/job.ts";
import type { Run } from "../../workflow/run.ts";
import { jobMoves, runMoves } from "../../workflow/states.ts";
import { isDoubter, LIVE_RUNS, OPEN_ROUTES } from "../accounts/accounts.ts";
import { isFrozen } from "../between/freezes.ts";
import { closedProjects, countRun, raisedForRuns } from "../budgets.ts";
import { dayOf } from "../counters.ts";
import type { Differs, Engine } from "../engine/engine.ts";
import { moveSql } from "../engine/moves.ts";
import { decode } from "../engine/row.ts";
import { readJob } from "../rows/job.ts";
import { LIVE, readRun } from "../rows/run.ts";
import { isOpen } from "../windows/windows.ts";
import { IN_LANE, KINDS, PLAYER } from "./lanes.ts";

export interface Claim {
  readonly job: Job;
  readonly run: Run;
}

export interface ClaimRequest {
  /** Id for the run that the claim begins. */
  readonly run: string;
  /** How many runs may be live at once, over all projects. */
  readonly concurrency: number;
  readonly now: number;
}

const TAKE_TURN: Differs = {
  sqlite: "select 1 as one",
  postgres: "select pg_advisory_xact_lock(7165439)",
  because:
    "SQLite has one writer; on PostgreSQL two claimers would each count the live runs before the other's is there",
};

/** K1. The order within a project; and which jobs `j` come in it before the one of priority `$2` and id `$3`. */
const IN_ORDER = "j.priority desc, j.id";
const IS_BEFORE = ["j.priority > $2", "j.priority = $2 and j.id < $3"];

/** A cross join is one in the order of the text for SQLite, so that each lane's part of the index is walked alone. */
const inLane = (isBefore: string): string => `select j.id from lanes cross join ${KINDS} cross join jobs as j
  where lanes.project = $1 and ${IN_LANE} and ${isBefore}`;
const AHEAD = `
select count(*) as ahead from (
  ${IS_BEFORE.map(inLane).join("\n  union all ")}
  limit $4
) as counted`;

/** K7. Who plays a job that is claimed now. */
const CLAIMED_BY = `case jobs.free when 1 then coalesce((select p.open_agent from projects as p where p.name = jobs.project), jobs.agent)
    else jobs.agent end`;
const take = moveSql(jobMoves, "claim", "$3");
const TAKE = `
with ${LIVE_RUNS}, ${OPEN_ROUTES}, ${closedProjects("$4", "cast($3 as bigint)")},
heads as materialized (
  select p.name, p.served, coalesce(p.open_slots, p.concurrency) as concurrency,
    (select count(*) from live_runs where live_runs.project = p.name and at_work = 1) as at_work,
    (select j.id from jobs as j
     where ${IN_LANE}
       and not exists (select 1 from runs where runs.task = j.task and ${LIVE})
       and not ${isDoubter("j.task", PLAYER, "cast($3 as bigint)")}
     order by ${IN_ORDER} limit 1) as head
  from lanes cross join ${KINDS} join projects as p on p.name = lanes.project
  where (kinds.opens = 0 or not ${isFrozen("p")}) and p.configured = 1 and ${isOpen("p", "cast($3 as bigint)")} and (select count(*) from live_runs where at_work = 1) < $2
    and not exists (select 1 from wide_holds where scope = 'all')
    and ${PLAYER} in (select agent from open_routes) and lanes.project not in (select project from closed_projects)
)
update jobs set ${take.set}, fence = fence + 1, run = $1, opens = 0, agent = ${CLAIMED_BY},
  route = (select open_routes.position from open_routes where open_routes.agent = ${CLAIMED_BY})
where id = (
  select j.id from heads cross join jobs as j
  where j.id = heads.head and heads.at_work < heads.concurrency
  order by j.priority desc, heads.at_work, heads.served, j.id limit 1
) and ${take.from}
returning *`;

/** Without `cast`, SQLite compares what is bound with the conditions of partial indexes, and plans anew each time. */
const BEGIN_RUN = `
insert into runs (id, job, task, project, phase, agent, account, fence, status, claimed_at, reserved_nanos, reserved_tokens, opening)
select $1, j.id, j.task, j.project, j.phase, routes.via, routes.account, j.fence, '${runMoves.initial}', $2,
  ${reservation("nanos")}, ${reservation("tokens")}, (select p.opening from projects as p where p.name = j.project)
from jobs as j join routes on routes.agent = j.agent and routes.position = j.route
where j.run = cast($1 as text) and j.status = 'running'
returning *`;

function reservation(unit: BudgetUnit): string {
  return `coalesce((select q.amount + ${raisedForRuns("j.task")} from budgets as q
    where q.project = j.project and q.scope = 'run' and q.unit = '${unit}'), 0)`;
}

const SERVE = `
update projects set served = (select max(served) from projects) + 1
where name = (select project from jobs where run = $1 and status = 'running')`;

/** Takes the next job; `null` when there is none, or no room. */
export async function claim(engine: Engine, { run, concurrency, now }: ClaimRequest): Promise<Claim | null> {
  const result = await engine.atomic([
    { sql: TAKE_TURN, params: [] },
    { sql: TAKE, params: [run, concurrency, now, dayOf(now)] },
    { sql: BEGIN_RUN, params: [run, now], makes: "cards" },
    ...countRun(run, now),
    { sql: SERVE, params: [run] },
  ]);
  if (result.kind === "conflict") throw new Error("a claim has no expectation that could conflict");
  const [, [job] = [], [begun] = []] = result.rows;
  return job === undefined || begun === undefined ? null : { job: readJob(job), run: readRun(begun) };
}

/** `more` when it is only some of them. */
export interface Ahead {
  readonly count: number;
  readonly more: boolean;
}

/** Jobs in front of another that are counted; beyond, it is "at least". */
const AHEAD_MAX = 500;

/** How many queued jobs of the project would be taken before this one. */
export async function countAhead(engine: Engine, { project, priority, id }: Job): Promise<Ahead> {
  const [row] = await engine.all(AHEAD, [project, priority, id, AHEAD_MAX + 1]);
  const found = row === undefined ? 0 : decode("jobs", row).integer("ahead");
  return { count: Math.min(found, AHEAD_MAX), more: found > AHEAD_MAX };
}
