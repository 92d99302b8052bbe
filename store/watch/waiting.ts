/** What tasks stand for and wait for at sources: whatever happens to it there without being told is to be found out. */

import type { Source } from "../../workflow/delivery.ts";
import { taskMoves } from "../../workflow/states.ts";
import type { ExternalRef } from "../../workflow/task.ts";
import type { Engine, Row } from "../engine/engine.ts";
import { decode, refOf } from "../engine/row.ts";

/** A task that is not over, by one of its names at a source. */
export interface StandsFor {
  readonly task: string;
  readonly project: string;
  readonly ref: ExternalRef;
  /** When the task began (ms). */
  readonly since: number;
}

/** A phase that waits for what CI says of a commit. */
export interface AwaitedCommit {
  readonly task: string;
  readonly project: string;
  readonly commit: string;
}

export interface WaitingStore {
  /** By how it stands, and age; at most 5,000. */
  items(source: Source): Promise<readonly StandsFor[]>;
  /** Of tasks that are not over; at most 1,000. */
  commits(): Promise<readonly AwaitedCommit[]>;
}

const LIVE = taskMoves.live.map((status) => `'${status}'`).join(", ");

/** Tasks first: those that are not over are few, and the names of all that ever were are many. */
const ITEMS = `
select tasks.key as task, tasks.project as project, tasks.created_at as created_at,
  refs.source as source, refs.kind as kind, refs.ext_id as ext_id
from tasks cross join refs
where tasks.status in (${LIVE}) and refs.task = tasks.key and refs.source = $1
order by tasks.status, tasks.seq, refs.kind, refs.ext_id limit 5000`;

const COMMITS = `
select tasks.key as task, tasks.project as project, coalesce(ci_waits.commit_id, tasks.published_commit) as commit_id
from ci_waits join tasks on tasks.key = ci_waits.task
where ci_waits.status = 'pending' and tasks.status in (${LIVE})
order by tasks.key limit 1000`;

export function waitingStore(engine: Engine): WaitingStore {
  return {
    items: async (source) => (await engine.all(ITEMS, [source])).map(readItem),
    commits: async () =>
      (await engine.all(COMMITS, [])).flatMap((row) => {
        const { text, textOrNull } = decode("ci_waits", row);
        const commit = textOrNull("commit_id");
        return commit === null ? [] : [{ task: text("task"), project: text("project"), commit }];
      }),
  };
}

function readItem(row: Row): StandsFor {
  const columns = decode("refs", row);
  const { text, integer } = columns;
  return {
    task: text("task"),
    project: text("project"),
    ref: { source: refOf(columns), kind: text("kind"), id: text("ext_id") },
    since: integer("created_at"),
  };
}
