/** Who is signalled, who is not, and when a process counts as ended. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import test from "node:test";
import type { Clock } from "../../../system/clock.ts";
import { systemProcesses } from "../../../system/process/linux.ts";
import { ageIn, parseStat, readStat } from "../../../system/process/proc.ts";
import type { ProcessIdentity } from "../../../system/process/processes.ts";
import { asleep, clock, endOf, isRunning, launches, pidIn, processes, until } from "./launches.ts";

const SCOPES = ["group", "process"] as const;
const TERMED = { code: null, signal: "SIGTERM", neverRan: false };
const KILLED = { code: null, signal: "SIGKILL", neverRan: false };
/** A daemon that was started later: none of the processes is its child. */
const successor = (its: Clock = clock): ReturnType<typeof systemProcesses> => systemProcesses(its);

/** A clock on which a look follows soon after another, and that counts them. */
function lookingClock(): { readonly clock: Clock; readonly looks: () => number } {
  let looks = 0;
  const sleep: Clock["sleep"] = async (_ms, signal) => {
    looks += 1;
    await clock.sleep(5, signal);
  };
  return { clock: { ...clock, sleep }, looks: () => looks };
}

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

test("A command name made of stat's own punctuation hides nothing", () => {
  const rest = "S 7 42 42 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 987654 1000 200";
  const stat = parseStat(`41 (a) R 1 (b) Z 0) ${rest}`);
  assert.deepEqual(stat, { pid: 41, parent: 7, group: 42, startTicks: 987_654, running: true });
  const self = parseStat(readFileSync("/proc/self/stat", "latin1"));
  assert.deepEqual([self.pid, self.parent, self.running], [process.pid, process.ppid, true]);
});

