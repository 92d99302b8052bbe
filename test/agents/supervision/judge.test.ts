/** When a living run has to be stopped. */

import assert from "node:assert/strict";
import test from "node:test";
import { judgeRun } from "../../../agents/supervision/judge.ts";

const MINUTE = 60_000;
const CALM = { idleEvents: 0, bytes: 0, logBytes: 0 };

test("A run is judged by spans alone: time limit, then silence; after its last word it can only linger", () => {
  const run = { ranMs: 0, timeoutMs: 45 * MINUTE, silentMs: 0, openTools: 0, isOver: false, rate: CALM };
  assert.equal(judgeRun(run), "wait");
  assert.deepEqual(judgeRun({ ...run, ranMs: 45 * MINUTE }), { stop: "timeout" });
  assert.deepEqual(judgeRun({ ...run, silentMs: 30 * MINUTE }), { stop: "stalled" });
  assert.equal(judgeRun({ ...run, silentMs: 30 * MINUTE, openTools: 1 }), "wait");
  assert.deepEqual(judgeRun({ ...run, silentMs: 120 * MINUTE, openTools: 1 }), { stop: "stalled" });
  assert.equal(judgeRun({ ...run, silentMs: 29_999, isOver: true }), "wait");
  assert.deepEqual(judgeRun({ ...run, silentMs: 30_000, isOver: true }), { stop: "lingering" });
  assert.deepEqual(judgeRun({ ...run, ranMs: 45 * MINUTE, isOver: true }), { stop: "lingering" });
});
