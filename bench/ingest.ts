/**
 * `bench ingest`: how many signed 8 KB GitHub deliveries a second are stored durably (FULL) over 64 connections, as a
 * ratio to the same server doing only signature and JSON parse. Server and senders are processes of their own.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Pool } from "undici";
import { print, quantile } from "./figures.ts";

const CONNECTIONS = 64;
const REQUESTS = 20_000;
const WARM_UP = 2_000;
/** The server's own, in `ingest-server.ts`. */
const SECRET = "bench-secret";

const MODES = ["bare", "stored", "daemon"] as const;
type Mode = (typeof MODES)[number];

interface Measured {
  readonly rate: number;
  readonly times: readonly number[];
  readonly statuses: ReadonlyMap<number, number>;
}

export async function ingestBench(): Promise<void> {
  const rows: Record<string, string | number>[] = [];
  const rates: Record<Mode, number[]> = { bare: [], stored: [], daemon: [] };
  for (let round = 0; round < 3; round++) {
    for (const mode of MODES) {
      const { measured, note } = await against(mode);
      rates[mode].push(measured.rate);
      rows.push({
        server: mode,
        per_s: measured.rate.toFixed(0),
        p50_ms: quantile(measured.times, 0.5).toFixed(2),
        p99_ms: quantile(measured.times, 0.99).toFixed(2),
        answers: [...measured.statuses].map(([status, n]) => `${n}×${status}`).join(" "),
        note,
      });
    }
  }
  print(rows);
  const ratio = quantile(rates.stored, 0.5) / quantile(rates.bare, 0.5);
  const working = quantile(rates.daemon, 0.5) / quantile(rates.bare, 0.5);
  process.stdout.write(`\nstored / bare (medians of 3): ${ratio.toFixed(2)} (wanted: at least 0.60)\n`);
  process.stdout.write(`the same with the inbox at work: ${working.toFixed(2)}\n`);
}

async function against(mode: Mode): Promise<{ measured: Measured; note: string }> {
  const folder = mkdtempSync(join(tmpdir(), "chargehand-bench-"));
  const server = spawn(
    process.execPath,
    [new URL("./ingest-server.ts", import.meta.url).pathname, mode, folder],
    {
      stdio: ["pipe", "pipe", "inherit"],
    },
  );
  try {
    const lines = createInterface({ input: server.stdout as NonNullable<ChildProcess["stdout"]> })[
      Symbol.asyncIterator
    ]();
    const url = String((await lines.next()).value);
    const pool = new Pool(url, { connections: CONNECTIONS, pipelining: 1 });
    await send(pool, WARM_UP, "warm");
    const measured = await send(pool, REQUESTS, "real");
    await pool.close();
    server.stdin?.end();
    return { measured, note: String((await lines.next()).value) };
  } finally {
    server.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function send(pool: Pool, requests: number, tag: string): Promise<Measured> {
  const body = JSON.stringify({
    action: "opened",
    issue: { number: 1, title: "bench", body: "x".repeat(8_000) },
    repository: { full_name: "nobody/nothing" },
  });
  const signature = `sha256=${createHmac("sha256", SECRET).update(body).digest("hex")}`;
  const times: number[] = [];
  const statuses = new Map<number, number>();
  let next = 0;
  const began = performance.now();
  const one = async (): Promise<void> => {
    while (next < requests) {
      const id = `${tag}-${next++}`;
      const headers = {
        "content-type": "application/json",
        "x-github-event": "issues",
        "x-github-delivery": id,
        "x-hub-signature-256": signature,
      };
      const start = performance.now();
      const answer = await pool.request({ method: "POST", path: "/webhooks/github", headers, body });
      await answer.body.dump();
      times.push(performance.now() - start);
      statuses.set(answer.statusCode, (statuses.get(answer.statusCode) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, one));
  return { rate: (requests * 1_000) / (performance.now() - began), times, statuses };
}
