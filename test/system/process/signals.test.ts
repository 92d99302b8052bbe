/** Signals reach whom they are meant for, and nobody else. */

import assert from "node:assert/strict";
import test from "node:test";
import { readStat } from "../../../system/process/proc.ts";
import type { ProcessIdentity } from "../../../system/process/processes.ts";
import { asleep, isRunning, launches, pidIn, processes, until } from "./launches.ts";

const TERMED = { code: null, signal: "SIGTERM", neverRan: false };

const SCOPES = ["group", "process"] as const;

test("I5: a reused pid, and every pid of another boot, is never signalled", async (t) => {
  const it = launches(t);
  const identity = await it.start(["sleep", "300"]);
  await asleep(identity);
  const { startTicks, leaderTicks } = identity;
  const strangers: readonly ProcessIdentity[] = [
    { ...identity, startTicks: startTicks + 1, leaderTicks: leaderTicks + 1 },
    { ...identity, startTicks: startTicks - 1, leaderTicks: leaderTicks - 1 },
    { ...identity, bootId: "00000000-0000-0000-0000-000000000000" },
    { ...identity, pid: process.pid, pgid: process.pid },
  ];
  for (const stranger of strangers) {
    assert.equal(processes.isAlive(stranger), false);
    assert.equal(processes.isLauncherAlive(stranger), false);
    for (const scope of SCOPES)
      assert.equal(processes.signal("test", stranger, "SIGKILL", scope), false, scope);
  }
  // The agent's own ticks do not vouch for another agent of the same group, nor the leader's for this agent.
  assert.equal(processes.signal("test", { ...identity, startTicks: 1 }, "SIGKILL", "process"), false);
  assert.ok(processes.isAlive(identity) && processes.isLauncherAlive(identity));
  assert.ok(processes.signal("test", identity, "SIGTERM", "process"));
  assert.deepEqual(await it.ended(identity), TERMED);
  for (const scope of SCOPES) assert.equal(processes.signal("test", identity, "SIGKILL", scope), false);
});

test("I5: a zombie holds its pid, and is dead", async (t) => {
  const it = launches(t);
  // The shell becomes a program that waits for no child.
  const parent = await it.start("sleep 300 & echo $!; exec sleep 300");
  const pid = await pidIn(it, "stdout.log");
  await asleep(parent);
  process.kill(pid, "SIGKILL");
  const stat = await until("a zombie", () => {
    const found = readStat(pid);
    return found?.running === false && found;
  });
  const { bootId } = parent;
  const zombie = { pid, startTicks: stat.startTicks, pgid: pid, leaderTicks: stat.startTicks, bootId };
  assert.equal(processes.isAlive(zombie), false);
  for (const scope of SCOPES) assert.equal(processes.signal("test", zombie, "SIGTERM", scope), false);
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  test(`${signal} to the group ends an agent that does not handle it, and its exit is known`, async (t) => {
    const it = launches(t);
    const identity = await it.start(["sleep", "300"]);
    await asleep(identity);
    assert.ok(processes.signal("test", identity, signal, "group"));
    assert.deepEqual(await it.ended(identity), { code: null, signal, neverRan: false });
  });
}

test("An agent that has left its group is still reached by what is meant for the group", async (t) => {
  const it = launches(t);
  const identity = await it.start("exec setsid sh -c 'sleep 300 & echo $!; wait'");
  const tool = await pidIn(it, "stdout.log");
  assert.equal(readStat(identity.pid)?.group, identity.pid);
  assert.ok(processes.signal("test", identity, "SIGTERM", "group"));
  assert.deepEqual(await it.ended(identity), TERMED);
  await until("the end of the agent's own group", () => !isRunning(tool));
});
