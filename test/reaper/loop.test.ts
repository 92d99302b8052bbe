/** The reaper's rounds on a small machine: look, judge, act, again and again. */

import assert from "node:assert/strict";
import test from "node:test";
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

test("A run of an earlier boot goes to the runner at the first look", async () => {
  const it = new ScriptedHost("22222222-2222-4222-8222-222222222222");
  it.put({}, { inHand: false });
  assert.deepEqual(await it.round(), ["adopt r1"]);
});
