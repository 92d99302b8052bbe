/**
 * What every part of the conformance suite stands on: one database, emptied between tests, and short ways to put rows
 * into it in any status. Rows are put there past the store, so that a verb is tested from states that no verb leads to.
 */

import type { TestContext } from "node:test";
import { createStore } from "../../store/build.ts";
import type { Engine, Row, Value } from "../../store/engine/engine.ts";
import { migrate } from "../../store/engine/migrate.ts";
import type { Store } from "../../store/store.ts";
import { type Change, UNCHANGED } from "../../workflow/decide/change.ts";
import type { HoldKind } from "../../workflow/hold.ts";
import type { JobChange } from "../../workflow/job.ts";
import { jobMoves, taskMoves } from "../../workflow/states.ts";
import { NO_PINS } from "../../workflow/task.ts";
import { SINGLE } from "../../workflow/workflow.ts";
import { plainClaimConfig } from "../claim-config.ts";

/** The time of everything that a test does not place elsewhere. */
export const NOW = 1_750_000_000_000;

/** In the order in which they can be emptied. */
const TABLES = [
  "watches",
  "replies",
  "faces",
  "outside",
  "messages",
  "cards",
  "chats",
  "usage",
  "turns",
  "runs",
  "job_holds",
  "jobs",
  "refs",
  "events",
  "subjects",
  "outbox",
  "deliveries",
  "kept",
  "recurring_slots",
  "recurring",
  "snapshots",
  "phases",
  "artifacts",
  "approvals",
  "ci_waits",
  "ci_checks",
  "merges",
  "pull_threads",
  "pulls",
  "questions",
  "feedback",
  "dependencies",
  "messages",
  "cards",
  "chats",
  "tasks",
  "repository_workflows",
  "workflows",
  "projects",
  "openings",
  "schedules",
  "overrides",
  "wide_holds",
  "accounts",
  "routes",
  "lanes",
  "refusals",
  "budgets",
  "spend",
  "raises",
  "counters",
] as const;

export interface TestDatabase {
  readonly engine: Engine;
  readonly store: Store;
}

/** Registers a test on an empty database; `skip` names those that an engine cannot do, each with its reason. */
export type Exercise = (
  title: string,
  body: (database: TestDatabase, context: TestContext) => Promise<void>,
) => void;

export async function openDatabase(open: () => Promise<Engine>): Promise<TestDatabase> {
  const engine = await open();
  await migrate(engine, NOW);
  return { engine, store: createStore(engine) };
}

export async function empty({ engine }: TestDatabase): Promise<void> {
  await engine.script(TABLES.map((table) => `delete from ${table};`).join("\n"));
}

/** Every row of every table: two dumps are equal when nothing was written in between. */
export async function dump({ engine }: TestDatabase): Promise<Record<string, readonly Row[]>> {
  const tables: Record<string, readonly Row[]> = {};
  for (const table of TABLES) tables[table] = await engine.all(`select * from ${table} order by 1, 2`, []);
  return tables;
}

export async function write(
  database: TestDatabase,
  sql: string,
  params: readonly Value[] = [],
): Promise<readonly Row[]> {
  const result = await database.engine.atomic([{ sql, params }]);
  return result.kind === "done" ? (result.rows[0] ?? []) : [];
}

export async function configure({ store }: TestDatabase, ...names: readonly string[]): Promise<void> {
  await store.projects.configure(plainClaimConfig(names.map((name) => ({ name, concurrency: 100 }))), NOW);
}

/** A task `<PREFIX>-<number>` in any status, at version 1. */
export async function putTask(
  database: TestDatabase,
  number: number,
  status = "active",
  project = "shop",
): Promise<string> {
  const prefix = project.toUpperCase();
  const key = `${prefix}-${number}`;
  const finished = isOneOf(taskMoves.final, status) ? NOW : null;
  await write(
    database,
    `insert into tasks (key, project, prefix, number, title, body, status, workflow, priority, created_at, updated_at, finished_at)
     values ($1, $2, $3, $4, 'title', 'body', $5, 'single', 0, $6, $6, $7)`,
    [key, project, prefix, number, status, NOW, finished],
  );
  return key;
}

/** A job in any status, with fence 3, so that 2 is somebody's of yesterday. */
export async function putJob(
  database: TestDatabase,
  task: string,
  status: string,
  holdUntil: number | null = null,
): Promise<number> {
  const finished = isOneOf(jobMoves.final, status) ? NOW : null;
  const [row] = await write(
    database,
    `insert into jobs (task, project, phase, agent, status, priority, fence, created_at, finished_at)
     select key, project, 'work', 'developer', $2, 0, 3, $3, $4 from tasks where key = $1 returning id`,
    [task, status === "held" ? "queued" : status, NOW, finished],
  );
  const id = Number(row?.["id"]);
  if (status === "held") await putHold(database, id, "backoff", holdUntil);
  return id;
}

export async function putHold(
  database: TestDatabase,
  job: number,
  kind: HoldKind,
  until: number | null = null,
): Promise<void> {
  await write(
    database,
    "insert into job_holds (job, kind, reason, until, since) values ($1, $2, $2, $3, $4)",
    [job, kind, until, NOW],
  );
}

/** A run in any status, with fence 3. */
export async function putRun(
  database: TestDatabase,
  id: string,
  task: string,
  status: string,
): Promise<string> {
  const finished = ["succeeded", "failed", "lost", "killed"].includes(status) ? NOW : null;
  await write(
    database,
    `insert into runs (id, job, task, project, phase, agent, fence, status, claimed_at, finished_at)
     select $1, 1, key, project, 'work', 'developer', 3, $3, $4, $5 from tasks where key = $2`,
    [id, task, status, NOW, finished],
  );
  return id;
}

/** A change of an existing task that does nothing but what is given. */
export function changeOf(key: string, more: Partial<Change> = {}, version = 1): Change {
  return { ...UNCHANGED, base: { key, version }, task: { change: "keep" }, ...more };
}

export const FIRST_JOB: JobChange = {
  change: "create",
  phase: "work",
  agent: "developer",
  priority: 0,
  holds: [],
};

/** A change that creates an active task with one job. */
export function creation(project: string, wanted: number | null = null, more: Partial<Change> = {}): Change {
  return {
    ...UNCHANGED,
    base: null,
    task: {
      change: "create",
      task: {
        project,
        prefix: project.toUpperCase(),
        status: "active",
        wanted,
        title: "Sort the shelves",
        body: "By height.",
        url: "https://forge.example/acme/shop/issues/1",
        author: "ada",
        workflow: SINGLE,
        agents: { developer: "developer" },
        agent: "developer",
        pins: NO_PINS,
        base: "main",
        priority: 0,
        branch: null,
      },
    },
    jobs: [FIRST_JOB],
    ...more,
  };
}

function isOneOf(statuses: readonly string[], status: string): boolean {
  return statuses.includes(status);
}
