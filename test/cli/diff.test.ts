/** The difference of two texts by lines. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { diffLines } from "../../cli/diff.ts";

test("what is gone has a minus, what is new a plus, and the rest stands where it stood", () => {
  assert.deepEqual(diffLines("a\nb\nc", "a\nc\nd"), ["  a", "- b", "  c", "+ d"]);
  assert.deepEqual(diffLines("", "a"), ["- ", "+ a"]);
  assert.deepEqual(diffLines("a\nb", "a\nb"), ["  a", "  b"]);
});

test("both texts can be read from it, whatever they are", () => {
  const text = fc.array(fc.constantFrom("a", "b", "- a", "+ b", "", "  c"), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(text, text, (before, after) => {
      const lines = diffLines(before.join("\n"), after.join("\n")) ?? assert.fail();
      const side = (sign: string): readonly string[] =>
        lines.filter((line) => !line.startsWith(sign)).map((line) => line.slice(2));
      assert.deepEqual([side("+ "), side("- ")], [before, after]);
    }),
    { numRuns: 300 },
  );
});

test("texts of very many lines are not compared, so that nobody waits", () => {
  const long = "x\n".repeat(2_000);
  assert.equal(diffLines(long, "x"), null);
  assert.equal(diffLines("x", long), null);
});
