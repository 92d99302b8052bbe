/** What a message looks like in Slack, and that no text from outside can be more there than text. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Line, Message, Piece } from "../../../chats/chat.ts";
import { render } from "../../../chats/slack/render.ts";
import { HOSTILE } from "../../hostile-text.ts";
import { faultsOfBlocks, lookAt, lookAtText, type Seen, SUM_MAX, sumOf } from "../../proof/slack/blocks.ts";
import { matchGolden } from "../../store/golden.ts";
import { line, scene, TOKEN } from "./stage.ts";

const AT = Date.UTC(2026, 10, 29, 2, 30);
const NORMAL = { token: TOKEN, isPlain: false, hasButtons: true };

function bodyOf(
  message: Message,
  options = NORMAL,
): { readonly text: string; readonly blocks: readonly unknown[] } {
  const { text, blocks } = JSON.parse(render(message, options).body);
  return { text, blocks };
}

const CARD: Message = {
  lines: [
    {
      weight: 9,
      pieces: [
        { text: "SHOP-1", as: "bold" },
        { text: " " },
        { text: "Fix the *till*", href: "https://forge.example/1" },
      ],
    },
    {
      weight: 8,
      pieces: [{ text: "build", as: "code" }, { text: " working since " }, { time: AT, as: "since" }],
    },
    {
      weight: 2,
      pieces: [
        { text: "editing ", as: "quiet" },
        { text: "till.ts", as: "quiet" },
        { time: AT, as: "at" },
      ],
    },
    { weight: 3, isQuote: true, pieces: [{ text: "Which of the two?" }] },
    { weight: 3, isQuote: true, pieces: [{ text: "<!channel> & others" }] },
    {
      weight: 5,
      pieces: [
        { text: "a quiet word", as: "quiet" },
        { text: " in a line", as: "bold" },
      ],
    },
  ],
  buttons: [
    [
      { label: "Approve", action: "approve", tone: "good" },
      { label: "Reject", action: "reject", tone: "bad", asks: "Why?" },
    ],
    [{ label: "Explain", action: "explain" }],
  ],
};

test("messages look as they did", async () => {
  const cases: readonly (readonly [string, Message, typeof NORMAL])[] = [
    ["a card", CARD, NORMAL],
    ["the same, plain", CARD, { ...NORMAL, isPlain: true }],
    ["the same where nothing is heard", CARD, { ...NORMAL, hasButtons: false }],
    ["a sentence", { lines: [line("Done.")], buttons: [] }, NORMAL],
    ["nothing", { lines: [line(" \u0007\n")], buttons: [] }, NORMAL],
  ];
  const shown = cases.map(
    ([name, some, options]) =>
      `# ${name}\n${JSON.stringify(JSON.parse(render(some, options).body), null, 1)}\n`,
  );
  await matchGolden("slack.txt", shown.join("\n"));
});

const STRANGE = [
  "*bold* _italic_ ~gone~ `code` ```fence```\n> quote",
  "<!channel> <!here|x> <@U0ALICE> <!subteam^S1> <https://evil.example|bank.example>",
  "&lt;!channel&gt; &amp;&#60; @channel @here #general :smile:",
  "a\u202Edcba\u202C \u200B\u2060 שלום مرحبا",
  "👩‍👩‍👧‍👦🏳️‍🌈é\ud800 half \udc00",
  "```\n".repeat(200),
  "𝕏".repeat(5_000),
  "\u0000\u0001\u007f\r\n",
  '<a href="x">&nbsp;</a><script>alert(1)</script>',
  ...Object.values(HOSTILE).map((text) => text.slice(0, 12_000)),
];
const foreign = fc.oneof(
  fc.constantFrom(...STRANGE),
  fc.string({ unit: "binary", maxLength: 300 }),
  fc.string({
    unit: fc.constantFrom("<", ">", "&", "!", "*", "_", "`", "@", "|", "é", "👍", "\n"),
    maxLength: 200,
  }),
);
const piece: fc.Arbitrary<Piece> = fc.oneof(
  fc.record({ text: foreign, as: fc.constantFrom("bold" as const, "code" as const, "quiet" as const) }),
  fc.record({ text: foreign }),
  fc.record({
    text: foreign,
    href: fc.oneof(foreign, fc.constantFrom("https://x.example/a?b=<&>", "javascript:x")),
  }),
  fc.record({ time: fc.double({ noInteger: false }), as: fc.constantFrom("since" as const, "at" as const) }),
);
const anyLine: fc.Arbitrary<Line> = fc.oneof(
  fc.record({ pieces: fc.array(piece, { maxLength: 12 }), weight: fc.nat(9) }),
  fc.record({
    pieces: fc.array(piece, { maxLength: 3 }),
    weight: fc.nat(9),
    isQuote: fc.constant(true as const),
  }),
  // A context at its best and worst.
  fc.record({
    pieces: fc.array(fc.record({ text: foreign, as: fc.constant("quiet" as const) }), { maxLength: 12 }),
    weight: fc.nat(9),
  }),
);
const anyMessage: fc.Arbitrary<Message> = fc.record({
  lines: fc.array(anyLine, { maxLength: 60 }),
  buttons: fc.array(
    fc.array(fc.record({ label: foreign, action: fc.constantFrom("approve", "choose.1") }), {
      maxLength: 30,
    }),
    {
      maxLength: 5,
    },
  ),
});

/** What Slack would say to it, and who would hear it. */
function seenIn({ text, blocks }: ReturnType<typeof bodyOf>): Seen {
  const seen: Seen = { pings: [], markup: [], unescaped: [] };
  lookAt(blocks, seen);
  assert.ok(
    seen.markup.every((some) => /^<!date\^-?\d+\^[{}\w ]+\|[+\d:\- ]+ UTC>$/.test(some)),
    `foreign text is read as markup: ${seen.markup.join(" ")}`,
  );
  lookAtText(text, seen);
  return seen;
}

