/** What a stranger has written, within a sentence: on one line, short, and with nothing unseen in it. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { listed, quoted, shown, visible } from "../../../system/schema/shown.ts";

test("I13: control characters, directions, halves of characters and odd blanks are spelled out", () => {
  assert.equal(visible("a\u001b[31mb"), "a\\u{1b}[31mb");
  assert.equal(visible("a\u202eb\u2066c"), "a\\u{202e}b\\u{2066}c");
  assert.equal(visible("a\nb\u2028c\u00a0d e"), "a\\u{a}b\\u{2028}c\\u{a0}d e");
  assert.equal(visible("\ud83d|\u200b|\u{e0041}|\ufe0f"), "\\u{d83d}|\\u{200b}|\\u{e0041}|\\u{fe0f}");
  assert.equal(visible("Größe 👍 日本 `x` {{ y }}"), "Größe 👍 日本 `x` {{ y }}");
});

test("a text is cut, whatever it becomes by being spelled out, and never within a character", () => {
  assert.equal(visible("x".repeat(81)), `${"x".repeat(80)}…`);
  assert.equal(visible("x".repeat(80)), "x".repeat(80));
  assert.equal(visible("x".repeat(1_000_000)).length, 81);
  assert.ok(visible("\u202e".repeat(500)).length <= 81);
  assert.equal(visible(`${"x".repeat(79)}👍`), `${"x".repeat(79)}…`);
});

test("values are shown as JSON has them, and those with parts in words", () => {
  assert.equal(shown('a "b" \\ c'), '"a \\"b\\" \\\\ c"');
  assert.equal(shown(12.5), "12.5");
  assert.equal(shown(null), "null");
  assert.equal(shown([1, 2]), "a list of 2");
  assert.equal(shown({ a: 1 }), "an object of 1");
  assert.equal(quoted("x\n"), '"x\\n"');
});

test("of many values some are listed and the others counted", () => {
  assert.equal(listed(["a", 1]), '"a", 1');
  assert.match(listed(Array.from({ length: 25 }, (_, at) => at)), /, 19 and 5 more$/);
});
