/** Messages that tests of chats say: plain ones, and any at all. */

import fc from "fast-check";
import type { Line, Message } from "../../chats/chat.ts";
import { HOSTILE } from "../hostile-text.ts";

/** A message of these lines, the first of which weighs most. */
export function says(...texts: readonly string[]): Message {
  const lines = texts.map((text, index): Line => ({ pieces: [{ text }], weight: texts.length - index }));
  return { lines, buttons: [] };
}

/** Of some scripts and kinds; fast-check's own table of graphemes takes seconds to build. */
const CHARACTERS = [
  ..."aZ09 \n\t*_~`|<>[]()#@:/\\-+.!&äßçñжяαω字漢ไทยहिन्दीعربשלום€™…",
  "é",
  "👍🏽",
  "👨‍👩‍👧‍👦",
  "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
  "\u200d",
  "\u202e",
  "\ud800",
];

/** Whatever anybody may write, as lines and buttons. */
export function anyMessage(): fc.Arbitrary<Message> {
  const said = fc.oneof(
    fc.string({ unit: fc.constantFrom(...CHARACTERS), maxLength: 200 }),
    fc.string({ unit: "binary", maxLength: 40 }),
    fc.constantFrom(...Object.values(HOSTILE)),
    fc.constantFrom(
      "```\n",
      "@everyone <@&1> <#2>",
      "||",
      "👨‍👩‍👧‍👦".repeat(800),
      "*".repeat(10_000),
      "ثم\u202e",
      "\u200b",
      "",
      "\\",
    ),
  );
  const as = fc.constantFrom("bold" as const, "code" as const, "quiet" as const);
  const piece = fc.oneof(
    said.map((text) => ({ text })),
    fc.record({ text: said, as }),
    fc.record({ text: said, href: fc.oneof(fc.webUrl(), said) }),
    fc.record({
      time: fc.oneof(fc.double(), fc.integer()),
      as: fc.constantFrom("since" as const, "at" as const),
    }),
  );
  const line = fc.record(
    { pieces: fc.array(piece, { maxLength: 4 }), weight: fc.nat(5), isQuote: fc.constant(true as const) },
    { requiredKeys: ["pieces", "weight"] },
  );
  const button = fc.record(
    { label: said, action: fc.stringMatching(/^[a-z0-9_.-]{1,40}$/), asks: said },
    { requiredKeys: ["label", "action"] },
  );
  return fc.record({
    lines: fc.array(line, { maxLength: 15 }),
    buttons: fc.array(fc.array(button, { maxLength: 8 }), { maxLength: 8 }),
  });
}
