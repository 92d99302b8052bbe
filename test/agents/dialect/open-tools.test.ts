/** The tool calls that are under way. */

import assert from "node:assert/strict";
import test from "node:test";
import { beginTools, endTools, type OpenTools } from "../../../agents/dialect/open-tools.ts";

test("A call that is begun twice is one, the newest stand last, and an end that nobody began ends nothing", () => {
  const open = beginTools(beginTools([], "a", "b"), "a");
  assert.deepEqual(open, ["b", "a"]);
  assert.deepEqual(endTools(open, "c"), ["b", "a"]);
  assert.deepEqual(endTools(open, "a", "b"), []);
});

test("However many calls begin and never end, 64 are kept: a transcript stays small", () => {
  let open: OpenTools = [];
  for (let call = 0; call < 1_000; call += 1) open = beginTools(open, `call ${call}`);
  assert.equal(open.length, 64);
  assert.equal(open.at(-1), "call 999");
});
