/**
 * Workflows that tasks are pinned to: each is stored once, by the SHA-256 of its canonical text
 * (`workflow/text/canonical.ts`), in the transaction of the first task that begins with it, and never changed.
 */

import { createHash } from "node:crypto";
import type { Task } from "../../workflow/task.ts";
import { canonicalJson } from "../../workflow/text/canonical.ts";
import { type Workflow, workflowOf } from "../../workflow/workflow.ts";
import type { Engine, Statement } from "../engine/engine.ts";
import { decode } from "../engine/row.ts";

export interface WorkflowStore {
  /** The one that a task is pinned to; `null` for a task of an older version whose workflow nobody knows any more. */
  ofTask(task: Pick<Task, "workflow" | "workflowHash">): Promise<Workflow | null>;
}

const GET = "select * from workflows where hash = $1";
const PIN = `
insert into workflows (hash, name, document, stored_at) values ($1, $2, $3, $4) on conflict (hash) do nothing`;

/** Read ones, so that a look at a task costs none of them again: they never change. */
const KNOWN_MAX = 32;

export function workflowStore(engine: Engine): WorkflowStore {
  const known = new Map<string, Workflow>();
  return {
    ofTask: async (task) => {
      const { workflowHash: hash } = task;
      if (hash === null) return workflowOf(task);
      const before = known.get(hash);
      if (before !== undefined) return before;
      const [row] = await engine.all(GET, [hash]);
      if (row === undefined) return null;
      const found = decode("workflows", row).workflow("document");
      if (known.size >= KNOWN_MAX) known.clear();
      known.set(hash, found);
      return found;
    },
  };
}

/** What the row of a task refers to. */
export function pinWorkflow(
  workflow: Workflow,
  now: number,
): { readonly hash: string; readonly statement: Statement } {
  const document = canonicalJson(workflow);
  const hash = createHash("sha256").update(document).digest("hex");
  return { hash, statement: { sql: PIN, params: [hash, workflow.name, document, now] } };
}
