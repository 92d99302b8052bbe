/** Messages as plain text. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { cutBytes, firstAddress, plainFit, plainLine } from "../../chats/plain.ts";
import { anyMessage, says } from "./said.ts";

const LINE = {
  pieces: [
    { text: "SHOP-12\n", href: "https://shop.example/12" },
    { text: " since " },
    { time: 1_700_000_000_000, as: "since" as const },
  ],
  weight: 1,
};

test("a line is what people see of it, with its addresses where they are wanted", () => {
  assert.equal(plainLine(LINE, true), "SHOP-12 <https://shop.example/12> since 2023-11-14 22:13 UTC");
  assert.equal(plainLine(LINE, false), "SHOP-12 since 2023-11-14 22:13 UTC");
  assert.equal(plainLine({ ...LINE, pieces: [{ text: "a\u202e\u200bb" }], isQuote: true }, false), "> ab");
});

test("a click leads to the first address of the web, and nowhere else", () => {
  assert.equal(firstAddress({ lines: [LINE], buttons: [] }), "https://shop.example/12");
  const other = { ...LINE, pieces: [{ text: "x", href: "javascript:alert(1)" }] };
  assert.equal(firstAddress({ lines: [other], buttons: [] }), null);
  assert.equal(firstAddress({ lines: [other, LINE], buttons: [] }), "https://shop.example/12");
});

test("what weighs least goes first, and a long line leaves room for others", () => {
  assert.equal(plainFit(says("first", "second", "third").lines, 14, false), "first\nsecond");
  assert.equal(plainFit(says("x".repeat(100), "y").lines, 20, false), `${"x".repeat(7)}…\ny`);
});

test("whatever is said fits, in whole characters", () => {
  fc.assert(
    fc.property(anyMessage(), fc.integer({ min: 20, max: 4_096 }), ({ lines }, bytes) => {
      const text = plainFit(lines, bytes, true);
      assert.ok(Buffer.byteLength(text) <= bytes);
      assert.ok(text.isWellFormed());
    }),
  );
  assert.equal(cutBytes("aéé", 5), "aéé");
  assert.equal(cutBytes("aééé", 6), "aé…");
});
