/** Agents as processes of Linux: who lives, how long, and how their end is known. */

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import test from "node:test";
import type { Clock } from "../../../system/clock.ts";
import { systemProcesses } from "../../../system/process/linux.ts";
import { asleep, clock, endOf, isRunning, launches, processes, until } from "./launches.ts";

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

test("L2: the launcher outlives what is meant for the agent, and writes down how that ended", async (t) => {
  const it = launches(t);
  // A shell may miss what comes just before it waits, and sees it when the next nap is over.
  const identity = await it.start(
    `seen=0; trap 'seen=$((seen + 1)); echo "$seen"; [ "$seen" = 5 ] && exit 9' INT TERM HUP
     echo ready; while :; do sleep 0.2 & wait; done`,
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
