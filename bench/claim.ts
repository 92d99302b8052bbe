/**
 * `bench claim`: what one claim and its finish cost, with few and with very many rows, in every status; and that a
 * flooded project does not keep another one waiting.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { ask } from "../store/ask.ts";
import { createStore } from "../store/build.ts";
import { migrate } from "../store/migrate.ts";
import { openSqlite } from "../store/sqlite.ts";
import type { Store } from "../store/store.ts";
import { print, quantile } from "./figures.ts";

const ROUNDS = 300;
const NOW = 1_800_000_000_000;
const RULES = { name: "shop", prefix: "SHOP", workflow: "single", agent: "developer" };

type Shape = "queued" | "held" | "finished";

/** Fills the tables directly: a million decisions would take an hour and measure something else. */
export function fill(path: string, shape: Shape, rows: number, project = "shop"): void {
  const db = new Database(path);
  db.pragma("synchronous = OFF");
  const status = { queued: "queued", held: "held", finished: "done" }[shape];
  const task = db.prepare(
    `insert into tasks (key, project, prefix, number, title, body, status, workflow, priority, version, events, created_at, updated_at, finished_at)
     values (?, ?, 'BULK', ?, 'bulk', '', ?, 'single', 0, 1, 0, ?, ?, ?)`,
  );
  const job = db.prepare(
    `insert into jobs (task, project, phase, agent, status, priority, fence, hold_kind, hold_reason, hold_until, attempts, transients, interruptions, created_at, finished_at)
     values (?, ?, 'work', 'developer', ?, 0, 0, ?, ?, ?, 0, 0, 0, ?, ?)`,
  );
  const finished = shape === "finished";
  db.transaction(() => {
    for (let i = 1; i <= rows; i++) {
      const key = `BULK${project}-${i}`;
      task.run(key, project, i, finished ? "done" : "active", NOW, NOW, finished ? NOW : null);
      const held = shape === "held";
      job.run(
        key,
        project,
        status,
        held ? "backoff" : null,
        held ? "waits" : null,
        held ? NOW * 2 : null,
        NOW,
        finished ? NOW : null,
      );
    }
  })();
  db.close();
}

export async function claimBench(): Promise<void> {
  const rows: Record<string, string | number>[] = [];
  const medians: number[] = [];
  for (const shape of ["queued", "held", "finished"] as const) {
    for (const size of [1_000, 1_000_000]) {
      const { costs } = await withStore(shape, size, (store) => rounds(store));
      medians.push(quantile(costs, 0.5));
      rows.push(line(`${size / 1_000}k ${shape}`, costs));
    }
  }
  const flood = await withStore("queued", 100_000, async (store) => {
    const costs = await rounds(store);
    await start(store, "other", 1);
    const next = await store.jobs.claim({ run: "run-next", concurrency: 10, now: NOW });
    return { ...costs, served: next?.job.project ?? "nobody" };
  });
  medians.push(quantile(flood.costs, 0.5));
  rows.push(line("100k of a flooded project", flood.costs));
  print(rows);
  const ratio = Math.max(...medians) / Math.min(...medians);
  process.stdout.write(`\nlargest / smallest median: ${ratio.toFixed(2)} (wanted: at most 1.50)\n`);
  process.stdout.write(
    `after 100k jobs of one project, the next claim serves: ${flood.served} (wanted: other)\n`,
  );
}

async function withStore<T>(shape: Shape, size: number, work: (store: Store) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "chargehand-bench-"));
  try {
    const path = join(folder, "bench.db");
    const engine = await openSqlite(path);
    await migrate(engine, NOW);
    const first = createStore(engine);
    await first.jobs.configure(
      [
        { name: "shop", concurrency: 1_000 },
        { name: "other", concurrency: 1_000 },
      ],
      NOW,
    );
    await first.close();
    fill(path, shape, size);
    const store = createStore(await openSqlite(path));
    try {
      return await work(store);
    } finally {
      await store.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One round: a claim, its process written down, and its finish through `decide`; ms each. */
async function rounds(store: Store): Promise<{ costs: number[] }> {
  for (let i = 0; i < ROUNDS; i++) await start(store, "shop", i);
  const costs: number[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    const began = performance.now();
    const claim = await store.jobs.claim({ run: `run-${i}`, concurrency: 10, now: NOW });
    if (claim === null) throw new Error("nothing was claimable");
    const { job, run } = claim;
    await store.runs.started(
      run.id,
      run.fence,
      { pid: 1, startTicks: 1, pgid: 1, leaderTicks: 1, bootId: "bench" },
      NOW,
    );
    await store.runs.exited(run.id, 0, null, NOW);
    const outcome = {
      status: "succeeded",
      summary: null,
      session: null,
      branch: null,
      commit: null,
    } as const;
    const intent = {
      kind: "run_finished",
      run: run.id,
      task: job.task,
      job: job.id,
      fence: job.fence,
      outcome,
      jitter: 0,
      maxAttempts: 1,
    } as const;
    const asked = await ask(store, [{ intent, rules: RULES }], null, NOW);
    costs.push(performance.now() - began);
    if (asked.kind !== "done") throw new Error(JSON.stringify(asked));
  }
  return { costs };
}

async function start(store: Store, project: string, i: number): Promise<void> {
  const rules = { ...RULES, name: project, prefix: project.toUpperCase() };
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
  } as const;
  await ask(store, [{ intent, rules }], null, NOW);
}

function line(name: string, costs: readonly number[]): Record<string, string | number> {
  return {
    rows: name,
    p50_ms: quantile(costs, 0.5).toFixed(3),
    p99_ms: quantile(costs, 0.99).toFixed(3),
    rounds: costs.length,
  };
}
