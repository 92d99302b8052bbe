/** What is answered, made ready for a chat. */

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  forChat,
  messageOf,
  refused,
  SHORT_CHARS_MAX,
  shortened,
  told,
  words,
} from "../../../handlers/chat/told.ts";
import { createRedactor } from "../../../system/redactor.ts";

const SECRET = "hunter2-Zq9xw7-and-more";
const { redact } = createRedactor([SECRET, "first line\nsecond line"]);

test("I12: a secret is taken out before anything is cut, wherever the cut would be", () => {
  for (let before = 0; before < 340; before++) {
    const text = `${"x".repeat(before)} ${SECRET} ${"y".repeat(200)}`;
    const { message, short } = refused(text, null);
    const shown = JSON.stringify([forChat(message, redact), shortened(short, redact)]);
    assert.doesNotMatch(shown, /hunter2/, String(before));
  }
});

test("a piece is one line of so many characters, and a secret of several lines is found before they become one", () => {
  const { message, short } = told(
    [{ pieces: [words("a first line\nsecond line b"), words("c\nd")], weight: 1 }],
    null,
  );
  const [one] = forChat(message, redact).lines;
  assert.deepEqual(one?.pieces, [{ text: "a [secret] b" }, { text: "c d" }]);
  assert.equal(shortened(short, redact), "a [secret] bc d");
  const long = messageOf([{ pieces: [words("z".repeat(1_000))], weight: 1 }]);
  const [piece] = forChat(long, redact).lines[0]?.pieces ?? [];
  assert.ok(piece !== undefined && "text" in piece && piece.text.length === 300 && piece.text.endsWith("…"));
  assert.equal(shortened("z".repeat(1_000), redact).length, SHORT_CHARS_MAX);
});

test("an address is not shortened, as it would lead elsewhere", () => {
  const href = `https://forge.example/${"p".repeat(400)}`;
  const message = messageOf([{ pieces: [{ text: "t", href }], weight: 1 }]);
  assert.deepEqual(forChat(message, redact).lines[0]?.pieces, [{ text: "t", href }]);
});
