/**
 * `bench idle`: a daemon with a million finished jobs in its database and nothing to do: how soon it is ready, and what
 * memory and processor time it takes.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { createStore } from "../store/build.ts";
import { migrate } from "../store/engine/migrate.ts";
import { openSqlite } from "../store/engine/sqlite.ts";
import { plainSetup } from "../test/setup.ts";
import { fill } from "./claim.ts";
import { print } from "./figures.ts";

/** As a user runs it: the command itself, not Node with a file. */
const COMMAND = new URL("../bin/chargehand.js", import.meta.url).pathname;
const JOBS = 1_000_000;
const WATCH_MS = 20_000;
export const TICKS_PER_SECOND = 100;

export async function idleBench(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "chargehand-bench-"));
  try {
    const config = await setUp(folder);
    const first = await started(folder, config);
    await stopped(first.daemon);
    const { daemon, readyMs } = await started(folder, config);
    const pid = daemon.pid ?? 0;
    await pause(2_000);
    const before = cpuTicks(pid);
    await pause(WATCH_MS);
    const percent = ((cpuTicks(pid) - before) / TICKS_PER_SECOND / (WATCH_MS / 1_000)) * 100;
    const megabytes = residentKiB(pid) / 1_024;
    await stopped(daemon);
    print([
      { what: "finished jobs", measured: JOBS, wanted: "" },
      {
        what: "ready after (ms), compile cache filled",
        measured: readyMs.toFixed(0),
        wanted: "at most 1000",
      },
      { what: "ready after (ms), the very first start", measured: first.readyMs.toFixed(0), wanted: "" },
      { what: "resident memory (MB)", measured: megabytes.toFixed(0), wanted: "at most 110" },
      { what: "CPU (% of one core)", measured: percent.toFixed(2), wanted: "at most 1" },
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Starts the daemon with a compile cache of its own, so that the first start of the two is a first one indeed. */
async function started(folder: string, config: string): Promise<{ daemon: ChildProcess; readyMs: number }> {
  const env = { ...process.env, NODE_COMPILE_CACHE: join(folder, "cache") };
  const began = performance.now();
  const daemon = spawn(COMMAND, ["serve", "--config", config], { stdio: "ignore", env });
  while (!existsSync(join(folder, "data", "daemon.json"))) await pause(5);
  return { daemon, readyMs: performance.now() - began };
}

async function stopped(daemon: ChildProcess): Promise<void> {
  const ended = once(daemon, "exit");
  daemon.kill("SIGTERM");
  await ended;
}

async function setUp(folder: string): Promise<string> {
  const data = join(folder, "data");
  mkdirSync(data);
  const path = join(data, "chargehand.db");
  const engine = await openSqlite(path);
  await migrate(engine, Date.now());
  await createStore(engine).jobs.configure(plainSetup([{ name: "shop", concurrency: 2 }]), Date.now());
  await engine.close();
  fill(path, "finished", JOBS);
  const config = join(folder, "chargehand.yaml");
  writeFileSync(
    config,
    `data_dir: ${data}
server: { webhooks: { port: 0 }, admin: { port: 0 } }
sources: { github: { secret: bench-secret } }
agents: { nobody: { backend: command, argv: [/bin/true] } }
projects:
  - { name: shop, prefix: SHOP, repo: acme/shop, clone_url: /nowhere.git, base_branch: main, agent: nobody, publish: none }
`,
  );
  return config;
}

/** User and system time, in clock ticks (proc(5), `/proc/PID/stat` fields 14 and 15). */
export function cpuTicks(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return Number(fields[11]) + Number(fields[12]);
}

export function residentKiB(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
}