test("L2: the launcher outlives what is meant for the agent, and writes down how that ended", async (t) => {
  const it = launches(t);
  const identity = await it.start(
    `seen=0; trap 'seen=$((seen + 1)); echo "$seen"; [ "$seen" = 5 ] && exit 9' INT TERM HUP
     echo ready; while :; do sleep 300 & wait; done`,
  );
  for (let nth = 0; nth < 5; nth += 1) {
    await until(`signal ${nth} taken`, () =>
      it.read("stdout.log")?.endsWith(nth === 0 ? "ready\n" : `${nth}\n`),
    );
    assert.ok(isRunning(identity.pgid), "the launcher is gone");
    assert.ok(processes.signal("test", identity, nth % 2 === 0 ? "SIGTERM" : "SIGINT", "group"));
  }
  assert.deepEqual(await it.ended(identity), { code: 9, signal: null, neverRan: false });
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

test("SIGKILL to the agent leaves a record; to the group, none; both have ended", async (t) => {
  const [one, all] = [launches(t), launches(t)];
  const [first, second] = [await one.start(["sleep", "300"]), await all.start(["sleep", "300"])];
  await asleep(first);
  assert.ok(processes.signal("test", first, "SIGKILL", "process"));
  assert.deepEqual(await one.ended(first), KILLED);
  await asleep(second);
  assert.ok(processes.signal("test", second, "SIGKILL", "group"));
  assert.equal(await all.ended(second), null);
});

test("An agent that has left its group is still reached by what is meant for the group", async (t) => {
  const it = launches(t);
  const identity = await it.start("exec setsid sh -c 'sleep 300 & echo $!; wait'");
  const tool = await pidIn(it, "stdout.log");
  assert.equal(readStat(identity.pid)?.group, identity.pid);
  assert.ok(processes.signal("test", identity, "SIGTERM", "group"));
  assert.deepEqual(await it.ended(identity), TERMED);
  await until("the end of the agent's own group", () => !isRunning(tool));
});

test("An agent whose launcher was killed has not ended, and its group can still be signalled", async (t) => {
  const it = launches(t);
  const identity = await it.start(["sleep", "300"]);
  await asleep(identity);
  const { clock: quick, looks } = lookingClock();
  const ends = [processes, successor(quick)].map((its) => endOf(its, identity, it.directory));
  let ended = false;
  void Promise.race(ends).then(() => {
    ended = true;
  });
  process.kill(identity.pgid, "SIGKILL");
  await until("the launcher's end", () => !processes.isLauncherAlive(identity));
  const before = looks();
  await until("ten looks at the agent", () => looks() >= before + 10);
  assert.ok(!ended && processes.isAlive(identity));
  assert.ok(processes.signal("test", identity, "SIGTERM", "group"));
  await Promise.all(ends);
  assert.equal(await it.ended(identity), null);
});

test("An agent whose exit is still to be written has not ended", async (t) => {
  const it = launches(t);
  const identity = await it.start(["sleep", "300"]);
  await asleep(identity);
  process.kill(identity.pgid, "SIGSTOP");
  assert.ok(processes.signal("test", identity, "SIGTERM", "process"));
  await until("the agent's end", () => !processes.isAlive(identity));
  const { clock: quick, looks } = lookingClock();
  const end = endOf(successor(quick), identity, it.directory);
  await until("ten looks", () => looks() >= 10);
  assert.equal(await processes.exitRecord(it.directory), null);
  process.kill(identity.pgid, "SIGCONT");
  await end;
  assert.deepEqual(await processes.exitRecord(it.directory), TERMED);
});

/** A clock on which nothing but an abort ends a sleep. */
const still: Clock = { ...clock, sleep: (_ms, signal) => clock.sleep(600_000, signal) };

test("I6: the end of an adopted process is told by its directory, at once, and not by output", async (t) => {
  const it = launches(t);
  const go = `${it.directory}/stdin`;
  const identity = await it.start(`mkfifo ${go}; echo up; read -r line <${go}; echo more; exit 4`);
  await until("the agent's first words", () => it.read("stdout.log") === "up\n");
  const end = endOf(successor(still), identity, it.directory);
  await writeFile(go, "go\n");
  await end;
  assert.equal(it.read("stdout.log"), "up\nmore\n");
  assert.equal((await processes.exitRecord(it.directory))?.code, 4);
});

test("I6: an adopted process that is killed with its launcher has ended, though no directory tells so", async (t) => {
  const it = launches(t);
  const identity = await it.start(["sleep", "300"]);
  await asleep(identity);
  const end = endOf(successor(), identity, `${it.directory}/gone`);
  assert.ok(successor().signal("test", identity, "SIGKILL", "group"));
  await end;
});

test("What has ended has ended at once; who stops waiting leaves the process alone", async (t) => {
  const it = launches(t);
  const gone = await it.start("exit 5");
  assert.equal((await it.ended(gone))?.code, 5);
  await successor(still).ended(gone, it.directory, new AbortController().signal);

  const identity = await it.start(["sleep", "300"]);
  for (const its of [processes, successor(still)]) {
    const leaving = new AbortController();
    const end = its.ended(identity, launches(t).directory, leaving.signal);
    leaving.abort();
    await end;
    await its.ended(identity, it.directory, AbortSignal.abort());
  }
  await asleep(identity);
  assert.ok(processes.isAlive(identity));
});

test("The kernel says how old a process is, whoever asks, and of none that is gone or was of another boot", async (t) => {
  const it = launches(t);
  const before = clock.monotonic();
  const identity = await it.start(["sleep", "300"]);
  await clock.sleep(50);
  const age = successor().ageMs(identity) ?? assert.fail("it cannot tell");
  const sinceMs = clock.monotonic() - before;
  assert.ok(age >= 30 && age <= sinceMs + 30, `${age} ms, while ${sinceMs} ms have passed`);
  assert.equal(processes.ageMs({ ...identity, startTicks: identity.startTicks + 1 }), null);
  assert.equal(processes.ageMs({ ...identity, bootId: "00000000-0000-0000-0000-000000000000" }), null);
  processes.signal("test", identity, "SIGKILL", "process");
  await it.ended(identity);
  assert.equal(processes.ageMs(identity), null);
});

test("An uptime that is a container's own, and not what start times are counted by, is not believed", () => {
  const own = { startTicks: 90_000, ranMs: 60_000 };
  assert.equal(ageIn("960.50 1.00\n", 50_000, own), 460_500);
  assert.equal(ageIn("960.50 1.00\n", 96_051, own), 0, "ticks are coarse");
  assert.equal(ageIn("61.20 1.00\n", 50_000, own), null);
  assert.equal(ageIn("nonsense", 50_000, own), null);
});
