/**
 * `bench latency`: from a committed job to the `exec` of its agent, on the real claim loop, runner, launcher and store,
 * next to a bare spawn of the same program on this machine. The worktree is there already, as it is for every attempt
 * but a task's first; what git takes to make one is printed beside it.
 */

import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { claimLoop } from "../daemon/claim.ts";
import { createHost } from "../daemon/host.ts";
import type { RunnerPorts } from "../daemon/run/ports.ts";
import { createProgress } from "../daemon/run/progress.ts";
import { createRunner } from "../daemon/run/runner.ts";
import { createStops } from "../daemon/run/stops.ts";
import type { workspaceSpec } from "../daemon/run/workspace.ts";
import { createWorkspaces } from "../forges/git/worktrees.ts";
import { createStore } from "../store/build.ts";
import { migrate } from "../store/engine/migrate.ts";
import { openSqlite } from "../store/engine/sqlite.ts";
import { ask } from "../store/settle.ts";
import { systemChance } from "../system/chance.ts";
import { systemClock } from "../system/clock.ts";
import { systemCommands } from "../system/commands.ts";
import { systemFiles } from "../system/files.ts";
import { nullLog } from "../system/log.ts";
import { systemProcesses } from "../system/process/linux.ts";
import { createTurns } from "../system/turns.ts";
import { createWake } from "../system/wake.ts";
import { plainSetup } from "../test/setup.ts";
import type { AgentProfile, Project } from "../workflow/project.ts";
import { print, quantile } from "./figures.ts";

const ROUNDS = 200;
const WARM_UP = 20;
const COLD_ROUNDS = 30;
/** Prints the nanoseconds since the epoch as soon as it is exec'ed; its own start is part of the figure. */
const AGENT = ["/bin/date", "+%s%N"];
const RULES = { name: "shop", prefix: "SHOP", workflow: "single", agent: "clock" };

