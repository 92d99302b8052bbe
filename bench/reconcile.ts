/**
 * `bench reconcile`: what it costs to ask 50 projects what has happened, when nothing has: calls that count, and the
 * processor. 2,000 tasks stand for open items, and each project waits for one pull request and what CI says of it.
 */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { createGithub } from "../forges/github/github.ts";
import { watchGithub } from "../reconciler/github/watch.ts";
import { createReconciler, type Reconciler } from "../reconciler/loop.ts";
import type { Place } from "../reconciler/ports.ts";
import { createStore } from "../store/build.ts";
import type { Engine } from "../store/engine/engine.ts";
import { migrate } from "../store/engine/migrate.ts";
import { openSqlite } from "../store/engine/sqlite.ts";
import { type Clock, systemClock } from "../system/clock.ts";
import { systemHttp } from "../system/http.ts";
import { nullLog } from "../system/log.ts";
import { createWake } from "../system/wake.ts";
import { project } from "../test/handlers/project.ts";
import { type Figure, quantile } from "./figures.ts";

const FULL = { projects: 50, items: 2_000, rounds: 15 };
const QUICK = { projects: 10, items: 100, rounds: 3 };
const EVERY_MS = 600_000;
const COMMIT = "c0ffee".repeat(7).slice(0, 40);

export async function reconcileBench(isQuick: boolean): Promise<readonly Figure[]> {
  const size = isQuick ? QUICK : FULL;
  const server = spawn(process.execPath, [new URL("reconcile-server.ts", import.meta.url).pathname]);
  try {
    const [url] = (await once(createInterface(server.stdout), "line")) as [string];
    return await measure(url, size);
  } finally {
    server.kill();
  }
}

type Size = typeof FULL;

async function measure(url: string, { projects, items, rounds }: Size): Promise<readonly Figure[]> {
  const engine = await openSqlite(":memory:");
  await migrate(engine, Date.now());
  await fill(engine, projects, items);
  const clock = ahead();
  const reconciler = reconcilerOf(url, engine, clock, projects);
  const first = await spent(url, () => look(reconciler, clock, 0));
  // Each later look needs names and marks that the first has left.
  await look(reconciler, clock, EVERY_MS);
  const quiet: Spent[] = [];
  for (let n = 0; n < rounds; n += 1)
    quiet.push(await spent(url, () => look(reconciler, clock, EVERY_MS / 10)));
  await engine.close();
  const most = (what: keyof Spent): number => Math.max(...quiet.map((one) => one[what]));
  const cpu = quantile(
    quiet.map(({ cpuMs }) => cpuMs),
    0.5,
  );
  return [
    { what: `projects, with ${items} open items`, value: projects, unit: "projects" },
    {
      what: "calls that count in a quiet round, per project",
      value: most("full") / projects,
      unit: "calls",
      atMost: 3,
    },
    { what: "calls answered 304 besides, per project", value: most("unchanged") / projects, unit: "calls" },
    { what: "processor of a quiet round, median", value: cpu, unit: "ms", atMost: 300 },
    { what: "processor of a quiet round, most", value: most("cpuMs"), unit: "ms" },
    { what: "processor of a full round, at the start", value: first.cpuMs, unit: "ms" },
    { what: "calls of a full round, per item", value: (first.full + first.unchanged) / items, unit: "calls" },
  ];
}

interface Spent {
  readonly cpuMs: number;
  readonly full: number;
  readonly unchanged: number;
}

async function spent(url: string, work: () => Promise<void>): Promise<Spent> {
  const counts = async (): Promise<{ full: number; unchanged: number }> =>
    (await (await fetch(`${url}/_/counts`)).json()) as { full: number; unchanged: number };
  const before = await counts();
  const cpu = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(cpu);
  const after = await counts();
  return {
    cpuMs: (user + system) / 1_000,
    full: after.full - before.full,
    unchanged: after.unchanged - before.unchanged,
  };
}

function ahead(): Clock & { move(ms: number): void } {
  const clock = systemClock();
  let ms = 0;
  return {
    ...clock,
    now: () => clock.now() + ms,
    monotonic: () => clock.monotonic() + ms,
    move(by) {
      ms += by;
    },
  };
}

function reconcilerOf(url: string, engine: Engine, clock: Clock, projects: number): Reconciler {
  const { spare } = createGithub({ http: systemHttp(), clock, apiUrl: url, login: { token: "bench" } });
  const watcher = watchGithub(spare);
  const places = Array.from({ length: projects }, (_, n): Place => {
    const repo = `acme/shop${n}`;
    const one = project({ name: `shop${n}`, prefix: `S${n}`, repo });
    return { source: "github", name: repo, projects: [one], everyMs: EVERY_MS / 10, hears: true, watcher };
  });
  return createReconciler({
    ...{ store: createStore(engine), clock, log: nullLog(), wake: createWake(clock), places: () => places },
    record: async () => ({ kind: "unavailable" }),
  });
}

async function look(reconciler: Reconciler, clock: ReturnType<typeof ahead>, afterMs: number): Promise<void> {
  clock.move(afterMs);
  await reconciler.round(new AbortController().signal);
  const faults = reconciler
    .standings()
    .flatMap((one) => one.faults.map(({ what, reason }) => `${what}: ${reason}`));
  if (faults.length > 0) throw new Error(`a look has failed: ${faults[0]}`);
}

async function fill(engine: Engine, projects: number, items: number): Promise<void> {
  const now = Date.now();
  const sql = {
    task: `insert into tasks (key, project, prefix, number, title, body, status, workflow, priority, created_at, updated_at, branch, published_commit)
values ($1, $2, $3, $4, 'title', 'body', 'active', 'single', 0, $5, $5, 'work', $6)`,
    ref: "insert into refs (project, source, kind, ext_id, task) values ($1, 'github', $2, $3, $4)",
    pull: `insert into pulls (source, repo, number, project, task, branch, url, status, is_draft, is_ours, commit_id, opened_at, changed_at)
values ('github', $1, 9999, $2, $3, 'work', 'https://github.example', 'open', 0, 1, $4, $5, $5)`,
    wait: `insert into ci_waits (task, seq, phase, commit_id, status, asked_at, until, due_at)
values ($1, 1, 'work', $2, 'pending', $3, $4, $4)`,
    check: `insert into ci_checks (task, commit_id, name, status, told_at) values ($1, $2, 'test', 'pending', $3)`,
  };
  for (let n = 0; n < items; n += 1) {
    const of = n % projects;
    const [name, repo, key, number] = [`shop${of}`, `acme/shop${of}`, `S${of}-${n + 1}`, n + 1];
    const batch = [
      { sql: sql.task, params: [key, name, `S${of}`, number, now, COMMIT] },
      { sql: sql.ref, params: [name, "issue", `${repo}#${number}`, key] },
      { sql: sql.ref, params: [name, "issue_id", String(number), key] },
    ];
    if (n < projects)
      batch.push(
        { sql: sql.pull, params: [repo, name, key, COMMIT, now] },
        { sql: sql.wait, params: [key, COMMIT, now, now + 1e12] },
        { sql: sql.check, params: [key, COMMIT, now] },
      );
    await engine.atomic(batch);
  }
}
