import assert from "node:assert/strict";
import { test } from "node:test";
import { isSameName } from "../../../workflow/text/same.ts";

test("one name in either case, and with marks of their own, is the same", () => {
  assert.ok(isSameName("Alice", "aLICE"));
  assert.ok(isSameName("J\u00f6rg", "Jo\u0308rg"));
  assert.ok(!isSameName("alice", "alice2"));
  assert.ok(!isSameName("Jorg", "J\u00f6rg"));
});