export async function latencyBench(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "chargehand-bench-"));
  try {
    const bench = await setUp(folder);
    const cold = await rounds(bench, 1, COLD_ROUNDS, false);
    await rounds(bench, 1_000, WARM_UP, true);
    const warm = await rounds(bench, 2_000, ROUNDS, true);
    await bench.close();
    const bare = await bareSpawns(folder);
    print([
      row("bare spawn of the agent program", bare),
      row("committed job to exec", warm),
      row("committed job to exec, worktree to be made", cold),
    ]);
    const p99 = quantile(warm, 0.99);
    process.stdout.write(`\np99 of committed job to exec: ${p99.toFixed(2)} ms (wanted: at most 10)\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Bench {
  readonly ports: RunnerPorts;
  readonly project: Project;
  readonly folder: string;
  /** Runs in hand; 0 when even the worktree of the last one is put away. */
  readonly busy: () => number;
  close(): Promise<void>;
}

async function setUp(folder: string): Promise<Bench> {
  const remote = join(folder, "shop.git");
  const seed = join(folder, "seed");
  const git = (cwd: string, ...args: string[]): unknown => execFileSync("git", args, { cwd, stdio: "pipe" });
  mkdirSync(seed);
  git(folder, "init", "--quiet", "--bare", "--initial-branch=main", remote);
  git(folder, "init", "--quiet", "--initial-branch=main", seed);
  writeFileSync(join(seed, "README.md"), "# Bench\n");
  git(seed, "add", "-A");
  git(seed, "-c", "user.name=B", "-c", "user.email=b@localhost", "commit", "--quiet", "-m", "Begin");
  git(seed, "push", "--quiet", remote, "main");
  const [clock, files, log] = [systemClock(), systemFiles(), nullLog()];
  const chance = systemChance(clock.now);
  const engine = await openSqlite(join(folder, "bench.db"));
  await migrate(engine, clock.now());
  const store = createStore(engine);
  await store.jobs.configure(plainSetup([{ name: "shop", concurrency: 1 }], ["clock"]), clock.now());
  const [claimWake, stopWake] = [createWake(clock), createWake(clock)];
  const stops = createStops(store.runs, log, stopWake);
  const project = projectOf(remote);
  const options = {
    commands: systemCommands(),
    environment: process.env,
    identity: { name: "Bench", email: "b@localhost" },
  };
  const ports: RunnerPorts = {
    store,
    clock,
    chance,
    files,
    log,
    stops,
    host: createHost(clock, claimWake),
    progress: createProgress(store.runs, clock),
    claimWake,
    turns: createTurns(),
    processes: systemProcesses(clock, { spare: true }),
    workspaces: createWorkspaces({ ...options, clock, files, dataDir: folder }),
    profiles: new Map([["clock", PROFILE]]),
    projects: new Map([["shop", project]]),
    accounts: new Map(),
    prices: new Map(),
    runsDirectory: join(folder, "runs"),
    environment: process.env,
    adminUrl: () => "http://127.0.0.1:0",
  };
  const end = new AbortController();
  const runner = createRunner(ports, end.signal);
  const { begin } = runner;
  const loops = [
    claimLoop({ store, clock, chance, log, wake: claimWake, concurrency: () => 1, begin }, end.signal),
    stops.watch(end.signal),
  ];
  const close = async (): Promise<void> => {
    end.abort();
    await Promise.all(loops);
    await store.close();
  };
  return { ports, project, folder, busy: runner.count, close };
}

/** One task at a time: the moment its job is committed, and the moment its agent says it was exec'ed. */
async function rounds(bench: Bench, from: number, count: number, warm: boolean): Promise<number[]> {
  const { store, clock, claimWake, workspaces, runsDirectory } = bench.ports;
  const times: number[] = [];
  for (let number = from; number < from + count; number++) {
    const key = `SHOP-${number}`;
    const spec = {
      task: key,
      title: "bench",
      cloneUrl: bench.project.cloneUrl,
      baseBranch: "main",
      branch: null,
    };
    if (warm) await workspaces.prepare(spec satisfies ReturnType<typeof workspaceSpec>);
    const intent = {
      kind: "start_task",
      project: "shop",
      by: { kind: "api", name: "bench" },
      key,
      because: "bench",
      refs: [],
      title: "bench",
      body: "",
      url: null,
      author: null,
      number,
      priority: 0,
      explicit: true,
    } as const;
    await ask(store, [{ intent, rules: RULES }], null, clock.now());
    const committed = performance.timeOrigin + performance.now();
    claimWake.ring();
    for (;;) {
      const task = await store.tasks.get(key);
      if (task?.status === "done" && bench.busy() === 0) break;
      if (task?.status === "failed") throw new Error(task.reason ?? "the task failed");
      await clock.sleep(5);
    }
    const [run] = (await store.runs.list({ limit: 1, before: null, task: key })).items;
    const nanos = Number(readFileSync(`${runsDirectory}/${run?.id}/stdout.log`, "utf8").trim());
    times.push(nanos / 1e6 - committed);
  }
  return times;
}

async function bareSpawns(cwd: string): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    const began = performance.timeOrigin + performance.now();
    const child = spawn(AGENT[0] ?? "", AGENT.slice(1), {
      cwd,
      detached: true,
      stdio: ["ignore", "pipe", "ignore"],
    });
    const text = await child.stdout.toArray();
    times.push(Number(Buffer.concat(text).toString().trim()) / 1e6 - began);
  }
  return times;
}

function row(what: string, times: readonly number[]): Record<string, string | number> {
  const [p50, p99] = [quantile(times, 0.5), quantile(times, 0.99)];
  return { what, p50_ms: p50.toFixed(2), p99_ms: p99.toFixed(2), rounds: times.length };
}

const PROFILE: AgentProfile = {
  name: "clock",
  backend: "command",
  program: null,
  argv: AGENT,
  prompt: "stdin",
  model: null,
  effort: null,
  permissions: "full",
  accounts: [],
  fallback: null,
  mcp: {},
  args: [],
  timeoutMs: 60_000,
  maxAttempts: 1,
  env: [],
};

function projectOf(cloneUrl: string): Project {
  return {
    name: "shop",
    prefix: "SHOP",
    repo: null,
    cloneUrl,
    baseBranch: "main",
    planeProject: null,
    workflow: "single",
    agent: "clock",
    publish: "none",
    start: { labels: [], states: [], commands: [], assignees: [] },
    trust: { github: [], users: [], bots: [] },
    concurrency: 1,
    budget: [],
  };
}
