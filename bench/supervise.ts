/**
 * `bench supervise`: 200 agents at once, each sleeping and writing a line of 1 KB with usage every second: what the
 * daemon that looks after them takes, and how long a webhook waits meanwhile; beside the same daemon without agents.
 */

import { type ChildProcess, execFileSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { addressesOf, cpuPercent, endDaemon, residentMegabytes, startDaemon, until } from "./daemon.ts";
import { type Figure, quantile } from "./figures.ts";

const SECRET = "bench-secret";
const FULL = { agents: 200, settleMs: 5_000, watchMs: 30_000, sendMs: 15_000 };
const QUICK = { agents: 10, settleMs: 500, watchMs: 1_000, sendMs: 1_000 };
/** A busy organisation; `bench ingest` shows what is possible. */
const SENDS_PER_SECOND = 20;
/** How long an agent may take to start, each after the other. */
const START_MS = 3_000;

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
  readonly times: readonly number[];
  /** Webhooks that were accepted, of a hundred. */
  readonly accepted: number;
}

export async function superviseBench(isQuick: boolean): Promise<readonly Figure[]> {
  const size = isQuick ? QUICK : FULL;
  const folder = mkdtempSync(join(tmpdir(), "chargehand-bench-"));
  try {
    setUp(folder, size.agents);
    // The first start compiles, which leaves thirty megabytes behind; what a user has is a later one.
    await endDaemon((await startDaemon(folder)).daemon, "SIGTERM");
    const { daemon } = await startDaemon(folder);
    try {
      await pause(size.settleMs);
      const idle = await measure(folder, daemon, "idle", size);
      await startAgents(folder, daemon, size.agents);
      // What came with the starts (compilation, garbage) is not what looking after them costs.
      await pause(size.settleMs);
      const busy = await measure(folder, daemon, "busy", size);
      return figuresOf(idle, busy, await count(folder), size.agents);
    } finally {
      await endAll(folder, daemon);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function figuresOf(idle: Load, busy: Load, { running, tokens }: Counted, agents: number): readonly Figure[] {
  const of = (whose: string, { percent, megabytes, times, accepted }: Load): readonly Figure[] => [
    { what: `resident memory, ${whose}`, value: megabytes, unit: "MB", atMost: 150 },
    { what: `processor, of one core, ${whose}`, value: percent, unit: "%", atMost: 15 },
    { what: `a webhook, ${whose}, p50`, value: quantile(times, 0.5), unit: "ms" },
    { what: `a webhook, ${whose}, p99`, value: quantile(times, 0.99), unit: "ms", atMost: 50 },
    { what: `webhooks accepted, ${whose}`, value: accepted, unit: "%", atLeast: 100 },
  ];
  return [
    { what: "agents that ran to the end of it", value: running, unit: "agents", atLeast: agents },
    { what: "tokens counted meanwhile", value: tokens, unit: "tokens" },
    ...of("without agents", idle),
    ...of(`with ${agents} agents`, busy),
    { what: "processor per agent", value: (busy.percent - idle.percent) / agents, unit: "%" },
  ];
}

/** First the processor time with nobody else about, then the answers to webhooks. */
async function measure(
  folder: string,
  daemon: ChildProcess,
  tag: string,
  { watchMs, sendMs }: typeof FULL,
): Promise<Load> {
  const percent = await cpuPercent(daemon, watchMs);
  const sent = await sendAll(folder, tag, sendMs);
  return { percent, megabytes: residentMegabytes(daemon), ...sent };
}

/** One delivery after the other at a steady rate, whether the last one was answered or not. */
async function sendAll(
  folder: string,
  tag: string,
  sendMs: number,
): Promise<{ times: readonly number[]; accepted: number }> {
  const body = JSON.stringify({
    action: "opened",
    issue: { number: 1, title: "bench", body: "x".repeat(8_000) },
    repository: { full_name: "nobody/nothing" },
  });
  const times: number[] = [];
  let accepted = 0;
  const sent: Promise<void>[] = [];
  const began = performance.now();
  for (let n = 0; n < (sendMs / 1_000) * SENDS_PER_SECOND; n++) {
    await pause(Math.max(0, began + (n * 1_000) / SENDS_PER_SECOND - performance.now()));
    const start = performance.now();
    const answered = post(folder, body, `${tag}-${n}`).then((status) => {
      times.push(performance.now() - start);
      if (status === 202) accepted++;
    });
    sent.push(answered);
  }
  await Promise.all(sent);
  return { times, accepted: (accepted / sent.length) * 100 };
}

async function post(folder: string, body: string, id: string): Promise<number> {
  const answer = await fetch(`${addressesOf(folder).webhooks_url}/webhooks/github`, {
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

async function startAgents(folder: string, daemon: ChildProcess, agents: number): Promise<void> {
  const tasks = Array.from({ length: agents }, (_, n) => ({ project: "shop", title: `Bench ${n + 1}` }));
  for (const task of tasks) await api(folder, "/tasks", task);
  // Looked at from outside: asking the daemon for two hundred runs again and again would be part of what is measured.
  const patienceMs = START_MS * agents;
  await until(`${agents} agents ran`, patienceMs, daemon, () => writing(folder) === agents);
}

function writing(folder: string): number {
  const runs = join(folder, "data", "runs");
  const logs = existsSync(runs) ? readdirSync(runs).map((run) => join(runs, run, "stdout.log")) : [];
  return logs.filter((log) => (statSync(log, { throwIfNoEntry: false })?.size ?? 0) > 0).length;
}

interface Counted {
  readonly running: number;
  readonly tokens: number;
}

async function count(folder: string): Promise<Counted> {
  const { runs } = await api(folder, "/runs?limit=500&status=running");
  return { running: runs.length, tokens: runs.reduce((sum, run) => sum + run.input_tokens, 0) };
}

interface Answer {
  readonly runs: readonly { readonly pid: number; readonly input_tokens: number }[];
}

async function api(folder: string, path: string, body?: unknown): Promise<Answer> {
  const token = readFileSync(join(folder, "data", "admin-token"), "utf8").trim();
  const answer = await fetch(`${addressesOf(folder).admin_url}/api/v1${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${path} was answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as Answer;
}

/** The daemon goes first; the agents outlive it and end by themselves. */
async function endAll(folder: string, daemon: ChildProcess): Promise<void> {
  await endDaemon(daemon, "SIGKILL");
  writeFileSync(join(folder, "stop"), "");
  await pause(3_000);
}

function setUp(folder: string, agents: number): void {
  const remote = join(folder, "shop.git");
  const git = (...args: string[]): unknown => execFileSync("git", args, { cwd: folder, stdio: "pipe" });
  git("init", "--quiet", "--initial-branch=main", remote);
  const who = ["-c", "user.name=B", "-c", "user.email=b@localhost"];
  git("-C", remote, ...who, "commit", "--quiet", "--allow-empty", "-m", "Begin");
  const argv = JSON.stringify(["bash", "-c", AGENT, "agent", folder]);
  writeFileSync(
    join(folder, "chargehand.yaml"),
    `data_dir: ${join(folder, "data")}
isolation: none
server: { webhooks: { port: 0 }, admin: { port: 0 } }
limits: { concurrency: ${agents} }
sources: { github: { secret: ${SECRET} } }
agents: { sleeper: { backend: command, argv: ${argv}, timeout: 1h } }
projects:
  - { name: shop, prefix: SHOP, repo: acme/shop, clone_url: ${remote}, base_branch: main, agent: sleeper, publish: none }
`,
  );
}
