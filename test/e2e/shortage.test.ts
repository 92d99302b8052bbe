/** A machine that is short of something for a moment: no agent is ended by that, and no task fails. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { DaemonProcess } from "./daemon-process.ts";
import {
  go,
  isAlive,
  jobOf,
  linesOf,
  runsOf,
  untilDone,
  untilLogged,
  untilRunning,
  withScene,
} from "./scene.ts";

function logOf(stage: DaemonProcess, run: string): string {
  return join(stage.dataDir, "runs", run, "stdout.log");
}

/** The same agent went on to its end, under the same run. */
async function assertFinished(stage: DaemonProcess, pid: number | null): Promise<void> {
  assert.equal(isAlive(pid), true, "the agent is alive");
  // Left by the runner, the run comes back to it by way of the reaper.
  await untilLogged(stage, "run.adopted");
  go(stage);
  await untilDone(stage, "SHOP-1");
  assert.deepEqual(
    (await runsOf(stage)).map((run) => [run.status, run.pid]),
    [["succeeded", pid]],
  );
}

test("I14: an agent that lays a folder in the place of its log fails by it, and is told so", () =>
  withScene({ concurrency: 1 }, async (stage) => {
    await stage.start();
    await stage.label(1);
    const run = await untilRunning(stage, "SHOP-1");
    const log = logOf(stage, run.id);
    renameSync(log, `${log}.aside`);
    mkdirSync(log);
    go(stage);
    await untilLogged(stage, "run.finished");
    const [finished] = linesOf(stage, "run.finished");
    assert.deepEqual([finished?.["run"], finished?.["status"]], [run.id, "failed"]);
    assert.match(String(finished?.["reason"]), /stdout\.log is a folder/);
  }));

test(
  "a daemon that has no file descriptors left for a moment lives on, and so does its agent",
  { skip: !existsSync("/usr/bin/prlimit") && "there is no prlimit" },
  () =>
    withScene({ concurrency: 1 }, async (stage) => {
      await stage.start();
      await stage.label(1);
      const run = await untilRunning(stage, "SHOP-1");
      const limit = (files: string): void =>
        void execFileSync("prlimit", ["--pid", String(stage.pid), `--nofile=${files}:`]);
      limit("10");
      appendFileSync(logOf(stage, run.id), "hello\n");
      await untilLogged(stage, "run.faulted");
      assert.match(String(linesOf(stage, "run.faulted")[0]?.["reason"]), /EMFILE/);
      await untilLogged(stage, "reaper.faulted");
      limit("1024");
      await assertFinished(stage, run.pid);
    }),
);

test("I9: while no run directory can be made no task fails, and afterwards all of them are done", () =>
  withScene({ concurrency: 2 }, async (stage) => {
    await stage.start();
    const runs = join(stage.dataDir, "runs");
    rmSync(runs, { recursive: true, force: true });
    writeFileSync(runs, "");
    const tasks = [1, 2, 3, 4];
    for (const number of tasks) await stage.label(number);
    const reasonOf = async (): Promise<string> => {
      type Status = { readonly refusals: readonly { readonly reason: string }[] };
      return (await stage.api<Status>("/api/v1/status")).body.refusals[0]?.reason ?? "";
    };
    await stage.until("it is said why nothing is claimed", async () =>
      /^this machine could not start/.test(await reasonOf()),
    );
    await stage.until("what was claimed has ended", async () =>
      (await runsOf(stage)).every((run) => run.failure_class !== null),
    );
    const ended = await runsOf(stage);
    // A slow machine has tried again meanwhile: one at a time, and each after five seconds at least.
    const claims = ended.map((run) => Date.parse(run.claimed_at)).sort((a, b) => a - b);
    const isPatient = claims.every((at, index) => index < 2 || at - (claims[index - 1] ?? 0) > 4_900);
    assert.ok(isPatient, `two were claimed at once, and then one in a while: ${claims.join(", ")}`);
    assert.deepEqual(new Set(ended.map((run) => run.failure_class)), new Set(["host"]));
    rmSync(runs);
    go(stage);
    for (const number of tasks) await untilDone(stage, `SHOP-${number}`);
    for (const number of tasks) {
      const job = await jobOf(stage, `SHOP-${number}`);
      assert.deepEqual([job?.attempts, job?.interruptions], [0, 0]);
    }
  }));
