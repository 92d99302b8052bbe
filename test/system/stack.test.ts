/** What the log is told of an error. */

import assert from "node:assert/strict";
import test from "node:test";
import { stackOf } from "../../system/stack.ts";

test("An error is told with its stack, without one by its message, and whatever else was thrown as text", () => {
  const error = new Error("no room");
  assert.match(stackOf(error), /^Error: no room\n\s+at /);
  Reflect.deleteProperty(error, "stack");
  assert.equal(stackOf(error), "no room");
  assert.equal(stackOf("thrown"), "thrown");
  assert.equal(stackOf(undefined), "undefined");
});
