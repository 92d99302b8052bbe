/** The reaper's rounds on a small machine: look, judge, act, and what it remembers in between. */

import assert from "node:assert/strict";
import test from "node:test";
import { StoreFault } from "../../store/engine/engine.ts";
import { identity, MINUTE, ScriptedHost, SECOND } from "./scripted-host.ts";

const DEAD = { lives: false } as const;

test("A15: a run in hand that lives is looked at for hours, and nothing is done", async () => {
  const it = new ScriptedHost();
  it.put();
  for (let minute = 0; minute < 44; minute += 1) {
    it.change("r1", { activeAt: it.now });
    assert.deepEqual(await it.rounds(MINUTE), []);
  }
});

test("A14: a live run that nobody has in hand is handed to the runner at the second look, and only once", async () => {
  const it = new ScriptedHost();
  it.put({}, { inHand: false, lives: false });
  assert.deepEqual(await it.round(), []);
  assert.deepEqual(await it.rounds(30 * SECOND), ["adopt r1"]);
});

test("A claim that comes into its runner's hands between two looks is nobody's business", async () => {
  const it = new ScriptedHost();
  it.put({ status: "starting", identity: null }, { inHand: false });
  await it.round();
  it.held.add("r1");
  assert.deepEqual(await it.rounds(MINUTE), []);
});

test("A run that comes into hands, or is over, between look and act is left alone", async () => {
  const it = new ScriptedHost();
  it.put({}, { inHand: false, lives: false });
  await it.round();
  it.meanwhile = () => it.held.add("r1");
  assert.deepEqual(await it.rounds(5 * SECOND), []);

  const late = new ScriptedHost();
  late.put({ startedAt: late.now - 60 * MINUTE });
  late.meanwhile = () => {
    late.change("r1", { status: "failed" });
    late.processes = [];
  };
  assert.deepEqual(await late.rounds(MINUTE), []);
});

test("A run that the runner gives back at once is handed to it again after a minute, not at every look", async () => {
  const it = new ScriptedHost();
  it.put({}, { inHand: false, lives: false });
  const history: string[] = [];
  for (let n = 0; n < 24; n += 1) {
    history.push(...(await it.rounds(5 * SECOND)));
    it.held.clear();
  }
  assert.deepEqual(history, ["adopt r1", "adopt r1"]);
});

test("A15, I3: a supervisor that hangs is given its graces; then the run is taken over, and at last concluded", async () => {
  const it = new ScriptedHost();
  it.put({}, DEAD);
  it.exits.set("r1", { code: 0, signal: null, neverRan: false });
  assert.deepEqual(await it.rounds(4 * MINUTE), []);
  assert.deepEqual(await it.rounds(2 * MINUTE), ["exited r1 0"]);
  assert.deepEqual(await it.rounds(53 * MINUTE), []);
  assert.deepEqual(await it.rounds(2 * MINUTE), ["take over r1"]);
  assert.deepEqual(await it.rounds(58 * MINUTE), []);
  assert.deepEqual(await it.rounds(2 * MINUTE), ["conclude r1 lost"]);
  const [outcome] = it.outcomes;
  assert.ok(outcome !== undefined && outcome.status !== "succeeded");
  assert.equal(outcome.failure, "interrupted");
});

test("A15: tier 3, the reason is written down before the first signal; TERM, then KILL and a sweep", async () => {
  const it = new ScriptedHost();
  it.put({ startedAt: it.now - 50 * MINUTE });
  assert.deepEqual(await it.rounds(25 * SECOND), [
    "ask r1 timeout",
    "SIGTERM 4711",
    "ask r1 timeout",
    "SIGKILL 4711",
    "sweep CHARGEHAND_RUN=r1 /worktrees/SHOP-1",
  ]);
});

test("A15: tier 4 believes the log before the row: an agent whose supervisor hangs may be busy", async () => {
  const it = new ScriptedHost();
  it.put({ activeAt: it.now - 31 * MINUTE - 20 * SECOND });
  it.logSilentMs = MINUTE;
  assert.deepEqual(await it.rounds(5 * SECOND), []);
  it.logSilentMs = 40 * MINUTE;
  it.openTools = 1;
  assert.deepEqual(await it.rounds(5 * SECOND), []);
  it.openTools = 0;
  assert.deepEqual(await it.rounds(5 * SECOND), ["ask r1 stalled", "SIGTERM 4711"]);
});

test("A calendar that is set forward by a day makes no run overdue, nor silent", async () => {
  const it = new ScriptedHost();
  it.put();
  await it.round();
  it.now += 24 * 60 * MINUTE;
  assert.deepEqual(await it.rounds(29 * MINUTE), []);
  it.change("r1", { activeAt: it.now });
  it.now += 24 * 60 * MINUTE;
  assert.deepEqual(await it.rounds(15 * MINUTE), []);
});

test("A calendar that was set forward by a day while no daemon was there makes no run overdue, nor silent", async () => {
  const it = new ScriptedHost();
  it.put({ startedAt: it.now - 40 * MINUTE, activeAt: it.now - MINUTE });
  it.now += 24 * 60 * MINUTE;
  it.processAgeMs = 40 * MINUTE;
  assert.deepEqual(await it.rounds(5 * MINUTE), []);
  assert.deepEqual(await it.rounds(2 * MINUTE), [
    "ask r1 timeout",
    "SIGTERM 4711",
    "ask r1 timeout",
    "SIGKILL 4711",
    "sweep CHARGEHAND_RUN=r1 /worktrees/SHOP-1",
  ]);
});

