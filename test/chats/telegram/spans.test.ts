/** Words of strangers that Telegram would make links of stand as code. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Piece } from "../../../chats/chat.ts";
import { blocksOf } from "../../../chats/telegram/spans.ts";

const looks = (piece: Piece): readonly string[] =>
  blocksOf({ lines: [{ pieces: [piece], weight: 1 }], buttons: [] }).flatMap(({ lines }) =>
    lines.flat().map(({ look, text }) => `${look}:${text}`),
  );

test("commands, names, hashtags, addresses and long numbers become code, and the words around them stay", () => {
  assert.deepEqual(looks({ text: "ask @ada now" }), ["plain:ask ", "code:@ada", "plain: now"]);
  assert.deepEqual(looks({ text: "/start", as: "bold" }), ["code:/start"]);
  for (const text of [
    "#12ab",
    "$USD",
    "evil.example",
    "https://x",
    "a@b.co",
    "+491701234567",
    "4111111111111111",
  ])
    assert.deepEqual(looks({ text }), [`code:${text}`]);
});

test("pieces that call somebody only together are taken together", () => {
  const [block] = blocksOf({
    lines: [{ pieces: [{ text: "by @" }, { text: "ada", as: "bold" }, { text: " or so" }], weight: 1 }],
    buttons: [],
  });
  assert.deepEqual(
    block?.lines[0]?.map(({ look, text }) => `${look}:${text}`),
    ["plain:by ", "code:@", "code:ada", "plain: or so"],
  );
});

test("plain words, fractions and amounts stay as they are", () => {
  for (const text of ["Fix the login", "2/3 phases", "$1.20 of $5", "12:45", "a & b < c", "v1.2"])
    assert.deepEqual(looks({ text }), [`plain:${text}`]);
});

test("a text with many of them becomes code as a whole, so that their number stays small", () => {
  assert.deepEqual(looks({ text: "@a1 @b2 @c3 @d4 @e5" }), ["code:@a1 @b2 @c3 @d4 @e5"]);
});

test("an instant is told by the chat's own clock, with a fallback that says the same for ever", () => {
  const [block] = blocksOf({
    lines: [{ pieces: [{ time: Date.UTC(2026, 0, 2, 3, 4, 5), as: "since" }], weight: 1 }],
    buttons: [],
  });
  assert.deepEqual(block?.lines[0], [
    { text: "2026-01-02 03:04 UTC", look: "time", time: { unix: 1_767_323_045, format: "r" } },
  ]);
  for (const time of [Number.NaN, -1, 1e300])
    assert.deepEqual(looks({ time, as: "at" }), ["plain:an unknown time"]);
});

test("quoted lines in a row are one quotation", () => {
  const line = (text: string, isQuote: boolean) => ({
    ...{ pieces: [{ text }], weight: 1 },
    ...(isQuote && { isQuote: true as const }),
  });
  const blocks = blocksOf({
    lines: [line("a", false), line("b", true), line("c", true), line("d", false)],
    buttons: [],
  });
  assert.deepEqual(
    blocks.map(({ isQuote, lines }) => [isQuote, lines.length]),
    [
      [false, 1],
      [true, 2],
      [false, 1],
    ],
  );
});
