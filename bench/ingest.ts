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
import { type Figure, quantile } from "./figures.ts";

const CONNECTIONS = 64;
const FULL = { rounds: 3, warmUp: 2_000, requests: 20_000 };
const QUICK = { rounds: 1, warmUp: 250, requests: 1_000 };
/** The server's own, in `ingest-server.ts`. */
const SECRET = "bench-secret";

const MODES = ["bare", "stored", "daemon"] as const;
type Mode = (typeof MODES)[number];

const NAMES: Readonly<Record<Mode, string>> = {
  bare: "signature and parse only",
  stored: "stored durably",
  daemon: "stored, with the inbox at work",
};

interface Load {
  readonly warmUp: number;
  readonly requests: number;
}

interface Measured {
  readonly rate: number;
  readonly times: readonly number[];
}

export async function ingestBench(isQuick: boolean): Promise<readonly Figure[]> {
  const load = isQuick ? QUICK : FULL;
  const all: Record<Mode, Measured[]> = { bare: [], stored: [], daemon: [] };
  for (let round = 0; round < load.rounds; round++) {
    for (const mode of MODES) all[mode].push(await against(mode, load));
  }
  const rateOf = (mode: Mode): number =>
    quantile(
      all[mode].map(({ rate }) => rate),
      0.5,
    );
  return [
    ...MODES.flatMap((mode): readonly Figure[] => {
      const times = all[mode].flatMap((measured) => measured.times);
      return [
        { what: `${NAMES[mode]}, median of ${load.rounds}`, value: rateOf(mode), unit: "per second" },
        { what: `${NAMES[mode]}, p50`, value: quantile(times, 0.5), unit: "ms" },
        { what: `${NAMES[mode]}, p99`, value: quantile(times, 0.99), unit: "ms" },
      ];
    }),
    { what: "stored / bare", value: rateOf("stored") / rateOf("bare"), unit: "ratio", atLeast: 0.6 },
    { what: "the same with the inbox at work", value: rateOf("daemon") / rateOf("bare"), unit: "ratio" },
  ];
}

/** @throws when a delivery is refused, or what was answered is not stored as durably as promised */
async function against(mode: Mode, { warmUp, requests }: Load): Promise<Measured> {
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
    await send(pool, warmUp, "warm");
    const measured = await send(pool, requests, "real");
    await pool.close();
    server.stdin?.end();
    const note = String((await lines.next()).value);
    const promised = mode === "bare" ? "nothing is stored" : `${warmUp + requests} stored, wal, FULL`;
    if (note !== promised) throw new Error(`the server says '${note}' instead of '${promised}'`);
    return measured;
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
      if (answer.statusCode !== 202) throw new Error(`a delivery was answered ${answer.statusCode}`);
      times.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, one));
  return { rate: (requests * 1_000) / (performance.now() - began), times };
}
