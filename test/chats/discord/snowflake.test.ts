/** Ids of Discord hold the time at which they were made. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { snowflakeAt, timeOf } from "../../../chats/discord/snowflake.ts";

test("the documented example is of its time", () => {
  assert.equal(timeOf("175928847299117063"), 1_462_015_105_796);
});

test("the first id of a time is of that time, and the one before it is not", () => {
  const id = snowflakeAt(1_700_000_000_123);
  assert.equal(timeOf(id), 1_700_000_000_123);
  assert.equal(timeOf(String(BigInt(id) - 1n)), 1_700_000_000_122);
});

test("a time before the first id is that of the first", () => {
  assert.equal(snowflakeAt(0), "0");
});
