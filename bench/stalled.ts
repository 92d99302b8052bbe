/**
 * `bench stalled`: how soon a signed delivery is answered while thousands of callers say nothing, half a request, or a
 * byte a second, and come again when they are turned away; beside the same daemon before they came. Each delivery has a
 * connection of its own, because one that is kept would not have to get in. The callers are processes of their own.
 */

import { type ChildProcess, fork } from "node:child_process";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type IncomingMessage, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { openFilesMax } from "../system/open-files.ts";
import { addressesOf, endDaemon, peakMegabytes, residentMegabytes, startDaemon } from "./daemon.ts";
import { type Figure, quantile } from "./figures.ts";

/** `connections` of the configuration; in the quick form it is less than what stalls, as in the full one. */
const FULL = { stalled: 10_000, processes: 4, connections: 1_024, deliveries: 1_000, settleMs: 3_000 };
const QUICK = { stalled: 500, processes: 1, connections: 100, deliveries: 50, settleMs: 200 };
/** Between two deliveries. */
const PAUSE_MS = 5;
const PATIENCE_MS = 5_000;
/** Of a process, besides its connections. */
const OTHER_FILES = 100;
const CALLERS = new URL("./stalled-callers.ts", import.meta.url);
const SECRET = "bench-secret";

type Load = typeof FULL;

/** What came of some requests, one after the other. */
interface Asked {
  readonly times: readonly number[];
  readonly failed: number;
}

export async function stalledBench(isQuick: boolean): Promise<readonly Figure[]> {
  const load = isQuick ? QUICK : FULL;
  const wanted = Math.max(load.stalled / load.processes, 2 * load.connections) + OTHER_FILES;
  if (openFilesMax() < wanted)
    throw new Error(`a process needs ${wanted} open files here, and may have ${openFilesMax()} (ulimit -n)`);
  const folder = mkdtempSync(join(tmpdir(), "chargehand-bench-"));
  try {
    setUp(folder, load);
    const { daemon } = await startDaemon(folder);
    try {
      return await figuresOf(daemon, folder, load);
    } finally {
      await endDaemon(daemon, "SIGTERM");
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function figuresOf(daemon: ChildProcess, folder: string, load: Load): Promise<readonly Figure[]> {
  const { webhooks_url: webhooks, admin_url: admin } = addressesOf(folder);
  await deliver(webhooks, "warm", load.deliveries);
  const idle = await deliver(webhooks, "idle", load.deliveries);
  const megabytes = residentMegabytes(daemon);
  const callers = await stall(webhooks, load);
  try {
    await pause(load.settleMs);
    const beside = await deliver(webhooks, "beside", load.deliveries);
    const asked = await askAdmin(admin, load.deliveries);
    const p99 = quantile(beside.times, 0.99);
    return [
      { what: "stalled and half-sent requests", value: load.stalled, unit: "requests" },
      { what: "signed delivery beside none of them, p50", value: quantile(idle.times, 0.5), unit: "ms" },
      { what: "signed delivery beside none of them, p99", value: quantile(idle.times, 0.99), unit: "ms" },
      { what: "signed delivery beside all of them, p50", value: quantile(beside.times, 0.5), unit: "ms" },
      { what: "signed delivery beside all of them, p99", value: p99, unit: "ms", atMost: 250 },
      { what: "beside all / beside none, p99", value: p99 / quantile(idle.times, 0.99), unit: "ratio" },
      { what: "signed deliveries not accepted", value: idle.failed + beside.failed, unit: "", atMost: 0 },
      { what: "answer of the admin side, p99", value: quantile(asked.times, 0.99), unit: "ms", atMost: 250 },
      { what: "requests of the admin side not answered", value: asked.failed, unit: "", atMost: 0 },
      { what: "resident memory before", value: megabytes, unit: "MB" },
      { what: "resident memory at most", value: peakMegabytes(daemon), unit: "MB", atMost: 200 },
    ];
  } finally {
    for (const caller of callers) caller.kill("SIGKILL");
  }
}

function setUp(folder: string, { connections }: Load): void {
  mkdirSync(join(folder, "data"));
  writeFileSync(
    join(folder, "chargehand.yaml"),
    `data_dir: ${folder}/data
server: { webhooks: { port: 0 }, admin: { port: 0 }, connections: ${connections} }
sources: { github: { secret: ${SECRET} } }
`,
  );
}

/** Resolves when all have called at least once. @throws when they cannot */
async function stall(url: string, { stalled, processes }: Load): Promise<readonly ChildProcess[]> {
  const port = new URL(url).port;
  const callers = Array.from({ length: processes }, (_, index) =>
    fork(CALLERS, [port, String(stalled / processes), `127.0.0.${index + 2}`]),
  );
  await Promise.all(
    callers.map(async (caller) => {
      const ready = await Promise.race([once(caller, "message"), once(caller, "exit")]);
      if (ready[0] !== "ready") throw new Error(`those who stall ended: ${ready[0]}`);
    }),
  );
  return callers;
}

/** Signed deliveries of 8 KB, one after the other, each over a connection of its own. */
async function deliver(url: string, tag: string, count: number): Promise<Asked> {
  const body = JSON.stringify({ zen: "x".repeat(8_000) });
  const signature = `sha256=${createHmac("sha256", SECRET).update(body).digest("hex")}`;
  return inTurn(count, (number) => {
    const headers = {
      "content-type": "application/json",
      "content-length": body.length,
      "x-github-event": "issues",
      "x-github-delivery": `${tag}-${number}`,
      "x-hub-signature-256": signature,
    };
    return ask(`${url}/webhooks/github`, { method: "POST", headers }, body, 202);
  });
}

function askAdmin(url: string, count: number): Promise<Asked> {
  return inTurn(count, () => ask(`${url}/readyz`, {}, "", 200));
}

async function inTurn(count: number, one: (number: number) => Promise<boolean>): Promise<Asked> {
  const times: number[] = [];
  let failed = 0;
  for (let number = 0; number < count; number++) {
    const began = performance.now();
    if (!(await one(number))) failed += 1;
    times.push(performance.now() - began);
    await pause(PAUSE_MS);
  }
  return { times, failed };
}

/** Whether the answer came, and was the one that is wanted. */
function ask(url: string, more: object, body: string, wanted: number): Promise<boolean> {
  return new Promise((resolve) => {
    const options = { ...more, agent: false, signal: AbortSignal.timeout(PATIENCE_MS) };
    const call = request(url, options, (answer: IncomingMessage) => {
      answer.resume().once("close", () => resolve(answer.statusCode === wanted));
    });
    call.once("error", () => resolve(false)).end(body);
  });
}
