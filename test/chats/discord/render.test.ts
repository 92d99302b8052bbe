/** Messages as Discord is sent them: as a golden file, and within every limit whatever is said. */

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { test } from "node:test";
import fc from "fast-check";
import type { Button, Line, Message } from "../../../chats/chat.ts";
import { render } from "../../../chats/discord/render.ts";
import { faultsOfMessage } from "../../proof/discord/check.ts";
import { anyMessage, says } from "../said.ts";
import { stage, TOKEN, tokenOf } from "./stage.ts";

const GOLDEN = new URL("../../golden/discord.txt", import.meta.url);

const CARD: Message = {
  lines: [
    {
      pieces: [{ text: "SHOP-12", href: "https://shop.example/issues/12" }, { text: " Fix *all* of it" }],
      weight: 100,
    },
    {
      pieces: [
        { text: "working", as: "bold" },
        { text: " since " },
        { time: 1_700_000_000_000, as: "since" },
      ],
      weight: 90,
    },
    {
      pieces: [
        { text: "plan", as: "code" },
        { text: "done in 4 min", as: "code" },
        { text: "both", as: "bold" },
      ],
      weight: 50,
    },
    { pieces: [{ text: "opens " }, { time: 1_700_003_600_000, as: "at" }], weight: 40 },
    { pieces: [{ text: "# no heading, @everyone" }], weight: 10, isQuote: true },
    { pieces: [{ text: "- no list, and\nno second line" }], weight: 10, isQuote: true },
    { pieces: [{ text: "\u200b\u2060" }], weight: 99 },
    { pieces: [{ text: "1.2M tokens · $3.40", as: "quiet" }], weight: 5 },
  ],
  buttons: [
    [
      { label: "Approve", action: "approve.7", tone: "good" },
      { label: "Reject", action: "reject.7", tone: "bad", asks: "What is wrong with it?" },
      { label: "Log", action: "log" },
    ],
  ],
};

test("messages look as the golden file shows them", async () => {
  const shown = {
    card: render(CARD, TOKEN, false),
    "card without markup": render(CARD, TOKEN, true),
    "one line": render(says("Nothing to do."), TOKEN, false),
    "one line with a button": render(
      { ...says("Approve?"), buttons: [[{ label: "Yes", action: "yes" }]] },
      TOKEN,
      false,
    ),
    nothing: render({ lines: [], buttons: [] }, TOKEN, false),
  };
  const text = Object.entries(shown)
    .map(([name, { body }]) => `== ${name}\n${JSON.stringify(JSON.parse(body), null, 2)}\n`)
    .join("\n");
  if (process.env["UPDATE"]) await writeFile(GOLDEN, text);
  assert.equal(await readFile(GOLDEN, "utf8"), text, "run this test with UPDATE=1 and read the difference");
});

test("two messages that look the same are equal as they are sent", () => {
  assert.equal(render(CARD, TOKEN, false).body, render(structuredClone(CARD), TOKEN, false).body);
});

interface Body {
  readonly content: string;
  readonly embeds: readonly { readonly description: string; readonly url: string }[];
  readonly components: readonly { readonly components: readonly { readonly custom_id: string }[] }[];
}

function bodyOf(message: Message): Body {
  return JSON.parse(render(message, TOKEN, false).body);
}

test("what weighs least goes first, of equals the last, and the headline stays", () => {
  const lines = Array.from(
    { length: 100 },
    (_, index): Line => ({
      pieces: [{ text: `${index} ${"x".repeat(100)}` }],
      weight: index < 50 ? 2 : 1,
    }),
  );
  const { content, embeds } = bodyOf({ lines, buttons: [] });
  assert.match(content, /^0 x/);
  const shown = embeds[0]?.description.split("\n").map((line) => Number(line.split(" ")[0])) ?? [];
  assert.deepEqual(
    shown,
    Array.from({ length: shown.length }, (_, index) => index + 1),
  );
  assert.ok(shown.length > 35 && shown.length < 45, `${shown.length} lines`);
});

test("one line of 10 KB takes no more than half of the room from others", () => {
  const { embeds } = bodyOf(says("Title", "x".repeat(10_000), "and the rest"));
  assert.match(embeds[0]?.description ?? "", /^x+…\nand the rest$/);
});

test("rows hold five buttons, five rows are shown, and none twice", () => {
  const row = (from: number, count: number): Button[] =>
    Array.from({ length: count }, (_, index) => ({ label: "x".repeat(200), action: `a.${from + index}` }));
  const { components } = bodyOf({ lines: [], buttons: [row(0, 7), row(5, 3), row(20, 30)] });
  const sizes = components.map((one) => one.components.length);
  assert.deepEqual(sizes, [5, 2, 1, 5, 5]);
  const ids = components.flatMap((one) => one.components.map(({ custom_id: id }) => id));
  assert.equal(new Set(ids).size, ids.length);
});

test("every message holds its token, in a button or in the address of its embed", () => {
  fc.assert(
    fc.property(anyMessage(), (message) => {
      assert.ok(render(message, TOKEN, false).body.includes(TOKEN));
    }),
  );
});

test("whatever is said is within the limits of a message", () => {
  fc.assert(
    fc.property(anyMessage(), fc.boolean(), (message, isPlain) => {
      const body: unknown = JSON.parse(render(message, TOKEN, isPlain).body);
      assert.ok(typeof body === "object" && body !== null);
      assert.deepEqual(faultsOfMessage({ ...body }), []);
    }),
    { numRuns: 300 },
  );
});

test("a strict server takes each hostile message, sent and edited, and calls nobody", async (t) => {
  const { discord, chat } = await stage(t, { factor: 1_000_000 });
  const messages = fc.sample(anyMessage(), { numRuns: 100, seed: 12 });
  for (const [index, message] of messages.entries()) {
    const token = tokenOf(index);
    const sent = await chat.send(chat.render(message, token, false), { token, isSilent: true });
    assert.ok(sent.kind === "sent", JSON.stringify(sent));
    const other = messages[(index + 1) % messages.length] ?? message;
    assert.equal((await chat.edit(sent.id, chat.render(other, token, true))).kind, "edited");
  }
  assert.equal(discord.state.violations.mentions, 0);
  assert.deepEqual(discord.state.violations.refused, []);
});
