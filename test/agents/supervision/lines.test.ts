/** Lines out of bytes. */

import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { carryLength, closeLine, NO_CARRY, splitLines } from "../../../agents/supervision/lines.ts";

test("L1: only LF splits lines, neither CR nor U+2028 nor a form feed", () => {
  const { lines, carry } = splitLines(NO_CARRY, Buffer.from("a\u2028b\rc\fd\n\ne"));
  assert.deepEqual(
    lines.map(({ text }) => text),
    ["a\u2028b\rc\fd", ""],
  );
  assert.equal(closeLine(carry).text, "e");
});

test("L2: characters that straddle chunks are whole, whatever the chunks", () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: "grapheme" })),
      fc.array(fc.nat(7), { minLength: 1 }),
      (texts, sizes) => {
        const bytes = Buffer.from(texts.join("\n"));
        let carry = NO_CARRY;
        const seen: string[] = [];
        for (let at = 0, n = 0; at < bytes.length; n += 1) {
          const size = (sizes[n % sizes.length] ?? 0) + 1;
          const split = splitLines(carry, bytes.subarray(at, at + size));
          carry = split.carry;
          seen.push(...split.lines.map(({ text }) => text));
          at += size;
        }
        assert.equal([...seen, closeLine(carry).text].join("\n"), texts.join("\n"));
      },
    ),
  );
});

test("L3: a line beyond the limit is cut and marked, its memory is bounded, and the next line is whole", () => {
  let carry = NO_CARRY;
  for (let n = 0; n < 1_000; n += 1) {
    carry = splitLines(carry, Buffer.alloc(100, "x"), 256).carry;
    assert.ok(carry.bytes.length <= 256);
  }
  assert.equal(carryLength(carry), 100_000);
  const { lines } = splitLines(carry, Buffer.from("yz\nnext\n"), 256);
  assert.deepEqual(lines, [
    { text: "x".repeat(256), cut: true },
    { text: "next", cut: false },
  ]);
});
