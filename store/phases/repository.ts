/**
 * What repositories say of how the tasks of their projects go: per project the last good version, and what is wrong
 * with the newest one; and the tasks that wait to be told.
 *
 * R1. It belongs to a remote and a branch (`origin`). Where a project names others, what is stored says nothing.
 */

import type { Workflow } from "../../workflow/workflow.ts";
import type { Engine, Row } from "../engine/engine.ts";
import { decode } from "../engine/row.ts";
import { pinWorkflow } from "./workflows.ts";

export interface RepositoryWorkflow {
  readonly project: string;
  readonly origin: string;
  /** Of the branch, as it was looked at last. */
  readonly commit: string;
  /** The last version that could be used, and the commit in which it was read. */
  readonly good: { readonly workflow: Workflow; readonly commit: string } | null;
  /** Why what stands in the newest commit is not used: lines; `null` when it is, or nothing stands there. */
  readonly trouble: string | null;
  /** Since when that is so (ms). */
  readonly since: number;
}

export interface AwaitingTask {
  readonly task: string;
  readonly project: string;
}

export interface RepositoryStore {
  get(project: string): Promise<RepositoryWorkflow | null>;
  /** In the order of projects. */
  list(): Promise<readonly RepositoryWorkflow[]>;
  keep(state: RepositoryWorkflow, now: number): Promise<void>;
  /**
   * Unfinished tasks that wait for what their repository says, oldest first and of each project in turn; at most
   * {@link AWAITING_MAX}.
   */
  awaiting(): Promise<readonly AwaitingTask[]>;
}

export const AWAITING_MAX = 500;

const COLUMNS = `
select r.project, r.origin, r.commit_id, r.good_in, r.trouble, r.since, r.hash, w.document
from repository_workflows as r left join workflows as w on w.hash = r.hash`;
const GET = `${COLUMNS} where r.project = $1`;
const LIST = `${COLUMNS} order by r.project`;
const KEEP = `
insert into repository_workflows (project, origin, commit_id, hash, good_in, trouble, since)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict (project) do update set origin = excluded.origin, commit_id = excluded.commit_id, hash = excluded.hash,
  good_in = excluded.good_in, trouble = excluded.trouble, since = excluded.since`;
const AWAITING = `
select task, project from (
  select j.id, j.task, j.project, row_number() over (partition by j.project order by j.id) as turn
  from job_holds as h join jobs as j on j.id = h.job where h.kind = 'workflow'
) as waiting order by turn, id limit ${AWAITING_MAX}`;

export function repositoryStore(engine: Engine): RepositoryStore {
  return {
    get: async (project) => {
      const [row] = await engine.all(GET, [project]);
      return row === undefined ? null : readState(row);
    },
    list: async () => (await engine.all(LIST, [])).map(readState),
    keep: async ({ project, origin, commit, good, trouble, since }, now) => {
      const pin = good === null ? null : pinWorkflow(good.workflow, now);
      const params = [project, origin, commit, pin?.hash ?? null, good?.commit ?? null, trouble, since];
      await engine.atomic([...(pin === null ? [] : [pin.statement]), { sql: KEEP, params }]);
    },
    awaiting: async () =>
      (await engine.all(AWAITING, [])).map((row) => {
        const { text } = decode("jobs", row);
        return { task: text("task"), project: text("project") };
      }),
  };
}

function readState(row: Row): RepositoryWorkflow {
  const { text, textOrNull, integer, workflow } = decode("repository_workflows", row);
  const isGood = textOrNull("hash") !== null;
  return {
    project: text("project"),
    origin: text("origin"),
    commit: text("commit_id"),
    good: isGood ? { workflow: workflow("document"), commit: text("good_in") } : null,
    trouble: textOrNull("trouble"),
    since: integer("since"),
  };
}
