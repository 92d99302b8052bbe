/** What becomes of agents when the daemon ends: `shutdown: drain` and `stop`, with real processes and signals. */

import assert from "node:assert/strict";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { DaemonProcess } from "./daemon-process.ts";
import {
  exitOf,
  go,
  isAlive,
  jobOf,
  journal,
  linesOf,
  marked,
  runsOf,
  signal,
  taskStatus,
  untilDone,
  untilLogged,
  untilRunning,
  withScene,
} from "./scene.ts";

test("`shutdown: drain` starts nothing, still takes deliveries, and ends when its agents have ended", () =>
  withScene({ concurrency: 2, more: "shutdown: drain\n" }, async (stage) => {
    await stage.start();
    await stage.label(1);
    await untilRunning(stage, "SHOP-1");
    signal(stage, "SIGTERM");
    await untilLogged(stage, "daemon.leaving");
    const answer = await stage.label(2);
    assert.deepEqual([answer.status, answer.body.status], [202, "accepted"]);
    await stage.until("it is understood", async () => (await jobOf(stage, "SHOP-2"))?.status === "queued");
    go(stage);
    assert.equal(await exitOf(stage), 0);
    assert.deepEqual(journal(stage), ["began SHOP-1", "ended SHOP-1"]);
    const pushed = stage.git(stage.remote, "log", "--format=%s", "-1", "chargehand/SHOP-1-issue-1").trim();
    assert.equal(pushed, "SHOP-1: Issue 1", "the run was concluded, not only awaited");
    await stage.start();
    assert.equal(await taskStatus(stage, "SHOP-1"), "done");
    await untilDone(stage, "SHOP-2");
    assert.equal((await runsOf(stage)).length, 2);
  }));

for (const mode of ["drain", "stop"] as const)
  test(`\`shutdown: ${mode}\` with nothing running ends at once`, () =>
    withScene({ more: `shutdown: ${mode}\n` }, async (stage) => {
      await stage.start();
      assert.equal(await stage.end("SIGINT"), 0);
      assert.equal(existsSync(join(stage.dataDir, "daemon.json")), false);
    }));

test("I6: while draining, a second SIGTERM leaves the agents to the next daemon, which adopts them", () =>
  withScene({ more: "shutdown: drain\n" }, async (stage) => {
    await stage.start();
    await stage.label(1);
    const before = await untilRunning(stage, "SHOP-1");
    signal(stage, "SIGTERM");
    await untilLogged(stage, "daemon.leaving");
    assert.equal(await stage.end("SIGTERM"), 0);
    assert.equal(isAlive(before.pid), true);
    assert.equal(linesOf(stage, "daemon.stopped").length, 1);
    await stage.start();
    const [adopted] = await runsOf(stage);
    assert.deepEqual([adopted?.id, adopted?.pid, adopted?.status], [before.id, before.pid, "running"]);
    go(stage);
    await untilDone(stage, "SHOP-1");
    assert.deepEqual(journal(stage), ["began SHOP-1", "ended SHOP-1"]);
  }));

test("I8, I9: `shutdown: stop` stops the agents, keeps what they used, and queues their jobs again without an attempt", () =>
  withScene({ concurrency: 2, more: "shutdown: stop\n" }, async (stage) => {
    await stage.start();
    await Promise.all([stage.label(1), stage.label(2)]);
    const live = await Promise.all([untilRunning(stage, "SHOP-1"), untilRunning(stage, "SHOP-2")]);
    await stage.label(3);
    await stage.until("a third waits", async () => (await jobOf(stage, "SHOP-3"))?.status === "queued");
    assert.equal(await stage.end("SIGTERM"), 0);
    assert.deepEqual(
      live.map(({ pid }) => isAlive(pid)),
      [false, false],
    );
    assert.deepEqual(journal(stage).toSorted(), [
      "began SHOP-1",
      "began SHOP-2",
      "stopped SHOP-1",
      "stopped SHOP-2",
    ]);
    assert.deepEqual(
      live.flatMap(({ id }) => marked(id)),
      [],
      "nothing of them is left in any session",
    );
    await stage.start();
    const stopped = (await runsOf(stage)).slice(0, 2);
    for (const run of stopped) {
      assert.deepEqual([run.status, run.failure_class, run.stop_reason], ["killed", "shutdown", "shutdown"]);
      assert.match(run.reason ?? "", /because the daemon shut down/);
      assert.deepEqual([run.input_tokens, run.cost_usd, run.session_id], [120, 0.25, "s-1"]);
    }
    const job = await jobOf(stage, "SHOP-1");
    assert.deepEqual([job?.attempts, job?.interruptions], [0, 0]);
    go(stage);
    for (const key of ["SHOP-1", "SHOP-2", "SHOP-3"]) await untilDone(stage, key);
  }));

/** A git that waits before it fetches, until the file `fetch` is there; it notes that it waits in `fetching`. */
function slowGit(stage: DaemonProcess): string {
  const folder = join(stage.folder, "bin");
  mkdirSync(folder);
  const script = `#!/bin/sh
case " $* " in *" fetch "*)
  touch ${stage.folder}/fetching
  while [ -d ${stage.folder} ] && [ ! -e ${stage.folder}/fetch ]; do sleep 0.05; done;;
esac
PATH=\${PATH#${folder}:} exec git "$@"
`;
  writeFileSync(join(folder, "git"), script, { mode: 0o755 });
  return folder;
}

test("`shutdown: stop` while a worktree is being made: the agent never starts, and its job is queued again", () =>
  withScene({ more: "shutdown: stop\n" }, async (stage) => {
    const path = process.env["PATH"] ?? "";
    process.env["PATH"] = `${slowGit(stage)}:${path}`;
    try {
      await stage.start();
      await stage.label(1);
      await stage.until("git fetches", () => existsSync(join(stage.folder, "fetching")));
      signal(stage, "SIGTERM");
      await untilLogged(stage, "run.asked_to_stop");
      writeFileSync(join(stage.folder, "fetch"), "");
      assert.equal(await exitOf(stage), 0);
    } finally {
      process.env["PATH"] = path;
    }
    assert.deepEqual(journal(stage), []);
    go(stage);
    await stage.start();
    await untilDone(stage, "SHOP-1");
    const [stopped, second, ...more] = await runsOf(stage);
    assert.deepEqual(
      [stopped?.status, stopped?.failure_class, second?.status, more],
      ["killed", "shutdown", "succeeded", []],
    );
    assert.match(stopped?.reason ?? "", /was stopped before the agent started/);
    const job = await jobOf(stage, "SHOP-1");
    assert.deepEqual([job?.attempts, job?.interruptions], [0, 0]);
  }));
