/**
 * `bench supervise`: 200 agents at once, each sleeping and writing a line of 1 KB with usage every second: what the
 * daemon that looks after them takes, and how long a webhook waits meanwhile; beside the same daemon without agents.
 */

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { print, quantile } from "./figures.ts";
import { cpuTicks, residentKiB, TICKS_PER_SECOND } from "./idle.ts";

const COMMAND = new URL("../bin/chargehand.js", import.meta.url).pathname;
const SECRET = "bench-secret";
const AGENTS = 200;
const WATCH_MS = 30_000;
const SEND_MS = 15_000;
/** A busy organisation; `bench ingest` shows what is possible. */
const SENDS_PER_SECOND = 20;
const START_MS = 600_000;

/**
 * An agent that costs little itself: `read` with a timeout is built into bash, whereas a `sleep` would be a process a
 * second. `%s` becomes the folder; it ends when there is a file `stop`.
 */
const AGENT = `exec 3<> <(:)
text=$(printf 'x%.0s' {1..800})
n=0
while [ ! -e "$1/stop" ]; do
  n=$((n + 1))
  printf '{"type":"assistant","message":{"id":"m%d","model":"claude-sonnet-4-5","stop_reason":"end_turn","usage":{"input_tokens":900,"output_tokens":90},"content":[{"type":"text","text":"%s"}]}}\\n' $n "$text"
  read -t 1 -u 3
done`;

interface Load {
  readonly percent: number;
  readonly megabytes: number;
  readonly p50: number;
  readonly p99: number;
  readonly answers: string;
}

export async function superviseBench(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "chargehand-bench-"));
  const config = setUp(folder);
  // The first start compiles, which leaves thirty megabytes behind; what a user has is a later one.
  const first = await launch(folder, config);
  first.kill("SIGTERM");
  await once(first, "exit");
  const daemon = await launch(folder, config);
  try {
    await pause(2_000);
    const idle = await measure(folder, daemon, "idle");
    await start(folder);
    const busy = await measure(folder, daemon, "busy");
    const { running, tokens } = await count(folder);
    tell(idle, busy, running, tokens);
  } finally {
    await end(folder, daemon);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function launch(folder: string, config: string): Promise<ChildProcess> {
  const env = { ...process.env, NODE_COMPILE_CACHE: join(folder, "cache") };
  const daemon = spawn(COMMAND, ["serve", "--config", config], { stdio: "ignore", env });
  await until("the daemon listens", () => existsSync(join(folder, "data", "daemon.json")));
  return daemon;
}

function tell(idle: Load, busy: Load, running: number, tokens: number): void {
  const row = (what: string, of: (load: Load) => string, wanted: string): Record<string, string> => ({
    what,
    without: of(idle),
    with: of(busy),
    wanted,
  });
  print([
    { what: "agents that ran to the end of it", without: "0", with: String(running), wanted: String(AGENTS) },
    { what: "tokens counted meanwhile (millions)", without: "", with: (tokens / 1e6).toFixed(1), wanted: "" },
    row("resident memory (MB)", ({ megabytes }) => megabytes.toFixed(0), "at most 150"),
    row(`CPU (% of one core, ${WATCH_MS / 1_000} s)`, ({ percent }) => percent.toFixed(1), "at most 15"),
    row("webhook p50 (ms)", ({ p50 }) => p50.toFixed(1), ""),
    row("webhook p99 (ms)", ({ p99 }) => p99.toFixed(1), "at most 50"),
    row("webhook answers", ({ answers }) => answers, ""),
    { what: "cores of this machine", without: "", with: String(availableParallelism()), wanted: "" },
  ]);
}

/** First the processor time with nobody else about, then the answers to webhooks. */
async function measure(folder: string, daemon: ChildProcess, tag: string): Promise<Load> {
  const pid = daemon.pid ?? 0;
  const before = cpuTicks(pid);
  await pause(WATCH_MS);
  const percent = ((cpuTicks(pid) - before) / TICKS_PER_SECOND / (WATCH_MS / 1_000)) * 100;
  const { times, answers } = await sendAll(folder, tag);
  const [p50, p99] = [quantile(times, 0.5), quantile(times, 0.99)];
  return { percent, megabytes: residentKiB(pid) / 1_024, p50, p99, answers };
}

/** One delivery after the other at a steady rate, whether the last one was answered or not. */
async function sendAll(folder: string, tag: string): Promise<{ times: number[]; answers: string }> {
  const body = JSON.stringify({
    action: "opened",
    issue: { number: 1, title: "bench", body: "x".repeat(8_000) },
    repository: { full_name: "nobody/nothing" },
  });
  const times: number[] = [];
  const statuses = new Map<number, number>();
  const sent: Promise<void>[] = [];
  const began = performance.now();
  for (let n = 0; n < (SEND_MS / 1_000) * SENDS_PER_SECOND; n++) {
    await pause(Math.max(0, began + (n * 1_000) / SENDS_PER_SECOND - performance.now()));
    const start = performance.now();
    const answered = post(folder, body, `${tag}-${n}`).then((status) => {
      times.push(performance.now() - start);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    });
    sent.push(answered);
  }
  await Promise.all(sent);
  return { times, answers: [...statuses].map(([status, n]) => `${n}×${status}`).join(" ") };
}

async function post(folder: string, body: string, id: string): Promise<number> {
  const answer = await fetch(`${announced(folder).webhooks_url}/webhooks/github`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-github-event": "issues",
      "x-github-delivery": id,
      "x-hub-signature-256": `sha256=${createHmac("sha256", SECRET).update(body).digest("hex")}`,
    },
    body,
  });
  await answer.arrayBuffer();
  return answer.status;
}

