/**
 * Holds: why a job waits (`job_holds`), and why every job waits that needs a project, an account or an agent profile
 * (`wide_holds`).
 *
 * H1. A job is `held` exactly while it has a hold. Triggers of the database see to it, so no statement here, or typed
 *     by hand, can part the two (I11).
 * H2. A hold with a time is taken away by time alone; the others wait for what their reason says. That of a paused task
 *     goes with the pause, which a decision ends when it is time (`pauses.ts`).
 * H3. Putting a hold that is there renews its reason, remedy and time, and keeps the moment since when it holds.
 * H4. What comes free for a project that left the configuration is held again in the same transaction, visibly (I7).
 */

import type { Parts } from "../workflow/decide/change.ts";
import {
  HOLD_SCOPES,
  type Hold,
  type HoldKind,
  type HoldScope,
  type NewWideHold,
  type WideHold,
} from "../workflow/hold.ts";
import { jobMoves } from "../workflow/states.ts";
import type { Engine, Statement } from "./engine/engine.ts";
import { literals } from "./engine/legality.ts";
import { decode } from "./engine/row.ts";
import { readHold } from "./rows/job.ts";

export interface HoldStore {
  /** Takes away the holds whose time has come; returns how many. */
  releaseDue(now: number): Promise<number>;
  /** When time alone takes the next hold away, or `null`. */
  nextDue(): Promise<number | null>;
  /** Holds on projects, accounts and agents, oldest first. */
  wide(): Promise<readonly WideHold[]>;
  put(hold: NewWideHold, now: number): Promise<void>;
  /** Takes one kind of hold from one subject, and leaves it the others; false when there was none. */
  clear(scope: HoldScope, subject: string, kind: HoldKind): Promise<boolean>;
}

/** Holds taken away in one transaction. The claim loop comes back at once for more. */
const RELEASE_ROWS_MAX = 1_000;

const WAITS = `status in (${literals([...jobMoves.sources("hold"), ...jobMoves.sources("release")])})`;
const RENEW = `on conflict (job, kind) do update
set reason = excluded.reason, remedy = excluded.remedy, until = excluded.until`;

const HOLD_JOB = `
insert into job_holds (job, kind, reason, remedy, until, since)
select id, $4, $5, $6, $7, $8 from jobs where id = $1 and fence = $2 and task = $3 and ${WAITS}
${RENEW}`;
const HOLD_PHASE = `
insert into job_holds (job, kind, reason, remedy, until, since)
select id, $3, $4, $5, $6, $7 from jobs where task = $1 and phase = $2 and ${WAITS}
${RENEW}`;
const RELEASE_JOB = `
delete from job_holds where job = $1 and kind = $4
and exists (select 1 from jobs where id = $1 and fence = $2 and task = $3)`;
const RELEASE_DUE = `
delete from job_holds where (job, kind) in (
  select job, kind from job_holds where until <= $1 and kind <> 'pause' order by until limit ${RELEASE_ROWS_MAX}
) returning job`;

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

const PUT_WIDE = `
insert into wide_holds (scope, subject, kind, reason, remedy, until, since) values ($1, $2, $3, $4, $5, $6, $7)
on conflict (scope, subject, kind) do update
set reason = excluded.reason, remedy = excluded.remedy, until = excluded.until`;
const RELEASE_WIDE_DUE = "delete from wide_holds where until <= $1 returning subject";
const CLEAR_WIDE = "delete from wide_holds where scope = $1 and subject = $2 and kind = $3 returning subject";
const CLEAR_KIND = "delete from wide_holds where scope = $1 and kind = $2";
const WIDE = "select * from wide_holds order by since, scope, subject, kind";

const NEXT_DUE = `
select min(due) as due from (
  select min(until) as due from job_holds where until is not null and kind <> 'pause'
  union all select min(until) from wide_holds where until is not null
) as moments`;

export function holdStore(engine: Engine): HoldStore {
  return {
    releaseDue: async (now) => {
      const result = await engine.atomic([
        { sql: RELEASE_DUE, params: [now] },
        { sql: RELEASE_WIDE_DUE, params: [now] },
        holdUnconfigured(now),
      ]);
      return result.kind === "done" ? result.rows.reduce((sum, rows) => sum + rows.length, 0) : 0;
    },
    nextDue: async () => {
      const [row] = await engine.all(NEXT_DUE, []);
      return row === undefined ? null : decode("job_holds", row).integerOrNull("due");
    },
    wide: async () => (await engine.all(WIDE, [])).map(readWide),
    put: async (hold, now) => {
      await engine.atomic([putWideHold(hold, now)]);
    },
    clear: async (scope, subject, kind) => {
      const params = [scope, subject, kind];
      const result = await engine.atomic([{ sql: CLEAR_WIDE, params, makes: ["jobs", "cards"] }]);
      return result.kind === "done" && (result.rows[0] ?? []).length > 0;
    },
  };
}

/** @returns a statement that is a conflict when the job is not waiting any more, or was claimed since. */
export function holdJob(task: string, job: number, fence: number, hold: Hold, now: number): Statement {
  const { kind, reason, remedy, until } = hold;
  return { sql: HOLD_JOB, params: [job, fence, task, kind, reason, remedy, until, now], expect: 1 };
}

/** Holds the job of a phase that was made in the same transaction, and so has no number yet. */
export function holdPhase(task: string, phase: string, hold: Hold, now: number): Statement {
  const { kind, reason, remedy, until } = hold;
  return { sql: HOLD_PHASE, params: [task, phase, kind, reason, remedy, until, now], expect: 1 };
}

export function releaseJob(task: string, job: number, fence: number, kind: HoldKind): Statement {
  return { sql: RELEASE_JOB, params: [job, fence, task, kind], makes: "jobs" };
}

export function putWideHold(hold: NewWideHold, now: number): Statement {
  const { scope, subject, kind, reason, remedy, until } = hold;
  return { sql: PUT_WIDE, params: [scope, subject, kind, reason, remedy, until, now], makes: "cards" };
}

/** H4. */
export function holdUnconfigured(now: number): Statement {
  return { sql: HOLD_UNCONFIGURED, params: [now] };
}

/** What waits for its project to come back goes on. */
export function releaseConfigured(): Statement {
  return { sql: RELEASE_CONFIGURED, params: [] };
}

export function writeWideHolds(
  { wideHolds }: Pick<Parts, "wideHolds">,
  _task: string,
  now: number,
): readonly Statement[] {
  return wideHolds.map((hold) => putWideHold(hold, now));
}

/** Takes all holds of one kind away from everything of this scope. */
export function clearKind(scope: HoldScope, kind: HoldKind): Statement {
  return { sql: CLEAR_KIND, params: [scope, kind], makes: "jobs" };
}

export function readWide(row: Parameters<typeof decode>[1]): WideHold {
  const columns = decode("wide_holds", row);
  return {
    scope: columns.status("scope", HOLD_SCOPES),
    subject: columns.text("subject"),
    since: columns.integer("since"),
    ...readHold(columns),
  };
}
