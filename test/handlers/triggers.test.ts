/** What starts a task: the rules of `start:` in the configuration, and commands in comments. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { assigneeTrigger, labelTrigger, readCommand, stateTrigger } from "../../handlers/triggers.ts";

const START = {
  labels: ["Agent"],
  states: ["In Progress", "s-7"],
  assignees: ["bot"],
  commands: ["/agent", "@bot"],
};

test("a label, a state and an assignee start by name or id, in any case, and the rule is told", () => {
  assert.equal(
    labelTrigger(START, [
      { id: null, name: "bug" },
      { id: null, name: "agent" },
    ]),
    "label agent",
  );
  assert.equal(stateTrigger(START, { id: "x", name: "in progress" }), "state in progress");
  assert.equal(stateTrigger(START, { id: "S-7", name: null }), "state S-7");
  assert.equal(assigneeTrigger(START, ["alice", "Bot"]), "assigned to Bot");
});

test("what is not listed starts nothing, and no rule is no trigger", () => {
  assert.equal(labelTrigger(START, [{ id: null, name: "agents" }]), null);
  assert.equal(stateTrigger(START, { id: null, name: null }), null);
  assert.equal(assigneeTrigger(START, []), null);
  assert.equal(labelTrigger({ ...START, labels: [] }, [{ id: "", name: "" }]), null);
});

test("a command is the first word of the first line, with what is to be done", () => {
  const read = (text: string) => readCommand(START, text);
  assert.deepEqual(read("/agent"), { kind: "start", words: "/agent", text: null });
  assert.deepEqual(read("\n\n  /AGENT  Stop please\nmore"), {
    kind: "cancel",
    words: "/agent stop",
    text: "please\nmore",
  });
  assert.deepEqual(read("@bot retry"), { kind: "retry", words: "@bot retry", text: null });
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
    return command === null || command.kind === "unknown" ? [] : [command.kind, command.text];
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

test("I13: an unknown command is told the known ones, also one that every object has", () => {
  for (const verb of ["dance", "constructor", "__proto__"]) {
    const command = readCommand(START, `/agent ${verb}\u001b`);
    assert.equal(command?.kind, "unknown");
    assert.equal(
      command.reason,
      `'/agent ${verb} ' is no command; known are /agent, /agent cancel, /agent retry; more than one word is said to the task`,
    );
  }
});
