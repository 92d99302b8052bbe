/** Limits and adopted runs: what an earlier daemon started counts like everything else, and nothing of it is cut. */

import assert from "node:assert/strict";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import Database from "better-sqlite3";
import type { DaemonProcess } from "./daemon-process.ts";
import {
  go,
  isAlive,
  jobOf,
  journal,
  linesOf,
  runsOf,
  setUp,
  signal,
  untilDone,
  untilLogged,
  untilRunning,
  withScene,
} from "./scene.ts";

const TASKS = ["SHOP-1", "SHOP-2", "SHOP-3"];

/** How many agents were at work at once, at most, from the given line of the journal on. */
function mostAtOnce(lines: readonly string[]): number {
  let now = 0;
  let most = 0;
  for (const line of lines) {
    now += line.startsWith("began") ? 1 : -1;
    most = Math.max(most, now);
  }
  return most;
}

async function startThree(stage: DaemonProcess): Promise<readonly (number | null)[]> {
  for (const number of [1, 2, 3]) await stage.label(number);
  const runs = [];
  for (const task of TASKS) runs.push(await untilRunning(stage, task));
  return runs.map(({ pid }) => pid);
}

/** What is claimed while a task waits would be claimed before the marker is understood and looked at. */
async function untilQueued(stage: DaemonProcess, task: string): Promise<void> {
  await stage.until(`${task} waits`, async () => (await jobOf(stage, task))?.status === "queued");
}

/** Lets the agent of this run say a line, and waits until its supervisor has read it. */
async function untilRead(stage: DaemonProcess, run: string, line: string): Promise<void> {
  const log = join(stage.dataDir, "runs", run, "stdout.log");
  appendFileSync(log, line);
  const { length } = readFileSync(log);
  const rows = new Database(join(stage.dataDir, "chargehand.db"), { readonly: true, timeout: 10_000 });
  const offset = rows.prepare<[string], number>("SELECT log_offset FROM runs WHERE id = ?").pluck();
  try {
    await stage.until(`"${line.trim()}" is read`, () => (offset.get(run) ?? 0) >= length);
  } finally {
    rows.close();
  }
}

test("I6: with room for one and one adopted run, nothing is started until that one has ended", () =>
  withScene({ concurrency: 1 }, async (stage) => {
    await stage.start();
    await stage.label(1);
    const before = await untilRunning(stage, "SHOP-1");
    await stage.end("SIGKILL");
    await stage.start();
    await stage.label(2);
    await untilQueued(stage, "SHOP-2");
    assert.equal(isAlive(before.pid), true);
    go(stage);
    for (const task of ["SHOP-1", "SHOP-2"]) await untilDone(stage, task);
    assert.deepEqual(journal(stage), ["began SHOP-1", "ended SHOP-1", "began SHOP-2", "ended SHOP-2"]);
    assert.equal((await runsOf(stage)).length, 2);
  }));

for (const way of ["a restart", "a reload"] as const)
  test(`I6: a concurrency lowered by ${way} ends no run, and nothing is started until they are fewer`, () =>
    withScene({ concurrency: 3 }, async (stage) => {
      await stage.start();
      const pids = await startThree(stage);
      setUp(stage, { concurrency: 1 });
      if (way === "a restart") {
        assert.equal(await stage.end("SIGTERM"), 0);
        await stage.start();
      } else {
        signal(stage, "SIGHUP");
        await untilLogged(stage, "config.reloaded");
      }
      await stage.label(4);
      await stage.label(5);
      await untilQueued(stage, "SHOP-5");
      assert.deepEqual(pids.map(isAlive), [true, true, true]);
      go(stage, "SHOP-1");
      await untilDone(stage, "SHOP-1");
      go(stage, "SHOP-2");
      await untilDone(stage, "SHOP-2");
      assert.equal((await jobOf(stage, "SHOP-4"))?.status, "queued", "one is still at work");
      go(stage);
      for (const task of ["SHOP-3", "SHOP-4", "SHOP-5"]) await untilDone(stage, task);
      const lines = journal(stage);
      assert.equal(lines.length, 10, "each began and ended once");
      const ended = lines.findIndex((line) => line.startsWith("ended"));
      assert.equal(mostAtOnce(lines.slice(0, ended)), 3);
      assert.equal(mostAtOnce(lines.filter((line) => /[45]$/.test(line))), 1);
    }));

