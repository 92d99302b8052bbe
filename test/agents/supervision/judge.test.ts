/** When a living run has to be stopped. */

import assert from "node:assert/strict";
import test from "node:test";
import { judgeRun } from "../../../agents/supervision/judge.ts";
import {
  FLOOD_BYTES_MAX,
  LOOP_EVENTS_MAX,
  REPEATS_IN_ROW_MAX,
  REPEATS_MAX,
  REPEATS_PACE_MIN,
} from "../../../workflow/limits.ts";

const MINUTE = 60_000;
const CALM = { idleEvents: 0, calls: 0, repeats: 0, bytes: 0, logBytes: 0 };
const BEGUN = { ranMs: 0, timeoutMs: 45 * MINUTE, silentMs: 0, openTools: 0, isOver: false, repeatsInRow: 0 };

test("A run is judged by spans alone: time limit, then silence; after its last word it can only linger", () => {
  const run = { ...BEGUN, rate: CALM };
  assert.equal(judgeRun(run), "wait");
  assert.deepEqual(judgeRun({ ...run, ranMs: 45 * MINUTE }), { stop: "timeout" });
  assert.deepEqual(judgeRun({ ...run, silentMs: 30 * MINUTE }), { stop: "stalled" });
  assert.equal(judgeRun({ ...run, silentMs: 30 * MINUTE, openTools: 1 }), "wait");
  assert.deepEqual(judgeRun({ ...run, silentMs: 120 * MINUTE, openTools: 1 }), { stop: "stalled" });
  assert.equal(judgeRun({ ...run, silentMs: 29_999, isOver: true }), "wait");
  assert.deepEqual(judgeRun({ ...run, silentMs: 30_000, isOver: true }), { stop: "lingering" });
  assert.deepEqual(judgeRun({ ...run, ranMs: 45 * MINUTE, isOver: true }), { stop: "lingering" });
});

test("The order of judgements: time limit first, then circles and floods, then silence", () => {
  const run = { ...BEGUN, timeoutMs: 60_000 };
  const none = CALM;
  const circles = { ...none, idleEvents: LOOP_EVENTS_MAX };
  assert.deepEqual(judgeRun({ ...run, rate: circles }), { stop: "runaway" });
  assert.equal(judgeRun({ ...run, rate: { ...circles, idleEvents: LOOP_EVENTS_MAX - 1 } }), "wait");
  assert.deepEqual(judgeRun({ ...run, ranMs: 60_000, rate: circles }), { stop: "timeout" });
  assert.equal(judgeRun({ ...run, isOver: true, rate: circles }), "wait");
  const flood = { ...none, bytes: FLOOD_BYTES_MAX };
  assert.deepEqual(judgeRun({ ...run, rate: flood }), { stop: "runaway" });
  assert.deepEqual(judgeRun({ ...run, isOver: true, rate: flood }), { stop: "lingering" });
});

test("Repeated calls are a circle if they are many in a minute and nearly all, or without end and not slow", () => {
  const judge = (calls: number, repeats: number, repeatsInRow: number): unknown =>
    judgeRun({ ...BEGUN, rate: { ...CALM, calls, repeats }, repeatsInRow });
  const runaway = { stop: "runaway" };
  assert.deepEqual(judge(REPEATS_MAX, REPEATS_MAX, REPEATS_MAX), runaway);
  assert.equal(judge(REPEATS_MAX - 1, REPEATS_MAX - 1, REPEATS_MAX - 1), "wait");
  assert.deepEqual(judge(100, 90, 0), runaway);
  assert.equal(judge(100, 89, 0), "wait");
  assert.deepEqual(judge(REPEATS_PACE_MIN, REPEATS_PACE_MIN, REPEATS_IN_ROW_MAX), runaway);
  assert.equal(judge(REPEATS_PACE_MIN, REPEATS_PACE_MIN, REPEATS_IN_ROW_MAX - 1), "wait");
  assert.equal(judge(1, 1, 10_000), "wait");
});
