/** I13: nothing that people do not see gets through, and what they see arrives as it was written. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { settled, visibleLine, visibleText } from "../../../workflow/text/visible.ts";

test("I13: control, format, bidirectional, tag, private, unassigned and lone characters go", () => {
  const hidden = [
    ...[
      "\u0000",
      "\u0007",
      "\u001b",
      "\u007f",
      "\u009f",
      "\u00ad",
      "\u034f",
      "\u061c",
      "\u115f",
      "\u3164",
      "\uffa0",
    ],
    ...[
      "\u180e",
      "\u200b",
      "\u200e",
      "\u200f",
      "\u202a",
      "\u202e",
      "\u2060",
      "\u2066",
      "\u2069",
      "\ufeff",
      "\ufff9",
    ],
    ...[
      "\u{e0001}",
      "\u{e0041}",
      "\u{e007f}",
      "\ufe00",
      "\ufe0e",
      "\ufe0f",
      "\u{e0100}",
      "\u{e01ef}",
      "\ue000",
    ],
    ...[
      "\u{f0000}",
      "\u{10ffff}",
      "\uffff",
      "\u0378",
      "\ud800",
      "\udc00",
      "\ufffc",
      "\u{1d173}",
      "\u{1bca0}",
    ],
    ...["\u200c", "\u200d"],
  ];
  for (const character of hidden)
    assert.equal(visibleText(`a${character}b`), "ab", `U+${character.codePointAt(0)?.toString(16)}`);
});

test("line breaks of all kinds are one, and blanks of all widths are a space", () => {
  assert.equal(visibleText("a\r\nb\rc\u2028d\u2029e\u0085f\u000bg"), "a\nb\nc\nd\ne\nf\ng");
  assert.equal(visibleText("a\u00a0b\u2003c\u3000d\u2800e\tf"), "a b c d e\tf");
  assert.equal(visibleLine(" a\n\n\tb\u2028 "), "a b");
});

test("invisible characters with a meaning stay where they have it, one at a time", () => {
  const kept = [
    "می\u200cخواهم",
    "क्\u200dष",
    "ශ්\u200dරී",
    "👩\u200d💻",
    "👩🏽\u200d🚀",
    "❤\ufe0f",
    "⚠\ufe0f x",
    "1\ufe0f\u20e3",
    "🏳\ufe0f\u200d🌈",
  ];
  for (const text of kept) assert.equal(visibleText(text), text.normalize("NFC"));
  assert.equal(visibleText("می\u200c\u200cخواهم"), "میخواهم");
  assert.equal(visibleText("user\u200dname \u200d👩"), "username 👩");
  assert.equal(visibleText("😀\ufe0f ❤\ufe0f\ufe0f\ufe0e\ufe01 a\ufe0f"), "😀 ❤\ufe0f a");
});

test("a mark stands on something, and not on a pile of others", () => {
  assert.equal(visibleText("\u0301a \u0301b\n\u0301c"), "a b\nc");
  assert.equal(visibleText(`q${"\u0323".repeat(200)}`), `q${"\u0323".repeat(8)}`);
  for (const text of ["Größe", "Tiếng Việt", "שָׁלוֹם", "हिन्दी", "ไทย", "བོད་ཡིག", "မြန်မာ", "한국어", "日本語"])
    assert.equal(visibleText(text), text.normalize("NFC"));
});

test("I13: what was cleaned stays as it is, whatever it was, and is stable under NFC", () => {
  const strange = fc.constantFrom(
    ...[
      "a",
      "é",
      "e",
      "\u0301",
      "\u0323",
      "\u200d",
      "\u200c",
      "\ufe0f",
      "👩",
      "❤",
      "ب",
      "क",
      "्",
      "\u20e3",
      "1",
    ],
    ...[
      " ",
      "\n",
      "\t",
      "\u2028",
      "\u202e",
      "\ud83d",
      "\udc69",
      "\u1100",
      "\u1161",
      "\u11a8",
      "\u212b",
      "\u0958",
    ],
  );
  const text = fc.oneof(
    fc.array(strange, { maxLength: 40 }).map((parts) => parts.join("")),
    fc.string({ unit: "binary" }),
  );
  fc.assert(
    fc.property(text, (raw) => {
      const seen = visibleText(raw);
      assert.equal(visibleText(seen), seen);
      assert.equal(seen.normalize("NFC"), seen);
      assert.ok(seen.isWellFormed());
      assert.doesNotMatch(
        seen,
        /[\p{Cc}--[\n\t]]|[\p{Cf}--[\u200c\u200d]]|\p{Co}|\p{Cn}|\p{Cs}|[\p{Z}--[ ]]/v,
      );
    }),
    { numRuns: 3_000, seed: 5 },
  );
});

test("a step is repeated until it changes nothing", () => {
  assert.equal(
    settled("((()))x", (now) => now.replace("()", "")),
    "x",
  );
});
