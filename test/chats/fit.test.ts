/** Fitting: what gives way first, where a text is cut, and that what fits is left alone. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Line, Message } from "../../chats/chat.ts";
import { fit, textUpTo } from "../../chats/fit.ts";

const line = (text: string, weight: number): Line => ({ pieces: [{ text }], weight });
const message = (...lines: readonly Line[]): Message => ({ lines, buttons: [] });
const textOf = ({ lines }: Message): string =>
  lines.map(({ pieces }) => pieces.map((piece) => ("text" in piece ? piece.text : "T")).join("")).join("\n");
const measure = (some: Message): number => textOf(some).length;

test("what fits is not touched", () => {
  const whole = message(line("a title", 9), line("a detail", 1));
  assert.equal(fit(whole, measure, 100), whole);
});

test("the least important line goes first, and of equals the last", () => {
  const whole = message(line("title", 9), line("one", 1), line("two", 1), line("three", 5));
  assert.equal(textOf(fit(whole, measure, 16)), "title\none\nthree");
});

test("a long line that matters little is cut, as long as enough of it stays to be read", () => {
  const whole = message(line("title", 9), line("x".repeat(500), 1), line("end", 5));
  assert.equal(textOf(fit(whole, measure, 200)), `title\n${"x".repeat(189)}…\nend`);
});

test("one endless line of whatever weight pushes nobody out", () => {
  const whole = message(line("t".repeat(10_000), 9), line("state", 5), line("detail", 1));
  const fitted = textOf(fit(whole, measure, 300));
  assert.match(fitted, /^t{60,}…\nstate\ndetail$/);
});

test("the most important line is never left out", () => {
  const many = Array.from({ length: 30 }, () => line("detail", 1));
  assert.equal(
    textOf(fit(message(...many, line("title", 9)), measure, 16))
      .split("\n")
      .at(-1),
    "title",
  );
});

test("a cut falls between two characters as people count them", () => {
  assert.equal(textUpTo("ab👩‍👩‍👧cd", 5), "ab");
  assert.equal(textUpTo("e\u0301e\u0301", 3), "e\u0301");
  assert.equal(textUpTo("😀😀", 3), "😀");
  assert.equal(textUpTo("abc", 0), "");
});

test("whatever the lines, the result fits, is well formed, and has kept their order", () => {
  const lines = fc.array(
    fc.tuple(fc.string({ unit: "grapheme", maxLength: 300 }), fc.integer({ min: 0, max: 9 })),
    { minLength: 1, maxLength: 20 },
  );
  fc.assert(
    fc.property(lines, fc.integer({ min: 30, max: 500 }), (all, limit) => {
      const fitted = fit(message(...all.map(([text, weight]) => line(text, weight))), measure, limit);
      assert.ok(measure(fitted) <= limit);
      assert.ok(textOf(fitted).isWellFormed());
      const starts = fitted.lines.map(({ pieces }) =>
        "text" in (pieces[0] ?? {}) ? textOf(message({ pieces, weight: 0 })) : "",
      );
      let from = 0;
      for (const start of starts) {
        const found = all.findIndex(
          ([text], at) => at >= from && text.startsWith(start.replace(/…$/, "").trimEnd()),
        );
        assert.ok(found >= from);
        from = found + 1;
      }
    }),
    { numRuns: 300 },
  );
});
