/** I13: text from outside on its way in. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { bodyText, nameText, titleText, webAddress } from "../../handlers/outside-text.ts";
import { BODY_CHARS_MAX, TITLE_CHARS_MAX } from "../../workflow/limits.ts";

test("I13: a title is one line within its limit, and never empty", () => {
  assert.equal(titleText(" Login\r\nfails\u2028now\u001b[31m "), "Login fails now [31m");
  const long = titleText("x".repeat(TITLE_CHARS_MAX + 1));
  assert.ok(long.length === TITLE_CHARS_MAX && long.endsWith("x…"));
  assert.equal(titleText("x".repeat(TITLE_CHARS_MAX)).endsWith("…"), false);
  assert.equal(titleText("\u0000\n"), "(no title)");
});

test("I13: a body keeps its lines, loses NUL, and says that it was cut", () => {
  assert.equal(bodyText("one\n\ttwo\u0000"), "one\n\ttwo");
  const long = bodyText("x".repeat(BODY_CHARS_MAX + 1));
  assert.equal(long.length, BODY_CHARS_MAX);
  assert.match(long, /x\n\n\[cut here: the text is longer\]$/);
});

test("I13: a cut through the middle of a character leaves no half of it", () => {
  for (const text of [titleText, bodyText, nameText])
    for (const shift of ["", "x"]) assert.ok(text(shift + "😀".repeat(BODY_CHARS_MAX)).isWellFormed());
});

test("I13: a name is short and on one line", () => {
  assert.equal(nameText("a\nb"), "a b");
  assert.equal(nameText("x".repeat(500)), `${"x".repeat(79)}…`);
});

test("I13: only a web address is an address", () => {
  assert.equal(webAddress("https://github.com/acme/shop/issues/1"), "https://github.com/acme/shop/issues/1");
  for (const text of [
    "javascript:alert(1)",
    "ftp://x",
    "https://a b",
    "x https://a",
    "https://a\u001b",
    "https://",
  ])
    assert.equal(webAddress(text), null, text);
});
