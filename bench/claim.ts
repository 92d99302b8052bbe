/**
 * `bench claim`: what one claim and its finish cost, with few and with very many rows, in every status; and that a
 * flooded project does not keep another one waiting.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { createStore } from "../store/build.ts";
import { migrate } from "../store/engine/migrate.ts";
import { openSqlite } from "../store/engine/sqlite.ts";
import { ask } from "../store/settle.ts";
import type { Store } from "../store/store.ts";
import { plainClaimConfig } from "../test/claim-config.ts";
import { SINGLE } from "../workflow/workflow.ts";
import { type Figure, quantile } from "./figures.ts";

export const NOW = 1_800_000_000_000;

const PLAN = { backend: "command", model: null, effort: null, timeoutMs: 60_000, heard: 0 };

type Shape = "queued" | "held" | "finished";

interface Case {
  readonly name: string;
  readonly shape: Shape;
  readonly rows: number;
}

/** `many` rows beside few of the same shape; and one project that has flooded the queue. */
const FULL = { rounds: 300, many: 1_000_000, flood: 100_000 };
const QUICK = { rounds: 20, many: 10_000, flood: 2_000 };
const FEW = 1_000;

function casesOf(many: number, flood: number): readonly Case[] {
  const shapes = ["queued", "held", "finished"] as const;
  return [
    ...shapes.flatMap((shape) =>
      [FEW, many].map((rows) => ({ name: `beside ${rows} ${shape}`, shape, rows })),
    ),
    { name: `beside ${flood} queued of a flooded project`, shape: "queued", rows: flood },
  ];
}

/** Fills the tables directly: a million decisions would take an hour and measure something else. */
export function fill(path: string, shape: Shape, rows: number): void {
  const db = new Database(path);
  db.pragma("synchronous = OFF");
  const finished = shape === "finished";
  const held = shape === "held";
  const task = db.prepare(
    `insert into tasks (key, project, prefix, number, title, body, status, workflow, priority, version, events, created_at, updated_at, finished_at)
     values (?, 'shop', 'BULK', ?, 'bulk', '', ?, 'single', 0, 1, 0, ?, ?, ?)`,
  );
  const job = db.prepare(
    `insert into jobs (task, project, phase, agent, status, priority, created_at, finished_at)
     values (?, 'shop', 'work', 'developer', ?, 0, ?, ?)`,
  );
  const hold = db.prepare(
    "insert into job_holds (job, kind, reason, until, since) values (?, 'backoff', 'waits', ?, ?)",
  );
  db.transaction(() => {
    for (let i = 1; i <= rows; i++) {
      task.run(`BULK-${i}`, i, finished ? "done" : "active", NOW, NOW, finished ? NOW : null);
      const made = job.run(`BULK-${i}`, finished ? "done" : "queued", NOW, finished ? NOW : null);
      if (held) hold.run(made.lastInsertRowid, NOW * 2, NOW);
    }
  })();
  db.pragma("wal_checkpoint(TRUNCATE)");
  db.close();
}

export async function claimBench(isQuick: boolean): Promise<readonly Figure[]> {
  const { rounds, many, flood } = isQuick ? QUICK : FULL;
  const cases = casesOf(many, flood);
  const folder = mkdtempSync(join(tmpdir(), "chargehand-bench-"));
  const stores = new Map<Case, Store>();
  try {
    for (const [index, one] of cases.entries())
      stores.set(one, await open(join(folder, `${index}.db`), one, rounds));
    const costs = await measure(stores, rounds);
    const medians = [...costs.values()].map((times) => quantile(times, 0.5));
    const ratio = Math.max(...medians) / Math.min(...medians);
    return [
      ...[...costs].flatMap(([{ name }, times]) => figuresOf(name, times)),
      { what: "largest / smallest median", value: ratio, unit: "ratio", atMost: 1.5 },
      {
        what: "claims until a project beside the flooded one is served",
        value: await claimsUntilServed([...stores.values()].at(-1)),
        unit: "claims",
        atMost: 1,
      },
    ];
  } finally {
    for (const store of stores.values()) await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** How often one must claim until the project that came last, with one job, has its turn. */
async function claimsUntilServed(flooded: Store | undefined): Promise<number> {
  if (flooded === undefined) throw new Error("there is no flooded project");
  await startTask(flooded, "other", 1);
  for (let n = 1; ; n++) {
    const next = await flooded.jobs.claim({ run: `run-next-${n}`, concurrency: 1_000, now: NOW });
    if (next === null) throw new Error("the other project is never served");
    if (next.job.project === "other") return n;
  }
}

async function open(path: string, { shape, rows }: Case, rounds: number): Promise<Store> {
  const engine = await openSqlite(path);
  await migrate(engine, NOW);
  const projects = [
    { name: "shop", concurrency: 1_000 },
    { name: "other", concurrency: 1_000 },
  ];
  const first = createStore(engine);
  await first.projects.configure(plainClaimConfig(projects), NOW);
  await first.close();
  fill(path, shape, rows);
  const store = createStore(await openSqlite(path));
  for (let i = 1; i <= rounds; i++) await startTask(store, "shop", i);
  return store;
}

/** The databases take turns, so that what the disk does to one round it does to all of them alike. */
async function measure(
  stores: ReadonlyMap<Case, Store>,
  rounds: number,
): Promise<ReadonlyMap<Case, readonly number[]>> {
  const costs = new Map<Case, number[]>([...stores.keys()].map((one) => [one, []]));
  for (let i = 0; i < rounds; i++) {
    for (const [one, store] of stores) {
      const began = performance.now();
      await claimAndFinish(store, i);
      costs.get(one)?.push(performance.now() - began);
    }
  }
  return costs;
}

/** A claim, its process written down, and its finish through `decide`. */
export async function claimAndFinish(store: Store, i: number): Promise<void> {
  const claim = await store.jobs.claim({ run: `run-${i}`, concurrency: 10, now: NOW });
  if (claim === null) throw new Error("nothing was claimable");
  const { job, run } = claim;
  const identity = { pid: 1, startTicks: 1, pgid: 1, leaderTicks: 1, bootId: "bench" };
  await store.runs.started(run.id, run.fence, PLAN, identity, NOW);
  await store.runs.exited(run.id, 0, null, NOW);
  const outcome = { status: "succeeded", summary: null, session: null, branch: null, commit: null } as const;
  const intent = {
    kind: "run_finished",
    run: run.id,
    task: job.task,
    job: job.id,
    fence: job.fence,
    outcome,
    jitter: 0,
    maxAttempts: 1,
    keptForMs: 86_400_000,
  } as const;
  const asked = await ask(store, [intent], null, NOW);
  if (asked.kind !== "done") throw new Error(JSON.stringify(asked));
}

export async function startTask(store: Store, project: string, i: number): Promise<void> {
  const by = { kind: "api", name: "bench" } as const;
  const intent = {
    kind: "start_task",
    project,
    by,
    key: `k${i}`,
    because: "bench",
    refs: [],
    title: "bench",
    body: "",
    url: null,
    author: null,
    number: null,
    priority: 0,
    explicit: true,
    facts: {
      prefix: project.toUpperCase(),
      workflow: SINGLE,
      agent: "developer",
      agents: {},
      baseBranch: "main",
    },
  } as const;
  await ask(store, [intent], null, NOW);
}

function figuresOf(name: string, times: readonly number[]): readonly Figure[] {
  return [
    { what: `a claim and its finish ${name}, p50`, value: quantile(times, 0.5), unit: "ms" },
    { what: `a claim and its finish ${name}, p99`, value: quantile(times, 0.99), unit: "ms" },
  ];
}
