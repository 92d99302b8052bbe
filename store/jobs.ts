/**
 * Jobs: what waits to be run. They are made and moved by `commit.ts` and taken by `claim.ts`; here are the moves that
 * time and the configuration make, and the reads.
 *
 * J1. `queued` means that nothing of its own keeps a job from being claimed; whatever has to wait is `held`. What
 *     closes a whole lane (limits, budgets of the project, accounts) is looked at by the claim, per lane.
 * J2. A project that left the configuration keeps its row. What comes free for it is held again, visibly (I7).
 */

import type { Job } from "../workflow/job.ts";
import type { JobStatus } from "../workflow/states.ts";
import { jobMoves } from "../workflow/states.ts";
import { configureAccounts } from "./accounts.ts";
import { configureBudgets } from "./budgets.ts";
import type { Claim, ClaimRequest } from "./claim.ts";
import { claim } from "./claim.ts";
import type { Engine, Statement, Value } from "./engine/engine.ts";
import type { Page, PageQuery } from "./engine/page.ts";
import { readPage, statusIs } from "./engine/page.ts";
import { decode } from "./engine/row.ts";
import { clearKind, holdStore } from "./holds.ts";
import { readJob, withHolds } from "./job-row.ts";
import type { ClaimConfig } from "./projects.ts";

export interface JobStore {
  /**
   * Takes the next job: priority, then the project with the fewest live runs, then the one served longest ago, then
   * age. Writes the job `running` with a new fence and a run `starting`, in one transaction. `null`: nothing to do.
   */
  claim(request: ClaimRequest): Promise<Claim | null>;
  /** Takes away the holds whose time has come; returns how many. */
  releaseDue(now: number): Promise<number>;
  /** When time alone takes the next hold away, or `null`. */
  nextDue(): Promise<number | null>;
  get(id: number): Promise<Job | null>;
  ofTask(task: string): Promise<readonly Job[]>;
  list(
    query: PageQuery & {
      readonly project?: string | undefined;
      readonly status?: JobStatus | undefined;
      readonly task?: string | undefined;
    },
  ): Promise<Page<Job>>;
  /**
   * Makes known what the configuration says. Queued jobs of projects that are gone are held (`unconfigured`), those of
   * projects that came back are released.
   */
  configure(config: ClaimConfig, now: number): Promise<void>;
  /** By project: the digest of budgets and prices by which its jobs were judged last. */
  budgetDigests(): Promise<ReadonlyMap<string, string>>;
  keepBudgetDigest(project: string, digest: string): Promise<void>;
}

const UNCONFIGURED = "the project is not in the configuration";
/** A cross join is one in the order of the text for SQLite, so that the few projects lead and not the many jobs. */
const HOLD_UNCONFIGURED = `
insert into job_holds (job, kind, reason, remedy, until, since)
select jobs.id, 'unconfigured', '${UNCONFIGURED}',
  'name project ' || projects.name || ' in the configuration again, or: chargehand cancel KEY', null, $1
from projects cross join jobs
where projects.configured = 0 and jobs.project = projects.name and jobs.status = 'queued'
on conflict (job, kind) do nothing`;

const RELEASE_CONFIGURED = `
delete from job_holds where kind = 'unconfigured' and job in (
  select jobs.id from projects join jobs on jobs.project = projects.name
  where projects.configured = 1 and jobs.status = 'held'
)`;

const BUDGET_DIGESTS = "select name, terms from projects where terms is not null";
const KEEP_BUDGET_DIGEST = "update projects set terms = $2 where name = $1";

const FORGET_PROJECTS = "update projects set configured = 0 where configured = 1";
/** Jobs may have been made for projects that never had a row here. */
const CONFIGURE_PROJECT = `
insert into projects (name, concurrency, configured) values ($1, $2, 1)
on conflict (name) do update set concurrency = excluded.concurrency, configured = 1`;

const GET = "select * from jobs where id = $1";
const OF_TASK = "select * from jobs where task = $1 order by id";

export function jobStore(engine: Engine): JobStore {
  const read = async (sql: string, params: readonly Value[]): Promise<readonly Job[]> =>
    withHolds(engine, (await engine.all(sql, params)).map(readJob));
  const holds = holdStore(engine);
  return {
    claim: (request) => claim(engine, request),
    releaseDue: async (now) => {
      const released = await holds.releaseDue(now);
      await engine.atomic([{ sql: HOLD_UNCONFIGURED, params: [now] }]);
      return released;
    },
    nextDue: holds.nextDue,
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
    budgetDigests: () => readBudgetDigests(engine),
    keepBudgetDigest: async (project, digest) => {
      await engine.atomic([{ sql: KEEP_BUDGET_DIGEST, params: [project, digest] }]);
    },
    configure: async (config, now) => {
      const lanes = config.projects.map(
        ({ name, concurrency }): Statement => ({
          sql: CONFIGURE_PROJECT,
          params: [name, concurrency],
          makes: "jobs",
        }),
      );
      await engine.atomic([
        { sql: FORGET_PROJECTS, params: [] },
        ...lanes,
        ...configureAccounts(config),
        ...configureBudgets(config),
        // Changed limits and mended profiles are a person's word; what still stands is found out by the next claim.
        clearKind("project", "budget"),
        clearKind("agent", "broken"),
        { sql: HOLD_UNCONFIGURED, params: [now] },
        { sql: RELEASE_CONFIGURED, params: [] },
      ]);
    },
  };
}

async function readBudgetDigests(engine: Engine): Promise<ReadonlyMap<string, string>> {
  const rows = (await engine.all(BUDGET_DIGESTS, [])).map((row) => decode("projects", row));
  return new Map(rows.map(({ text }) => [text("name"), text("terms")]));
}
