/** What of a message is shown: visible text, lines that are lines, links that lead into the web. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { asSeen } from "../../chats/seen.ts";

const only = (text: string, isQuote = false): string => {
  const { lines } = asSeen({
    lines: [{ pieces: [{ text }], weight: 1, ...(isQuote && { isQuote: true }) }],
    buttons: [],
  });
  const [piece] = lines[0]?.pieces ?? [];
  return piece !== undefined && "text" in piece ? piece.text : "";
};

test("nothing unseen is shown: no turning of lines, no halves of characters, no control characters", () => {
  assert.equal(only("a\u202eb\u200b\u0007c\ud800d"), "abcd");
});

test("a text makes no line of its own, but where it is quoted", () => {
  assert.equal(only("title\n✅ approved by Ada"), "title ✅ approved by Ada");
  assert.equal(only("one\ntwo\n\n\n\nthree", true), "one\ntwo\n\nthree");
});

test("what is endless is read as far as a chat could show it", () => {
  assert.ok(only("x".repeat(1_000_000)).length <= 8_000);
  const { lines } = asSeen({
    lines: Array.from({ length: 5_000 }, () => ({ pieces: [{ text: "x" }], weight: 1 })),
    buttons: [],
  });
  assert.equal(lines.length, 200);
});

test("a link leads into the web, or is text", () => {
  const hrefs = [
    "https://a.example/x",
    "tg://user?id=1",
    "javascript:alert(1)",
    `https://a.example/${"x".repeat(3_000)}`,
    'https://a.example/" x',
  ];
  const { lines } = asSeen({
    lines: [{ pieces: hrefs.map((href) => ({ text: "x", href })), weight: 1 }],
    buttons: [],
  });
  assert.deepEqual(
    lines[0]?.pieces.map((piece) => "href" in piece),
    [true, false, false, false, false],
  );
});

test("a line without anything to see goes, one that was empty stays as a space", () => {
  const { lines } = asSeen({
    lines: [
      { pieces: [{ text: "\u200b" }], weight: 1 },
      { pieces: [], weight: 1 },
    ],
    buttons: [[{ label: "\u200b", action: "approve.1" }], []],
  });
  assert.equal(lines.length, 1);
});

test("a button says something in any case", () => {
  const { buttons } = asSeen({ lines: [], buttons: [[{ label: "\u200b", action: "approve.1" }], []] });
  assert.deepEqual(buttons, [[{ label: "approve.1", action: "approve.1" }]]);
});
