/**
 * Jobs: what waits to be run. They are made and moved by `commit.ts` and taken by `claim.ts`; here are the moves that
 * time and the configuration make, and the reads.
 *
 * J1. `queued` means claimable now. Whatever has to wait is `held`, with the reason and, where time alone ends it, the
 *     time; so no claim ever looks at a job that it may not take.
 * J2. A project that left the configuration keeps its row. What comes free for it is held again, visibly (I7).
 */

import type { Job } from "../workflow/model.ts";
import { jobMoves } from "../workflow/states.ts";
import { claim } from "./claim.ts";
import type { Engine, Statement, Value } from "./engine.ts";
import { readJob } from "./job-row.ts";
import { moveSql } from "./moves.ts";
import { readPage, statusIs } from "./page.ts";
import { decode } from "./row.ts";
import type { JobStore } from "./store.ts";

/** Jobs released in one transaction. The claim loop comes back at once for more. */
const RELEASE_ROWS_MAX = 1_000;

const release = moveSql(jobMoves, "release", "$1");
const FREE = `${release.set}, hold_kind = null, hold_reason = null, hold_until = null`;
const RELEASE_DUE = `
update jobs set ${FREE} where id in (
  select id from jobs where status = 'held' and hold_until <= $1 order by hold_until limit ${RELEASE_ROWS_MAX}
) and ${release.from} returning id`;

const NEXT_DUE = "select min(hold_until) as due from jobs where status = 'held' and hold_until is not null";

const hold = moveSql(jobMoves, "hold", "$1");
/** A cross join is one in the order of the text for SQLite, so that the few projects lead and not the many jobs. */
const UNCONFIGURED = "the project is not in the configuration";
const HOLD_UNCONFIGURED = `
update jobs set ${hold.set}, hold_kind = 'unconfigured', hold_reason = '${UNCONFIGURED}', hold_until = null
where id in (
  select jobs.id from projects cross join jobs
  where projects.configured = 0 and jobs.project = projects.name and jobs.${hold.from}
) and ${hold.from}`;

const RELEASE_CONFIGURED = `
update jobs set ${FREE}
where id in (
  select jobs.id from projects cross join jobs
  where projects.configured = 1 and jobs.project = projects.name and jobs.status = 'held' and jobs.hold_kind = 'unconfigured'
) and ${release.from}`;

const FORGET_PROJECTS = "update projects set configured = 0 where configured = 1";
/** Jobs may have been made for projects that never had a row here. */
const CONFIGURE_PROJECT = `
insert into projects (name, concurrency, configured) values ($1, $2, 1)
on conflict (name) do update set concurrency = excluded.concurrency, configured = 1`;

const GET = "select * from jobs where id = $1";
const OF_TASK = "select * from jobs where task = $1 order by id";

export function jobStore(engine: Engine): JobStore {
  const read = async (sql: string, params: readonly Value[]): Promise<readonly Job[]> =>
    (await engine.all(sql, params)).map(readJob);
  return {
    claim: (request) => claim(engine, request),
    releaseDue: async (now) => {
      const result = await engine.atomic([
        { sql: RELEASE_DUE, params: [now] },
        { sql: HOLD_UNCONFIGURED, params: [now] },
      ]);
      return result.kind === "done" ? (result.rows[0]?.length ?? 0) : 0;
    },
    nextDue: async () => {
      const [row] = await engine.all(NEXT_DUE, []);
      return row === undefined ? null : decode("jobs", row).integerOrNull("due");
    },
    get: async (id) => (await read(GET, [id]))[0] ?? null,
    ofTask: (task) => read(OF_TASK, [task]),
    list: (query) =>
      readPage(
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
      ),
    configure: async (projects, now) => {
      const lanes = projects.map(
        ({ name, concurrency }): Statement => ({ sql: CONFIGURE_PROJECT, params: [name, concurrency] }),
      );
      await engine.atomic([
        { sql: FORGET_PROJECTS, params: [] },
        ...lanes,
        { sql: HOLD_UNCONFIGURED, params: [now] },
        { sql: RELEASE_CONFIGURED, params: [now] },
      ]);
    },
  };
}
