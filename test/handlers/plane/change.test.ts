/** What the formats of Plane have in common. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { added, stampOf } from "../../../handlers/plane/change.ts";

test("A13: one moment has one stamp, however it is written, and what is no time is kept short", () => {
  assert.equal(stampOf("2026-05-20T09:31:47.902Z"), stampOf("2026-05-20T11:31:47.902000+02:00"));
  assert.notEqual(stampOf("2026-05-20T09:31:47.902Z"), stampOf("2026-05-20T09:31:47.903Z"));
  assert.equal(stampOf("x".repeat(500)), "x".repeat(64));
});

test("what was added is what is there now and was not before", () => {
  assert.deepEqual(added(["a", "b"], ["b", "c"]), ["a"]);
  assert.deepEqual(added([], ["b"]), []);
});