async function start(folder: string): Promise<void> {
  const tasks = Array.from({ length: AGENTS }, (_, n) => ({ project: "shop", title: `Bench ${n + 1}` }));
  for (const task of tasks) await api(folder, "/tasks", task);
  // Looked at from outside: asking the daemon for two hundred runs again and again would be part of what is measured.
  await until(`${AGENTS} agents run`, () => writing(folder) === AGENTS);
  // What came with the starts (compilation, garbage) is not what looking after them costs.
  await pause(5_000);
}

function writing(folder: string): number {
  const runs = join(folder, "data", "runs");
  const logs = existsSync(runs) ? readdirSync(runs).map((run) => join(runs, run, "stdout.log")) : [];
  return logs.filter((log) => (statSync(log, { throwIfNoEntry: false })?.size ?? 0) > 0).length;
}

async function count(folder: string): Promise<{ running: number; tokens: number }> {
  const { runs } = await api(folder, "/runs?limit=500&status=running");
  return { running: runs.length, tokens: runs.reduce((sum, run) => sum + run.input_tokens, 0) };
}

interface Answer {
  readonly runs: readonly { readonly pid: number; readonly input_tokens: number }[];
}

async function api(folder: string, path: string, body?: unknown): Promise<Answer> {
  const token = readFileSync(join(folder, "data", "admin-token"), "utf8").trim();
  const answer = await fetch(`${announced(folder).admin_url}/api/v1${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${path} was answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as Answer;
}

function announced(folder: string): { readonly webhooks_url: string; readonly admin_url: string } {
  return JSON.parse(readFileSync(join(folder, "data", "daemon.json"), "utf8"));
}

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const began = performance.now();
  while (!(await holds())) {
    if (performance.now() - began > START_MS) throw new Error(`waited in vain until ${what}`);
    await pause(100);
  }
}

/** The daemon goes first; the agents outlive it and end by themselves. */
async function end(folder: string, daemon: ChildProcess): Promise<void> {
  const ended = once(daemon, "exit");
  if (daemon.exitCode === null && daemon.kill("SIGKILL")) await ended;
  writeFileSync(join(folder, "stop"), "");
  await pause(3_000);
}

function setUp(folder: string): string {
  const remote = join(folder, "shop.git");
  const git = (...args: string[]): unknown => execFileSync("git", args, { cwd: folder, stdio: "pipe" });
  git("init", "--quiet", "--initial-branch=main", remote);
  const who = ["-c", "user.name=B", "-c", "user.email=b@localhost"];
  git("-C", remote, ...who, "commit", "--quiet", "--allow-empty", "-m", "Begin");
  const config = join(folder, "chargehand.yaml");
  const argv = JSON.stringify(["bash", "-c", AGENT, "agent", folder]);
  writeFileSync(
    config,
    `data_dir: ${join(folder, "data")}
server: { webhooks: { port: 0 }, admin: { port: 0 } }
limits: { concurrency: ${AGENTS} }
sources: { github: { secret: ${SECRET} } }
agents: { sleeper: { backend: command, argv: ${argv}, timeout: 1h } }
projects:
  - { name: shop, prefix: SHOP, repo: acme/shop, clone_url: ${remote}, base_branch: main, agent: sleeper, publish: none }
`,
  );
  return config;
}
