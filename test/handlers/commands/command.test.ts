/** Commands in comments: what is one, what it asks for, and what is refused with what was meant. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readCommand, usages } from "../../../handlers/commands/command.ts";

const START = { commands: ["/agent", "@bot"] };

test("a command is the first word of the first line, with what is to be done", () => {
  const read = (text: string) => readCommand(START, text);
  assert.deepEqual(read("/agent"), {
    kind: "command",
    words: "/agent",
    asks: { kind: "start", text: null },
  });
  assert.deepEqual(read("\n\n  /AGENT  Stop please\nmore"), {
    kind: "command",
    words: "/agent stop",
    asks: { kind: "cancel", because: "please\nmore" },
  });
  assert.deepEqual(read("@bot retry"), {
    kind: "command",
    words: "@bot retry",
    asks: { kind: "retry", text: null },
  });
  for (const text of [
    "",
    "    /agent",
    "\t/agent",
    "\n\n  \t/agent",
    "\r\n     /agent",
    "```\n/agent\n```",
    "~~~\n/agent",
  ])
    assert.equal(read(text), null, JSON.stringify(text));
  for (const text of [
    "`/agent`",
    "<!--\n/agent\n-->",
    "<!-- x -->\n/agent",
    "<pre>\n/agent",
    "- /agent",
    "# /agent",
    "\\/agent",
  ])
    assert.equal(read(text), null, JSON.stringify(text));
  for (const text of ["", "please /agent", "> /agent", "/agents", "nothing\n/agent"])
    assert.equal(read(text), null);
});

test("I13: however a comment is built, a command is one only as its first words, at the margin", () => {
  const piece = fc.constantFrom(
    "/agent",
    " ",
    "    ",
    "\t",
    "\n",
    "\r",
    "```\n",
    "> ",
    "<!--",
    "-->",
    "`",
    "- ",
    "x",
    "<pre>",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const text = pieces.join("");
      const isFirst = /^(?:[ \t]*(?:\r\n?|\n))* {0,3}\/agent(?=\s|$)/.test(text);
      assert.equal(readCommand(START, text) !== null, isFirst, JSON.stringify(text));
    }),
    { numRuns: 3_000, seed: 17 },
  );
});

test("G4: what stands after a command, and below it, is said to the task as it was written", () => {
  const said = (text: string): readonly (string | null)[] => {
    const command = readCommand(START, text);
    if (command?.kind !== "command") return [];
    const { asks } = command;
    return asks.kind === "start" || asks.kind === "retry" ? [asks.kind, asks.text] : [];
  };
  assert.deepEqual(said("/agent use tabs"), ["start", "use tabs"]);
  assert.deepEqual(said("/agent  use\ttabs \r\n\r\n- and\r\n    code"), [
    "start",
    "use\ttabs\n\n- and\n    code",
  ]);
  assert.deepEqual(said("/agent\n\nuse tabs\n"), ["start", "use tabs"]);
  assert.deepEqual(said("/agent tabs\n\nnot spaces"), ["start", "tabs\n\nnot spaces"]);
  assert.deepEqual(said("/agent retry with tabs\nplease"), ["retry", "with tabs\nplease"]);
  assert.deepEqual(said("/agent retry\n\nwith tabs"), ["retry", "with tabs"]);
  assert.deepEqual(said("/agent\n \n\u00a0"), ["start", null]);
  const long = `/agent ${"x ".repeat(200_000)}`;
  assert.equal(said(long)[1]?.length, 399_999);
});

const asked = (text: string): unknown => {
  const command = readCommand(START, text);
  return command?.kind === "command" ? command.asks : command;
};

test("every verb is read with what it takes, and refused without it, with how it is said", () => {
  assert.deepEqual(asked("/agent approve"), { kind: "approve", because: null });
  assert.deepEqual(asked("/agent REJECT no tests\n- of the cart"), {
    kind: "reject",
    because: "no tests\n- of the cart",
  });
  assert.deepEqual(asked("/agent abort"), { kind: "abort", because: null });
  assert.deepEqual(asked("/agent answer\nsize: 2\nname: x"), { kind: "answer", text: "size: 2\nname: x" });
  assert.deepEqual(asked("/agent say hello"), { kind: "say", text: "hello" });
  assert.deepEqual(asked("/agent start hello"), { kind: "start", text: "hello" });
  assert.deepEqual(asked("/agent pause for 2h because of the release"), {
    kind: "pause",
    forMs: 7_200_000,
    because: "of the release",
  });
  assert.deepEqual(asked("/agent resume"), { kind: "resume" });
  assert.deepEqual(asked("/agent budget"), { kind: "show", what: "budget" });
  assert.deepEqual(asked("/agent budget +$5"), {
    kind: "raise",
    amount: { unit: "usd", amount: 5, isOfDay: false },
  });
  assert.deepEqual(asked("/agent status"), { kind: "show", what: "status" });
  assert.deepEqual(asked("/agent explain"), { kind: "show", what: "explain" });
  assert.deepEqual(asked("/agent freeze main is red"), { kind: "freeze", because: "main is red" });
  assert.deepEqual(asked("/agent unfreeze"), { kind: "unfreeze", because: null });
  for (const [text, how] of [
    ["/agent reject", "/agent reject reason"],
    ["/agent answer ", "/agent answer text"],
    ["/agent say", "/agent say text"],
    ["/agent pause whenever", "/agent pause [for 2h] [because …]"],
    ["/agent resume now", "/agent resume"],
    ["/agent budget a lot", "/agent budget [$5, 200k tokens or 3 runs]"],
    ["/agent status of the order page is wrong", "/agent status"],
  ] as const)
    assert.deepEqual(asked(text), { kind: "unknown", reason: `say it so: ${how}` });
});

test("I13: what is no command is refused with what was probably meant, also what every object has", () => {
  const reason = (text: string): string => {
    const command = readCommand(START, text);
    assert.equal(command?.kind, "unknown", text);
    return command.reason;
  };
  assert.match(reason("/agent aprove"), /^'\/agent aprove' is no command; did you mean \/agent approve\?/);
  assert.match(reason("/agent rejct there are no tests"), /did you mean \/agent reject\?.*\/agent say …$/);
  assert.match(reason("@bot unfreze\nnow"), /did you mean @bot unfreeze\?/);
  for (const verb of ["dance", "constructor", "__proto__", "x".repeat(100_000)])
    assert.match(reason(`/agent ${verb}\u001b`), /is no command; /);
  assert.match(reason("/agent xyzzyxyzzy"), /help shows all\. More than one word is said to the task$/);
  assert.ok(reason(`/agent ${"x".repeat(100_000)}`).length < 250);
  for (const text of ["/agent starting page is slow", "/agent please retry", "/agent stay with tabs"])
    assert.equal(readCommand(START, text)?.kind, "command", text);
});

test("the help has a line for each verb, in the project's own word", () => {
  const all = usages("@bot");
  assert.ok(all.some((one) => one.startsWith("`@bot reject reason` ")));
  assert.equal(all.filter((one) => /@bot (stop|cancel)/.test(one)).length, 1);
});
