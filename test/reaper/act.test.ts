/** What the reaper does, and what it leaves alone because the world has moved on. */

import assert from "node:assert/strict";
import test from "node:test";
import { identity, MINUTE, ScriptedHost, SECOND } from "./scripted-host.ts";

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
