/** Figures for people, and text from outside made safe to show. */

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  ago,
  count,
  counted,
  dollars,
  plain,
  plainLines,
  span,
  took,
  totals,
  why,
} from "../../cli/phrases.ts";

const NOW = Date.parse("2026-11-28T12:00:00Z");

test("a moment is told by how long ago it was, and one to come by how long it takes", () => {
  assert.equal(ago("2026-11-28T11:57:00Z", NOW), "3m ago");
  assert.equal(ago("2026-11-28T14:00:00Z", NOW), "in 2h");
  assert.equal(ago("2026-11-28T11:59:59.500Z", NOW), "just now");
  for (const never of [null, undefined, "", "soon"]) assert.equal(ago(never, NOW), "–");
});

test("what is not over yet has taken until now, and a clock set back makes nothing negative", () => {
  assert.equal(took("2026-11-28T11:59:15Z", null, NOW), "45s");
  assert.equal(took("2026-11-28T10:00:00Z", "2026-11-28T11:00:00Z", NOW), "1h");
  assert.equal(took("2026-11-28T12:00:05Z", null, NOW), span(0));
  assert.equal(took(null, null, NOW), "–");
});

test("one is singular, and none and several are plural", () => {
  const told = [0, 1, 2].map((number) => counted(number, "delivery", "deliveries"));
  assert.deepEqual(told, ["0 deliveries", "1 delivery", "2 deliveries"]);
});

test("a count of tokens is short, and never rounds to a thousand thousands", () => {
  assert.deepEqual([950, 12_345, 999_949, 999_950].map(count), ["950", "12.3k", "999.9k", "1.0M"]);
});

test("money is as exact as it was counted, so that parts add up to their sum", () => {
  assert.equal(dollars(0.001687), "$0.001687");
  assert.equal(dollars(5), "$5.00");
  assert.equal(dollars(null, "unpriced"), "unpriced");
  assert.equal(dollars(null), "unknown");
});

test("counts name what there is, and only that", () => {
  assert.equal(totals({ active: 2, failed: 0, done: 14 }), "2 active, 14 done");
  assert.equal(totals({ active: 0 }), "none");
});

test("a reason and its remedy stand in one cell, also of a daemon that has no remedies", () => {
  assert.match(why("the budget is used up", "raise it"), /^the budget is used up\W+raise it$/);
  assert.equal(why("the budget is used up", undefined), "the budget is used up");
  assert.equal(why(null, null), "");
});

test("I13: text from outside has nothing that a terminal obeys or that turns text around", () => {
  const outside = "a\u001b[31mb\u202ec\u0007d\u2028e\r\nf";
  assert.equal(plain(outside), "a [31mb c d e f");
  assert.equal(plainLines("one\u001b[2J \ntwo\u202e"), "one [2J\ntwo");
});