test("whatever the words are, Slack takes them, nobody is pinged, and none of them is read as markup", () => {
  for (const isPlain of [false, true])
    fc.assert(
      fc.property(anyMessage, (some) => {
        const body = bodyOf(some, { ...NORMAL, isPlain });
        assert.deepEqual(faultsOfBlocks(body.blocks), []);
        assert.ok(sumOf(body.blocks) <= SUM_MAX);
        assert.ok(body.text !== "" && body.text.length < 4_000);
        const { pings, unescaped } = seenIn(body);
        assert.deepEqual([pings, unescaped], [[], []]);
      }),
      { numRuns: 60 },
    );
});

test("strange titles are accepted by a server that checks them, and are read there as they were written", async (t) => {
  const { slack, chat } = await scene(t, { hurry: 100_000 });
  for (const title of STRANGE) {
    const some: Message = {
      lines: [{ pieces: [{ text: title, as: "bold" }], weight: 9 }, line("below")],
      buttons: [],
    };
    const sent = await chat.send(chat.render(some, TOKEN, false), { token: TOKEN, isSilent: false });
    assert.equal(sent.kind, "sent", JSON.stringify([title.slice(0, 40), sent]));
  }
  const { violations, pings, unescaped, messages } = slack.state();
  assert.deepEqual([violations, pings, unescaped], [[], [], []]);
  assert.ok(JSON.stringify(messages[0]?.blocks).includes(JSON.stringify(STRANGE[0]).slice(1, -1)));
  assert.ok(JSON.stringify(messages[1]?.blocks).includes("<!here|x>"));
});

test("what weighs least gives way, and the title is the last to be cut", () => {
  const some: Message = {
    lines: [
      line("THE TITLE", 9),
      ...Array.from({ length: 30 }, (_, index) => line(`${index}: ${"w".repeat(900)}`, 1)),
      line("BELOW", 5),
    ],
    buttons: [],
  };
  const shown = JSON.stringify(bodyOf(some).blocks);
  assert.ok(shown.includes("THE TITLE") && shown.includes("BELOW") && shown.includes("0: w"));
  assert.ok(!shown.includes("29: w"));
  assert.ok(Buffer.byteLength(shown) <= 12_000 && Buffer.byteLength(shown) > 9_000);
});

test("the limit holds in bytes, so that it holds in whatever unit Slack counts", () => {
  const blocks = bodyOf({ lines: [line("漢".repeat(20_000), 9)], buttons: [] }).blocks;
  assert.ok(Buffer.byteLength(JSON.stringify(blocks)) <= 12_000);
});

test("a button carries the token and the action, and there are never more than can be sent", () => {
  const button = { label: "x".repeat(200), action: "go" };
  const rows = Array.from({ length: 10 }, () => [button, button, button, button]);
  const body = bodyOf({ lines: [line("t")], buttons: rows });
  assert.deepEqual(faultsOfBlocks(body.blocks), []);
  const values = JSON.stringify(body.blocks).match(/"value":"[^"]*"/g) ?? [];
  assert.equal(values.length, 25);
  assert.ok(values.every((value) => value === `"value":"${TOKEN}.go"`));
});

test("the same message is the same body, and another token is another", () => {
  assert.equal(render(CARD, NORMAL).body, render(CARD, NORMAL).body);
  assert.notEqual(render(CARD, NORMAL).body, render(CARD, { ...NORMAL, token: "b".repeat(22) }).body);
});