test("a concurrency raised by a reload is used at once", () =>
  withScene({ concurrency: 1 }, async (stage) => {
    await stage.start();
    await stage.label(1);
    await stage.label(2);
    await untilRunning(stage, "SHOP-1");
    await untilQueued(stage, "SHOP-2");
    setUp(stage, { concurrency: 2 });
    signal(stage, "SIGHUP");
    await untilRunning(stage, "SHOP-2");
    assert.deepEqual(journal(stage), ["began SHOP-1", "began SHOP-2"]);
  }));

test("with less memory than the floor an adopted run goes on to its end, and nothing is started until a reload lowers it", () =>
  withScene({ concurrency: 3 }, async (stage) => {
    await stage.start();
    await stage.label(1);
    const before = await untilRunning(stage, "SHOP-1");
    assert.equal(await stage.end("SIGTERM"), 0);
    const text = readFileSync(stage.config, "utf8");
    writeFileSync(stage.config, text.replace("concurrency: 3", "concurrency: 3, memory_floor: 900000GiB"));
    await stage.start();
    await stage.label(2);
    await untilQueued(stage, "SHOP-2");
    await untilLogged(stage, "claim.low_memory");
    assert.equal(isAlive(before.pid), true);
    go(stage);
    await untilDone(stage, "SHOP-1");
    const looks = linesOf(stage, "claim.low_memory").length;
    await untilLogged(stage, "claim.low_memory", looks + 1);
    assert.deepEqual(journal(stage), ["began SHOP-1", "ended SHOP-1"]);
    writeFileSync(stage.config, text);
    signal(stage, "SIGHUP");
    await untilDone(stage, "SHOP-2");
  }));

test("I6: a calendar that is set forward by a day while no daemon is there ends no adopted agent", () =>
  withScene({ concurrency: 1 }, async (stage) => {
    await stage.start();
    await stage.label(1);
    const before = await untilRunning(stage, "SHOP-1");
    await stage.end("SIGTERM");
    // What the rows say is a day old then; nobody may set the calendar of the machine.
    const rows = new Database(join(stage.dataDir, "chargehand.db"));
    const columns = ["claimed_at", "started_at", "active_at"].map((name) => `${name} = ${name} - 86400000`);
    rows.exec(`UPDATE runs SET ${columns.join(", ")}`);
    rows.close();
    await stage.start();
    // What has been read twice has been judged once.
    for (const line of ["one\n", "two\n"]) await untilRead(stage, before.id, line);
    assert.equal(isAlive(before.pid), true);
    go(stage);
    await untilDone(stage, "SHOP-1");
    assert.deepEqual(
      (await runsOf(stage)).map(({ status }) => status),
      ["succeeded"],
    );
  }));

test("an adopted run has the time that it was started with, also when its profile has less by now", () =>
  withScene({ concurrency: 1 }, async (stage) => {
    await stage.start();
    await stage.label(1);
    const before = await untilRunning(stage, "SHOP-1");
    assert.equal(before.timeout_ms, 600_000);
    await stage.end("SIGKILL");
    const text = readFileSync(stage.config, "utf8");
    writeFileSync(stage.config, text.replace("timeout: 10m", "timeout: 1s"));
    await stage.start();
    await untilLogged(stage, "run.adopted");
    // Its second has long been over when the reaper and its supervisor have looked at it.
    await stage.until("the daemon has looked at it", async () => Date.now() - timeOf(stage) > 2_500);
    assert.equal(isAlive(before.pid), true);
    go(stage);
    await untilDone(stage, "SHOP-1");
    assert.equal((await runsOf(stage)).length, 1);
  }));

function timeOf(stage: DaemonProcess): number {
  return Date.parse(String(linesOf(stage, "run.adopted")[0]?.["time"]));
}
