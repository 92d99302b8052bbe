/**
 * Freezes in rows: a wide hold on a repository, which the claim itself looks at (`store/claim/claim.ts`), and a line
 * in the history of the project that it was found out in.
 *
 * F1. Hold, history and notice are one transaction, so nothing is frozen, or free again, without a word of who and why.
 * F2. A claim passes over what opens a task while its repository is frozen, in the same statement: there is no moment
 *     between, and a database that cannot be asked hands out nothing at all.
 */

import {
  eventOfFreeze,
  eventOfThaw,
  holdOfFreeze,
  type NewFreeze,
  noticeOfFreeze,
  type Thaw,
} from "../../workflow/between/freeze.ts";
import type { Parts } from "../../workflow/decide/change.ts";
import type { WideHold } from "../../workflow/hold.ts";
import type { Engine, Statement } from "../engine/engine.ts";
import { decode } from "../engine/row.ts";
import { writeNotice } from "../events.ts";
import { readWide } from "../holds.ts";

export interface FreezeStore {
  /** False when nothing is known of the project, or this freeze is in the history already. */
  put(freeze: NewFreeze, now: number): Promise<boolean>;
  /** False when what the project works on is not frozen. */
  lift(thaw: Thaw, now: number): Promise<boolean>;
  /** What lies on the repository of a project, or `null`. */
  of(project: string): Promise<WideHold | null>;
  /** The configured projects that work on the same, by name. */
  projects(project: string): Promise<readonly string[]>;
}

const PUT = `
insert into wide_holds (scope, subject, kind, reason, remedy, until, since)
select 'repo', repo, $2, $3, $4, cast($5 as bigint), $6 from projects where name = $1 and repo is not null
on conflict (scope, subject, kind) do update set reason = excluded.reason, remedy = excluded.remedy`;
const LIFT = `
delete from wide_holds
where scope = 'repo' and kind = 'freeze' and subject = (select repo from projects where name = $1)`;
const OF = `
select wide_holds.* from projects join wide_holds on wide_holds.scope = 'repo' and wide_holds.subject = projects.repo
where projects.name = $1 and wide_holds.kind = 'freeze'`;

const PROJECTS = `
select name from projects where configured = 1 and repo = (select repo from projects where name = $1) order by name`;

/** Whether what a project's row works on is frozen; an expression. A row that does not say it counts as frozen. */
export function isFrozen(row: string): string {
  return `(${row}.repo is null or exists (select 1 from wide_holds as f where f.scope = 'repo' and f.subject = ${row}.repo))`;
}

/** Of table `tasks`: claimable now, as far as the task itself and its repository go. */
export const READY = `exists (select 1 from jobs where jobs.task = tasks.key and jobs.status = 'queued'
  and (jobs.opens = 0 or exists (select 1 from projects as p where p.name = jobs.project and not ${isFrozen("p")})))`;

export function freezeStore(engine: Engine): FreezeStore {
  return {
    put: async (freeze, now) => (await engine.atomic(putFreeze(freeze, now))).kind === "done",
    lift: async (thaw, now) => {
      const result = await engine.atomic([
        { sql: LIFT, params: [thaw.project], expect: 1, makes: "jobs" },
        ...writeNotice({ kind: "project", name: thaw.project }, eventOfThaw(thaw), [], now),
      ]);
      return result.kind === "done";
    },
    of: async (project) => {
      const [row] = await engine.all(OF, [project]);
      return row === undefined ? null : readWide(row);
    },
    projects: async (project) =>
      (await engine.all(PROJECTS, [project])).map((row) => decode("projects", row).text("name")),
  };
}

/** F1. */
function putFreeze(freeze: NewFreeze, now: number): readonly Statement[] {
  const { kind, reason, remedy, until } = holdOfFreeze(freeze);
  const about = { kind: "project", name: freeze.project } as const;
  return [
    { sql: PUT, params: [freeze.project, kind, reason, remedy, until, now], expect: 1 },
    ...writeNotice(about, eventOfFreeze(freeze), [noticeOfFreeze(freeze)], now),
  ];
}

/** Those that a verdict puts. */
export function writeFreezes(
  { freezes }: Pick<Parts, "freezes">,
  _task: string,
  now: number,
): readonly Statement[] {
  return freezes.flatMap((freeze) => putFreeze(freeze, now));
}
