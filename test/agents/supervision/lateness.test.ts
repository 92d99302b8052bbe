/** When a living run is late, and by how much. */

import assert from "node:assert/strict";
import test from "node:test";
import { latenessOf } from "../../../agents/supervision/lateness.ts";

const MINUTE = 60_000;
const IN_TIME = { ranMs: 0, timeoutMs: 45 * MINUTE, silentMs: 0, openTools: 0 };

test("A run is late past its time limit or its patience, which is longer while a tool works, and never before", () => {
  assert.equal(latenessOf({ ...IN_TIME, ranMs: 45 * MINUTE - 1, silentMs: 30 * MINUTE - 1 }), null);
  assert.deepEqual(latenessOf({ ...IN_TIME, ranMs: 46 * MINUTE }), { reason: "timeout", byMs: MINUTE });
  assert.deepEqual(latenessOf({ ...IN_TIME, silentMs: 30 * MINUTE }), { reason: "stalled", byMs: 0 });
  assert.equal(latenessOf({ ...IN_TIME, silentMs: 120 * MINUTE - 1, openTools: 1 }), null);
  assert.deepEqual(latenessOf({ ...IN_TIME, silentMs: 121 * MINUTE, openTools: 2 }), {
    reason: "stalled",
    byMs: MINUTE,
  });
});

test("What is late both ways is late by its time limit", () => {
  const late = latenessOf({ ...IN_TIME, ranMs: 50 * MINUTE, silentMs: 50 * MINUTE });
  assert.deepEqual(late, { reason: "timeout", byMs: 5 * MINUTE });
});
