/** How the end of processes is noticed that are not our children: all of them together, and cheaply. */

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import test from "node:test";
import type { Clock } from "../../../system/clock.ts";
import { readExit } from "../../../system/process/departures.ts";
import { systemProcesses } from "../../../system/process/linux.ts";
import { readStat } from "../../../system/process/proc.ts";
import type { ProcessIdentity } from "../../../system/process/processes.ts";
import { OWN, TRAPS } from "../files/traps.ts";
import { asleep, clock, endOf, isRunning, launches, pidIn, until } from "./launches.ts";

/** A clock that counts who sleeps on it. */
function countingClock(): {
  readonly its: Clock;
  readonly sleepers: () => number;
  readonly most: () => number;
} {
  let sleepers = 0;
  let most = 0;
  const sleep: Clock["sleep"] = async (ms, signal) => {
    sleepers += 1;
    most = Math.max(most, sleepers);
    await clock.sleep(ms, signal);
    sleepers -= 1;
  };
  return { its: { ...clock, sleep }, sleepers: () => sleepers, most: () => most };
}

function openFiles(): number {
  return readdirSync("/proc/self/fd").length;
}

test("I6: an agent that nobody reaps has ended, though its pid is still in use", async (t) => {
  const it = launches(t);
  // The shell becomes a program that waits for no child.
  const parent = await it.start("sleep 300 & echo $!; exec sleep 300");
  const pid = await pidIn(it, "stdout.log");
  await asleep(parent);
  const startTicks = readStat(pid)?.startTicks ?? 0;
  const orphan: ProcessIdentity = { ...parent, pid, startTicks, leaderTicks: 1 };
  const end = endOf(systemProcesses(clock), orphan, it.directory);
  process.kill(pid, "SIGKILL");
  await end;
  assert.equal(process.kill(pid, 0), true, "it is a zombie");
  assert.equal(isRunning(pid), false);
});

test("I14: whatever lies in the place of an exit record, no look waits for it, and none is read", (t) => {
  const root = mkdtempSync(`${tmpdir()}/chargehand-exit-`);
  t.after(() => rmSync(root, { recursive: true }));
  writeFileSync(`${root}/${OWN}`, '{"status":0,"ran":true}\n');
  for (const [what, { lay }] of Object.entries(TRAPS)) {
    mkdirSync(`${root}/${what.replaceAll("/", "-")}`);
    lay(`${root}/${what.replaceAll("/", "-")}/exit.json`, root);
    assert.equal(readExit(`${root}/${what.replaceAll("/", "-")}`), null, what);
  }
  for (const forged of [
    "",
    '{"status":0}',
    '{"status":0,"ran":true}',
    "[".repeat(100_000),
    '{"status":1e9,"ran":true}\n',
  ]) {
    writeFileSync(`${root}/exit.json`, forged);
    assert.equal(readExit(root), null, forged.slice(0, 20));
  }
});

test("The end of a process of our own is told at once: no clock is waited for", async (t) => {
  const it = launches(t);
  const still: Clock = { ...clock, sleep: (_ms, signal) => clock.sleep(600_000, signal) };
  const own = systemProcesses(still);
  const result = await own.launch("test", it.spec(["sleep", "300"]));
  assert.ok(result.kind === "launched");
  result.launched.release();
  const { identity } = result.launched;
  await asleep(identity);
  const end = endOf(own, identity, it.directory);
  assert.ok(own.signal("test", identity, "SIGKILL", "process"));
  await end;
  assert.equal((await own.exitRecord(it.directory))?.signal, "SIGKILL");
});

test("A hundred waits share one timer; when nothing is waited for there is none, and no file is left open", async (t) => {
  const it = launches(t);
  const identity = await it.start(["sleep", "300"]);
  await asleep(identity);
  const { its, sleepers, most } = countingClock();
  const adopted = systemProcesses(its);
  const files = openFiles();
  const leaving = new AbortController();
  const left = Array.from({ length: 50 }, () => adopted.ended(identity, it.directory, leaving.signal));
  const ends = Array.from({ length: 50 }, () => endOf(adopted, identity, it.directory));
  await until("a tick", () => most() > 0);
  leaving.abort();
  await Promise.all(left);
  assert.equal(sleepers(), 1);
  assert.ok(adopted.signal("test", identity, "SIGKILL", "group"));
  await Promise.all(ends);
  await until("the end of the timer", () => sleepers() === 0);
  assert.equal(most(), 1);
  await until("the closing of watches", () => openFiles() <= files + 1);
});

test("Who waits again after everybody had left is told as well", async (t) => {
  const it = launches(t);
  const identity = await it.start(["sleep", "300"]);
  await asleep(identity);
  const adopted = systemProcesses(clock);
  for (let nth = 0; nth < 3; nth += 1) {
    const leaving = new AbortController();
    const end = adopted.ended(identity, it.directory, leaving.signal);
    leaving.abort();
    await end;
  }
  const end = endOf(adopted, identity, it.directory);
  assert.ok(adopted.signal("test", identity, "SIGKILL", "group"));
  await end;
});
