/** How old a run is, and for how long it has been silent, whatever was done to the calendar. */

import assert from "node:assert/strict";
import test from "node:test";
import { spansOf } from "../../../agents/supervision/spans.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const NOON = 1_795_262_400_000;

/** A run that began 40 minutes ago and spoke 5 minutes ago, by a calendar that was set by `jump` since. */
function spans(jump: number, processAgeMs: number | null): readonly [number, number] {
  const [startedAt, activeAt] = [NOON - 40 * MINUTE, NOON - 5 * MINUTE];
  const { ranMs, silentMs } = spansOf({ now: NOON + jump, startedAt, activeAt, processAgeMs });
  return [ranMs / MINUTE, silentMs / MINUTE];
}

test("With a calendar that nobody set the kernel and the rows say the same", () => {
  assert.deepEqual(spans(0, 40 * MINUTE), [40, 5]);
  assert.deepEqual(spans(0, null), [40, 5]);
});

test("A calendar that was set forward makes a run neither older nor more silent", () => {
  assert.deepEqual(spans(DAY, 40 * MINUTE), [40, 5]);
});

test("A calendar that was set forward before the last output makes no run silent", () => {
  const [startedAt, activeAt] = [NOON, NOON + DAY + 35 * MINUTE];
  const known = { now: NOON + DAY + 40 * MINUTE, startedAt, activeAt, processAgeMs: 40 * MINUTE };
  assert.deepEqual(spansOf(known), { ranMs: 40 * MINUTE, silentMs: 0 });
});

test("A calendar that was set back makes nothing negative, and a process that waited at its gate is no older run", () => {
  assert.deepEqual(spans(-DAY, 40 * MINUTE), [0, 0]);
  assert.deepEqual(spans(-DAY, null), [0, 0]);
  assert.deepEqual(spans(0, 90 * MINUTE), [40, 5]);
});

test("Where the kernel cannot tell, the calendar is believed", () => {
  assert.deepEqual(spans(DAY, null), [1_480, 1_445]);
});
