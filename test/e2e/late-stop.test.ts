/** A stop that is written down when its agent is about to end anyway. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import Database from "better-sqlite3";
import type { DaemonProcess } from "./daemon-process.ts";
import { go, isAlive, runsOf, untilRunning, withScene } from "./scene.ts";

/** As somebody does whose bell is not heard by the daemon. */
function writeStop(stage: DaemonProcess, reason: string): void {
  const rows = new Database(join(stage.dataDir, "chargehand.db"), { timeout: 10_000 });
  rows.prepare<[string]>("UPDATE runs SET stop = ?").run(reason);
  rows.close();
}

async function over(stage: DaemonProcess): Promise<readonly [string | undefined, string | null | undefined]> {
  await stage.until("the run is over", async () =>
    ["succeeded", "failed", "lost", "killed"].includes((await runsOf(stage))[0]?.status ?? ""),
  );
  const [run] = await runsOf(stage);
  return [run?.status, run?.failure_class];
}

test("a stop that was written down a moment before the agent failed explains its failure", () =>
  withScene({ concurrency: 1 }, async (stage) => {
    await stage.start();
    await stage.label(1);
    const { pid } = await untilRunning(stage, "SHOP-1");
    writeStop(stage, "timeout");
    process.kill(pid ?? 0, "SIGKILL");
    assert.deepEqual(await over(stage), ["killed", "timeout"]);
  }));

test("a stop that a daemon wrote down and died before it signalled takes nothing from an agent that finished", () =>
  withScene({ concurrency: 1 }, async (stage) => {
    await stage.start();
    await stage.label(1);
    const { pid } = await untilRunning(stage, "SHOP-1");
    await stage.end("SIGKILL");
    writeStop(stage, "timeout");
    go(stage);
    await stage.until("the agent's end", () => !isAlive(pid));
    await stage.start();
    assert.deepEqual(await over(stage), ["succeeded", null]);
    assert.equal((await runsOf(stage)).length, 1);
  }));