test("A daemon that was frozen for hours gives its supervisors their grace before it acts in their place", async () => {
  const it = new ScriptedHost();
  it.put();
  await it.round();
  it.pass(180 * MINUTE);
  assert.deepEqual(await it.rounds(29 * MINUTE), []);
  assert.deepEqual((await it.rounds(3 * MINUTE)).slice(0, 2), ["ask r1 stalled", "SIGTERM 4711"]);
});

test("A15, I5: tier 6, a stray of a finished run is killed at the second look; those of others never", async () => {
  const it = new ScriptedHost();
  it.put({ id: "over", status: "failed", identity: identity(20) });
  it.put({ id: "live", identity: identity(21) });
  it.processes.push({ identity: identity(22), run: "over" }, { identity: identity(23), run: "unknown" });
  it.processes.push({ identity: identity(24), run: null });
  assert.deepEqual(await it.round(), []);
  assert.deepEqual(await it.rounds(MINUTE), ["SIGKILL 20", "SIGKILL 22"]);
  assert.deepEqual(
    it.processes.map((one) => one.identity.pid),
    [21, 23, 24],
  );
});

test("I5: a pid that has passed to somebody else begins its streak anew, and is safe between look and act", async () => {
  const it = new ScriptedHost();
  it.put({ id: "over", status: "failed", identity: identity(20) });
  await it.round();
  it.processes = [{ identity: identity(20, 999), run: "over" }];
  assert.deepEqual(await it.rounds(5 * SECOND), []);
  it.meanwhile = () => {
    it.processes = [{ identity: identity(20, 5_000), run: null }];
  };
  assert.deepEqual(await it.rounds(5 * SECOND), []);
  assert.equal(it.processes.length, 1);
});

test("One bad row does not stop the others, and is tried again", async () => {
  const it = new ScriptedHost();
  it.put({ id: "bad" }, { inHand: false, lives: false });
  it.put({ id: "good", task: "SHOP-2", identity: identity(5) }, { inHand: false, lives: false });
  it.damaged.add("bad");
  await it.round();
  assert.deepEqual(await it.rounds(5 * SECOND), ["adopt good"]);
  assert.ok(it.lines.some((line) => line.event === "reaper.faulted" && line.run === "bad"));
  it.damaged.clear();
  assert.deepEqual(await it.rounds(5 * SECOND), ["adopt bad"]);
});

test("A row that cannot even be looked at is logged, and the next one is looked at", async () => {
  const it = new ScriptedHost();
  it.put({ id: "bad", task: "SHOP-1", startedAt: it.now - 60 * MINUTE });
  it.put({ id: "good", task: "SHOP-2", startedAt: it.now - 60 * MINUTE, identity: identity(5) });
  const isAlive = it.ports.processes.isAlive;
  const broken = {
    ...it.ports.processes,
    isAlive: (one: Parameters<typeof isAlive>[0]) => {
      if (one.pid === 4_711) throw new Error("no /proc today");
      return isAlive(one);
    },
  };
  Object.assign(it.ports, { processes: broken });
  assert.deepEqual(await it.rounds(5 * SECOND), ["ask good timeout", "SIGTERM 5"]);
  assert.ok(it.lines.some((line) => line.event === "reaper.faulted" && line.run === "bad"));
});

test("A database that does not answer costs a round, and no grace", async () => {
  const it = new ScriptedHost();
  it.put({}, { inHand: false, lives: false });
  await it.round();
  const { live } = it.ports.runs;
  const fault = (): Promise<never> => Promise.reject(new StoreFault("busy", "busy", "wait"));
  Object.assign(it.ports.runs, { live: fault });
  assert.deepEqual(await it.rounds(10 * SECOND), []);
  Object.assign(it.ports.runs, { live });
  assert.deepEqual(await it.rounds(5 * SECOND), ["adopt r1"]);
});

test("A row of another daemon's run is asked for once, not at every look", async () => {
  const it = new ScriptedHost();
  it.put();
  it.processes.push({ identity: identity(23), run: "unknown" });
  let asked = 0;
  it.meanwhile = () => {
    asked += 1;
  };
  await it.rounds(MINUTE);
  assert.equal(asked, 1);
});

test("Nothing is looked through while nothing has run since the last two looks", async () => {
  const it = new ScriptedHost();
  await it.rounds(MINUTE);
  assert.equal(it.tables, 2);
  it.put();
  await it.rounds(10 * SECOND);
  assert.equal(it.tables, 4);
  it.change("r1", { status: "failed" });
  assert.deepEqual(await it.rounds(20 * SECOND), ["SIGKILL 4711"]);
  assert.equal(it.tables, 8, "two looks at the stray, and two at nothing");
  await it.rounds(MINUTE);
  assert.equal(it.tables, 8);
});

test("A run of an earlier boot goes to the runner at the first look", async () => {
  const it = new ScriptedHost("22222222-2222-4222-8222-222222222222");
  it.put({}, { inHand: false });
  assert.deepEqual(await it.round(), ["adopt r1"]);
});
