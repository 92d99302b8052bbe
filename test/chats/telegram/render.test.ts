/** What is sent for a message; and that the proof server takes it, whatever strangers have written into it. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Message, Piece } from "../../../chats/chat.ts";
import { render } from "../../../chats/telegram/render.ts";
import { acceptKeyboard } from "../../../cli/stage/fake-telegram/keyboard.ts";
import { acceptText } from "../../../cli/stage/fake-telegram/text.ts";
import { HOSTILE } from "../../hostile-text.ts";
import { matchGolden } from "../../store/golden.ts";
import { TOKEN, words } from "./stage.ts";

const at = Date.UTC(2026, 0, 2, 3, 4);
const CARD: Message = {
  lines: [
    {
      pieces: [
        { text: "SHOP-12", as: "bold" },
        { text: " " },
        { text: 'Fix <b>"login"</b> & logout', href: "https://shop.example/12?a=1&b=2" },
      ],
      weight: 9,
    },
    { pieces: [{ text: "ask " }, { text: "since ", as: "quiet" }, { time: at, as: "since" }], weight: 5 },
    { pieces: [{ text: "src/login.ts", as: "code" }, { text: " by @mallory" }], weight: 3 },
    { pieces: [{ text: "one\ntwo\nthree\nfour\nfive" }], weight: 1, isQuote: true },
    { pieces: [{ text: "opens " }, { time: at, as: "at" }], weight: 2 },
  ],
  buttons: [
    [
      { label: "Approve", action: "approve.17", tone: "good" },
      { label: "Reject", action: "reject.17", tone: "bad", asks: "Why?" },
    ],
    [{ label: "Log", action: "log" }],
  ],
};

test("a card in HTML: everything escaped, times that live, a long quotation folded, buttons with their tone", async () => {
  await golden("telegram-card.json", false);
});

test("the same card without markup, where only code is named by its place", async () => {
  await golden("telegram-card-plain.json", true);
});

test("equal messages are equal as they are sent", () => {
  assert.equal(render(CARD, TOKEN, false).body, render(structuredClone(CARD), TOKEN, false).body);
});

test("nothing to say is said with a character, for Telegram takes no empty message", () => {
  for (const isPlain of [false, true])
    assert.equal(
      accepted({ lines: [{ pieces: [{ text: "\u200b" }], weight: 1 }], buttons: [] }, isPlain),
      "…",
    );
});

test("a button that would not come back as it is, is a defect", () => {
  const button = (action: string): Message => ({ lines: [], buttons: [[{ label: "x", action }]] });
  for (const action of ["", "Über", "a b", "x".repeat(41)])
    assert.throws(() => render(button(action), TOKEN, false), /no button can carry/);
  assert.throws(() => render(button("ok"), "short", false), /no button can carry/);
});

async function golden(name: string, isPlain: boolean): Promise<void> {
  await matchGolden(name, `${JSON.stringify(JSON.parse(render(CARD, TOKEN, isPlain).body), null, 2)}\n`);
}

/** Takes a message as the proof server does, and returns what is seen. */
function accepted(message: Message, isPlain: boolean): string {
  const body = JSON.parse(render(message, TOKEN, isPlain).body);
  const { text, entities, oddities } = acceptText(body.text, body.parse_mode, body.entities);
  acceptKeyboard(body.reply_markup);
  assert.deepEqual(oddities, []);
  assert.ok(text.length <= 4_096);
  const calling = entities.filter(({ type }) =>
    /^(mention|hashtag|cashtag|bot_command|url|email|phone_number)$/.test(type),
  );
  assert.deepEqual(
    calling.map(({ offset, length }) => text.slice(offset, offset + length)),
    [],
  );
  return text;
}

const nasty = [
  ...Object.values(HOSTILE),
  "</b></code><a href='tg://user?id=1'>x</a>",
  "&lt;b&gt; &amp;nbsp; &#60;script&#62;",
  "```\nrm -rf /\n```\n".repeat(600),
  "😀".repeat(3_000),
  "👩‍👩‍👧‍👦".repeat(1_200),
  "שלום \u202eevil\u202c عالم ".repeat(400),
  "@all #now /stop $USD x.com ".repeat(500),
  "<".repeat(10_240),
  '"&<>'.repeat(3_000),
  "e\u0301\u0302\u0303".repeat(3_000),
];
const text = fc.oneof(
  fc.constantFrom(...nasty),
  fc.string({ unit: "binary", maxLength: 400 }),
  fc.string({
    unit: fc.constantFrom("@", "#", "/", "$", ".", "a", "Z", "7", " ", "<", "&", "\n", "+", "é"),
    maxLength: 200,
  }),
  fc
    .tuple(fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 400 }))
    .map(([some, times]) => some.repeat(times)),
);
const piece: fc.Arbitrary<Piece> = fc.oneof(
  fc.record({ text, as: fc.constantFrom("bold" as const, "code" as const, "quiet" as const) }),
  fc.record({ text }),
  fc.record({ text, href: fc.oneof(fc.webUrl(), text) }),
  fc.record({ time: fc.double(), as: fc.constantFrom("since" as const, "at" as const) }),
);
const hostile: fc.Arbitrary<Message> = fc.record({
  lines: fc.array(
    fc
      .record({
        pieces: fc.array(piece, { maxLength: 5 }),
        weight: fc.integer({ min: 0, max: 9 }),
        isQuote: fc.boolean(),
      })
      .map(({ isQuote, ...line }) => ({ ...line, ...(isQuote && { isQuote: true as const }) })),
    { maxLength: 15 },
  ),
  buttons: fc.array(
    fc.array(
      fc.record({
        label: text,
        action: fc.string({ unit: fc.constantFrom("a", "9", ".", "_", "-"), minLength: 1, maxLength: 40 }),
      }),
      { maxLength: 12 },
    ),
    { maxLength: 12 },
  ),
});

test("whatever strangers write, the server takes it, and nobody is called by it", () => {
  fc.assert(
    fc.property(hostile, fc.boolean(), (message, isPlain) => void accepted(message, isPlain)),
    { numRuns: 150 },
  );
});

test("each hostile text is taken as a title of its own", () => {
  for (const title of nasty)
    for (const isPlain of [false, true]) accepted(words(title, "queued", title), isPlain);
});
