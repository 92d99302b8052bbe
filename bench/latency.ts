/**
 * `bench latency`: from a committed job to the `exec` of its agent, on the real claim loop, runner, launcher and store,
 * next to a bare spawn of the same program on this machine. The worktree is there already, as it is for every attempt
 * but a task's first; what git takes to make one is printed beside it.
 */

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig } from "../daemon/config.ts";
import { startDaemon } from "../daemon/main.ts";
import { nullLog } from "../system/log.ts";
import { print, quantile } from "./figures.ts";

const ROUNDS = 200;
/** Prints the time since the epoch in nanoseconds as soon as it is exec'ed; it costs under a millisecond itself. */
const AGENT = ["/bin/date", "+%s%N"];

export async function latencyBench(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "chargehand-bench-"));
  try {
    const cold = await throughDaemon(folder);
    const bare = await bareSpawns(folder);
    print([
      {
        what: "bare spawn of the agent",
        p50_ms: quantile(bare, 0.5).toFixed(2),
        p99_ms: quantile(bare, 0.99).toFixed(2),
      },
      {
        what: "committed job to exec",
        p50_ms: quantile(cold.warm, 0.5).toFixed(2),
        p99_ms: quantile(cold.warm, 0.99).toFixed(2),
      },
      {
        what: "… with a worktree to make",
        p50_ms: quantile(cold.first, 0.5).toFixed(2),
        p99_ms: quantile(cold.first, 0.99).toFixed(2),
      },
    ]);
    process.stdout.write(
      `\np99 of committed job to exec: ${quantile(cold.warm, 0.99).toFixed(2)} ms (wanted: at most 10)\n`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
