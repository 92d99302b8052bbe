/** Spans as the reaper sees them, whatever the calendar and the machine do. */

import assert from "node:assert/strict";
import test from "node:test";
import { MINUTE, ScriptedHost, SECOND } from "./scripted-host.ts";

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

test("A run whose agent begins late, because of its project's set-up, is judged from its agent's beginning", async () => {
  const it = new ScriptedHost();
  it.put({ startedAt: it.now, activeAt: it.now });
  assert.deepEqual(await it.rounds(14 * MINUTE), []);
  it.change("r1", { startedAt: it.now, activeAt: it.now });
  assert.deepEqual(await it.rounds(29 * MINUTE), []);
});
