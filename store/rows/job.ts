/** A row of `jobs` as a {@link Job}, and its holds. Apart from `store/jobs.ts`: the claim reads one as well. */

import type { Hold } from "../../workflow/hold.ts";
import type { Job } from "../../workflow/job.ts";
import { jobMoves } from "../../workflow/states.ts";
import type { Differs, Engine, Row } from "../engine/engine.ts";
import { type Columns, decode, FAILURES, HOLD_KINDS } from "../engine/row.ts";

const OF_JOBS: Differs = {
  sqlite: "select * from job_holds where job in (select value from json_each($1)) order by job, since, kind",
  postgres: `select * from job_holds
             where job in (select cast(value as bigint) from json_array_elements_text(cast($1 as json)) as given (value))
             order by job, since, kind`,
  because: "a list of any length as one parameter is JSON for both, and each takes it apart in its own words",
};

/** The jobs with their holds, which stand in rows of their own. */
export async function withHolds(engine: Engine, jobs: readonly Job[]): Promise<readonly Job[]> {
  const held = jobs.filter(({ status }) => status === "held").map(({ id }) => id);
  if (held.length === 0) return jobs;
  const found = new Map<number, Hold[]>();
  for (const row of await engine.all(OF_JOBS, [JSON.stringify(held)])) {
    const columns = decode("job_holds", row);
    const job = columns.integer("job");
    found.set(job, [...(found.get(job) ?? []), readHold(columns)]);
  }
  return jobs.map((job) => ({ ...job, holds: found.get(job.id) ?? [] }));
}

/** `kind`, `reason`, `remedy` and `until` of a row. */
export function readHold({ status, text, textOrNull, integerOrNull }: Columns): Hold {
  return {
    kind: status("kind", HOLD_KINDS),
    reason: text("reason"),
    remedy: textOrNull("remedy"),
    until: integerOrNull("until"),
  };
}

/** A job without its holds. */
export function readJob(row: Row): Job {
  const { text, textOrNull, integer, integerOrNull, oneOf, status } = decode("jobs", row);
  return {
    id: integer("id"),
    task: text("task"),
    project: text("project"),
    phase: text("phase"),
    agent: text("agent"),
    isFree: integer("free") === 1,
    status: status("status", jobMoves.statuses),
    priority: integer("priority"),
    opens: integer("opens") === 1,
    fence: integer("fence"),
    run: textOrNull("run"),
    holds: [],
    attempts: integer("attempts"),
    transients: integer("transients"),
    interruptions: integer("interruptions"),
    repairs: integer("repairs"),
    session: textOrNull("session"),
    sessionAgent: textOrNull("session_agent"),
    sessionAccount: textOrNull("session_account"),
    failure: oneOf("failure", FAILURES),
    reason: textOrNull("reason"),
    createdAt: integer("created_at"),
    finishedAt: integerOrNull("finished_at"),
  };
}
