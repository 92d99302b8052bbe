/** What a digest says. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Message } from "../../../chats/chat.ts";
import { type DigestFacts, digestMessage } from "../../../notifier/digests/compose.ts";

const NOTHING: DigestFacts = {
  ...{ every: "day", from: 0, until: 86_400_000, done: [], failed: [], waiting: [], kept: 0 },
  ...{ spent: [], windows: [{ name: "nights", isOpen: false, at: 90_000_000 }] },
};

const task = (number: number, title = "Fix it") => ({ key: `SHOP-${number}`, title, project: "shop" });

function read(message: Message | null): string {
  const lines = message?.lines.map(({ pieces }) =>
    pieces.map((piece) => ("text" in piece ? piece.text : new Date(piece.time).toISOString())).join(""),
  );
  return (lines ?? []).join("\n");
}

const plain = (text: string): string => text;

test("a day with everything: what waits, what failed, what is done, what is kept, what it has cost, what is next", () => {
  const spent = [
    { project: "shop", model: "sonnet", tokens: 12_300, nanos: 1_200_000_000, isUnpriced: false },
    { project: "barn", model: "local", tokens: 500, nanos: 0, isUnpriced: true },
  ];
  const facts = {
    ...NOTHING,
    done: [task(1), task(2)],
    failed: [task(3)],
    waiting: [task(4)],
    kept: 1,
    spent,
  };
  assert.equal(
    read(digestMessage(facts, plain)),
    `🗒 The day
1970-01-01T00:00:00.000Z – 1970-01-02T00:00:00.000Z
✋ 1 waits for you
• SHOP-4 Fix it
❌ 1 failed
• SHOP-3 Fix it
✅ 2 done
• SHOP-1 Fix it
• SHOP-2 Fix it
📦 1 kept, to be published: chargehand kept
Σ $1.20 and unpriced · 12.8k tok
• shop · sonnet · $1.20 · 12.3k tok
• barn · local · unpriced · 500 tok
🕓 nights opens 1970-01-02T01:00:00.000Z`,
  );
  assert.match(read(digestMessage({ ...facts, every: "week" }, plain)), /^🗒 The week\n/);
});

test("a quiet day has none, whatever opens next", () => {
  assert.equal(digestMessage(NOTHING, plain), null);
});

test("it stays short however much there is, and tells no secret and nothing that is not seen", () => {
  const done = Array.from({ length: 2_000 }, (_, index) =>
    task(index, `key-of-gold \u202e${"x".repeat(10_000)}`),
  );
  const spent = Array.from({ length: 500 }, (_, index) => ({
    ...{ project: "shop", model: `m${index}`.repeat(1_000), tokens: 1, nanos: 1, isUnpriced: false },
  }));
  const said = read(
    digestMessage({ ...NOTHING, done, spent }, (text) => text.replaceAll("key-of-gold", "[redacted]")),
  );
  assert.match(said, /✅ 2000 done/);
  assert.match(said, /• and 1995 more/);
  assert.match(said, /• and 495 more/);
  assert.ok(said.length < 2_000, `${said.length}`);
  assert.ok(!said.includes("key-of-gold") && !said.includes("\u202e"));
});
