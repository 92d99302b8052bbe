/**
 * Lanes: what the claim looks at. A lane is a project and an agent profile; its jobs wait in four rows, each in one
 * order: by whether they are free, so that a window may give them to another profile, and whether they open a task, so
 * that a freeze keeps them.
 *
 * Why a lane is refused is found out by `workflow/explain/refusal.ts` and written here when it changes, not at every
 * look (`explain` reads it).
 */

import type { Why } from "../../workflow/why.ts";
import type { Engine, Row, Statement } from "../engine/engine.ts";
import { decode } from "../engine/row.ts";
import { AT_WORK } from "../rows/run.ts";

/** A lane with a job at its head: a project, and the agent profile that would play the job. */
export interface LaneHead {
  readonly project: string;
  readonly agent: string;
  /** Slots of the project: how many are taken, and how many it has. */
  readonly atWork: number;
  readonly concurrency: number;
}

export interface Refusal extends Why {
  readonly project: string;
  readonly agent: string;
  readonly since: number;
}

export interface LaneStore {
  /** The lanes in which a job is queued. */
  waiting(): Promise<readonly LaneHead[]>;
  /** Slots that are taken, over all projects. */
  countAtWork(): Promise<number>;
  /** What is refused now, in place of what was; a reason that stays keeps its `since`. */
  refuse(refusals: readonly Omit<Refusal, "since">[], now: number): Promise<void>;
  refusals(): Promise<readonly Refusal[]>;
}

/** The rows of a lane. */
export const KINDS = `(select 0 as free, 0 as opens union all select 0, 1 union all select 1, 0
  union all select 1, 1) as kinds`;
/** Whether job `j` is queued in a lane's row; an expression. */
export const IN_LANE =
  "j.project = lanes.project and j.agent = lanes.agent and j.free = kinds.free and j.opens = kinds.opens and j.status = 'queued'";
/** Who would play the jobs of a lane's row in the project `p` now; an expression. */
export const PLAYER = "case kinds.free when 1 then coalesce(p.open_agent, lanes.agent) else lanes.agent end";

const WAITING = `
select distinct lanes.project, ${PLAYER} as agent, coalesce(p.open_slots, p.concurrency) as concurrency,
  (select count(*) from runs where runs.project = lanes.project and ${AT_WORK}) as at_work
from lanes cross join ${KINDS} join projects as p on p.name = lanes.project
where p.configured = 1 and exists (select 1 from jobs as j where ${IN_LANE})
order by 1, 2`;
const COUNT_AT_WORK = `select count(*) as at_work from runs where ${AT_WORK}`;

const REFUSALS = "select * from refusals order by project, agent";
const FORGET = "delete from refusals where project = $1 and agent = $2";
const REFUSE = `
insert into refusals (project, agent, reason, remedy, since) values ($1, $2, $3, $4, $5)
on conflict (project, agent) do update set reason = excluded.reason, remedy = excluded.remedy, since = excluded.since
where refusals.reason <> excluded.reason or refusals.remedy is distinct from excluded.remedy`;

export function laneStore(engine: Engine): LaneStore {
  const refusals = async (): Promise<readonly Refusal[]> => (await engine.all(REFUSALS, [])).map(readRefusal);
  return {
    waiting: async () => (await engine.all(WAITING, [])).map(readHead),
    countAtWork: async () => {
      const [row] = await engine.all(COUNT_AT_WORK, []);
      return row === undefined ? 0 : decode("runs", row).integer("at_work");
    },
    refusals,
    refuse: async (now, at) => {
      const gone = (await refusals()).filter(
        (old) => !now.some(({ project, agent }) => project === old.project && agent === old.agent),
      );
      const statements: readonly Statement[] = [
        ...gone.map(({ project, agent }) => ({ sql: FORGET, params: [project, agent] })),
        ...now.map(
          ({ project, agent, reason, remedy }): Statement => ({
            sql: REFUSE,
            params: [project, agent, reason, remedy, at],
          }),
        ),
      ];
      if (statements.length > 0) await engine.atomic(statements);
    },
  };
}

function readHead(row: Row): LaneHead {
  const { text, integer } = decode("lanes", row);
  return {
    project: text("project"),
    agent: text("agent"),
    atWork: integer("at_work"),
    concurrency: integer("concurrency"),
  };
}

function readRefusal(row: Row): Refusal {
  const { text, textOrNull, integer } = decode("refusals", row);
  return {
    project: text("project"),
    agent: text("agent"),
    reason: text("reason"),
    remedy: textOrNull("remedy"),
    since: integer("since"),
  };
}
