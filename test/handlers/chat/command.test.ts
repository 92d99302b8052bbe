/** Commands of chats: as people write them, and whatever else they write. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Parsed, parseCommand } from "../../../handlers/chat/command.ts";
import type { Wanted } from "../../../handlers/chat/wanted.ts";
import { COMMANDS, usageOf } from "../../../handlers/chat/words.ts";

const parse = (text: string, task: string | null = null): Parsed => parseCommand(text, false, task);
const wanted = (text: string, task: string | null = null): Wanted => {
  const parsed = parse(text, task);
  assert.ok(parsed.kind === "command", `${text}: ${JSON.stringify(parsed)}`);
  return parsed.command;
};

const SAID: readonly (readonly [text: string, wanted: Wanted])[] = [
  ["/new shop Sort the shelves", { kind: "new", project: "shop", title: "Sort the shelves", body: "" }],
  [
    "/NEW shop  Sort\n\nby height\n/status",
    { kind: "new", project: "shop", title: "Sort", body: "by height\n/status" },
  ],
  ["/approve shop-12", { kind: "approve", key: "SHOP-12", approval: null, because: null }],
  ["/reject SHOP-12 too\ntall", { kind: "reject", key: "SHOP-12", approval: null, because: "too\ntall" }],
  ["/abort SHOP-12 no", { kind: "abort", key: "SHOP-12", approval: null, because: "no" }],
  ["/answer SHOP-12 two", { kind: "answer", key: "SHOP-12", question: null, said: "two" }],
  ["/say SHOP-12 Look at /etc", { kind: "say", key: "SHOP-12", text: "Look at /etc" }],
  ["/retry SHOP-12", { kind: "retry", key: "SHOP-12" }],
  ["/cancel SHOP-12", { kind: "cancel", key: "SHOP-12", because: null }],
  ["/pause", { kind: "pause", what: null, forMs: null, because: null }],
  ["/pause shop", { kind: "pause", what: "shop", forMs: null, because: null }],
  [
    "/pause SHOP-1 for 1h30m because of lunch",
    { kind: "pause", what: "SHOP-1", forMs: 5_400_000, because: "of lunch" },
  ],
  ["/pause for 2d", { kind: "pause", what: null, forMs: 172_800_000, because: null }],
  ["/resume", { kind: "resume", what: null }],
  ["/resume shop", { kind: "resume", what: "shop" }],
  ["/raise SHOP-1 $5", { kind: "raise", what: "SHOP-1", amount: { unit: "usd", amount: 5, isOfDay: false } }],
  [
    "/raise shop 200k tokens today",
    { kind: "raise", what: "shop", amount: { unit: "tokens", amount: 200_000, isOfDay: true } },
  ],
  ["/clear anthropic", { kind: "clear", account: "anthropic" }],
  ["/open nights for 2h", { kind: "open", name: "nights", forMs: 7_200_000 }],
  ["/close shop", { kind: "close", name: "shop", forMs: null }],
  ["/unfreeze shop it is mended", { kind: "unfreeze", what: "shop", because: "it is mended" }],
  ["/publish SHOP-1", { kind: "publish", key: "SHOP-1", which: null }],
  ["/stopall", { kind: "stopall", isSure: false }],
  ["/stop-all", { kind: "stopall", isSure: false }],
  ["/log SHOP-1", { kind: "log", key: "SHOP-1" }],
  ["/explain SHOP-1", { kind: "explain", key: "SHOP-1" }],
  ["/status", { kind: "status" }],
  ["/tasks", { kind: "tasks", what: null }],
  ["/task SHOP-1", { kind: "task", key: "SHOP-1" }],
  ["/budget", { kind: "budget", what: null }],
  ["/schedule nights", { kind: "schedule", what: "nights" }],
  ["/link abc123", { kind: "link", code: "abc123" }],
  ["/help", { kind: "help" }],
  ["/start", { kind: "help" }],
];

test("each command is read as it is written, in any case, to whomever it is addressed, with and without a slash", () => {
  for (const [text, expected] of SAID) {
    const [head = "", ...rest] = text.split(/(?=[\s])/);
    assert.deepEqual(wanted(text), expected, text);
    assert.deepEqual(wanted([head.toUpperCase(), ...rest].join("")), expected, text);
    assert.deepEqual(wanted([`${head}@our_bot`, ...rest].join("")), expected, text);
    for (const bare of [text.slice(1), `/chargehand ${text.slice(1)}`, `chargehand ${text}`])
      assert.deepEqual(parseCommand(bare, true, null), { kind: "command", command: expected }, bare);
  }
  const read = new Set(SAID.map(([, { kind }]) => kind));
  assert.deepEqual(
    Object.keys(COMMANDS).filter((name) => !read.has(name as Wanted["kind"])),
    [],
  );
});

test("P3: in an answer to a message of a task its key may be left out, and another one may stand there", () => {
  const key = "SHOP-7";
  assert.deepEqual(wanted("/reject it is too tall", key), {
    ...{ kind: "reject", key, approval: null, because: "it is too tall" },
  });
  assert.deepEqual(wanted("/retry", key), { kind: "retry", key });
  assert.deepEqual(wanted("/retry shop-8", key), { kind: "retry", key: "SHOP-8" });
  assert.deepEqual(wanted("/pause for 2h", key), {
    kind: "pause",
    what: key,
    forMs: 7_200_000,
    because: null,
  });
  assert.deepEqual(wanted("/raise 3 runs", key), {
    ...{ kind: "raise", what: key, amount: { unit: "runs", amount: 3, isOfDay: false } },
  });
  assert.deepEqual(wanted("/unfreeze", key), { kind: "unfreeze", what: key, because: null });
});

test("what has not what it takes is told how it is said", () => {
  for (const [text, name] of [
    ["/new", "new"],
    ["/new shop", "new"],
    ["/approve shop", "approve"],
    ["/reject SHOP-1", "reject"],
    ["/answer SHOP-1", "answer"],
    ["/retry", "retry"],
    ["/retry SHOP-1 now", "retry"],
    ["/pause shop for ever", "pause"],
    ["/pause shop now", "pause"],
    ["/raise SHOP-1", "raise"],
    ["/raise SHOP-1 -5", "raise"],
    ["/raise SHOP-1 1,000", "raise"],
    ["/raise SHOP-1 $5 tokens", "raise"],
    ["/raise SHOP-1 1.5 runs", "raise"],
    ["/open", "open"],
    ["/open nights soon", "open"],
    ["/stopall now", "stopall"],
    ["/clear", "clear"],
  ] as const)
    assert.deepEqual(parse(text), { kind: "wrong", reason: `say it so: ${usageOf(name)}` }, text);
});

test("an unknown command says what may have been meant", () => {
  assert.deepEqual(parse("/aprove SHOP-1"), {
    ...{ kind: "wrong", reason: 'there is no command aprove; did you mean "approve"?' },
  });
  assert.match(JSON.stringify(parse("/xyzzyxyzzy")), /help shows all/);
  for (const name of ["constructor", "__proto__", "toString"])
    assert.equal(parseCommand(`/${name}`, true, null).kind, "wrong");
});

test("P1: what only begins with a slash is what somebody says", () => {
  for (const text of [
    "/etc/hosts is wrong",
    "/ status",
    "/",
    "//status",
    "hello /status",
    "",
    "/новый shop x",
  ])
    assert.deepEqual(parse(text), { kind: "words" }, text);
  assert.deepEqual(parseCommand("", true, null), { kind: "command", command: { kind: "help" } });
});

test("whatever is written is read within a moment, and is a command only by one of their names", () => {
  const words = fc.oneof(
    fc.string({ unit: "binary", maxLength: 300 }),
    fc
      .constantFrom(...Object.keys(COMMANDS))
      .chain((name) => fc.string({ unit: "grapheme", maxLength: 200 }).map((rest) => `/${name} ${rest}`)),
  );
  fc.assert(
    fc.property(words, fc.boolean(), fc.option(fc.constant("SHOP-1")), (text, isCommand, task) => {
      const parsed = parseCommand(text, isCommand, task);
      if (parsed.kind === "command") assert.ok(Object.hasOwn(COMMANDS, parsed.command.kind));
      if (parsed.kind === "wrong") assert.ok(parsed.reason.isWellFormed() && parsed.reason.length < 300);
    }),
  );
  const long = `/pause ${"for ".repeat(50_000)}`;
  const begun = performance.now();
  for (const text of [long, `/raise SHOP-1 ${"1".repeat(200_000)}`, `/new ${" ".repeat(200_000)}x`])
    parse(text);
  assert.ok(performance.now() - begun < 1_000);
});
