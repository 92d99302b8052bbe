/** What starts a task: the rules of `start:` in the configuration, and commands in comments. */

import assert from "node:assert/strict";
import { test } from "node:test";
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
  assert.deepEqual(read("/agent"), { kind: "start", words: "/agent" });
  assert.deepEqual(read("\n\n  /AGENT  Stop please\nmore"), { kind: "cancel", words: "/agent stop" });
  assert.deepEqual(read("@bot retry"), { kind: "retry", words: "@bot retry" });
  for (const text of ["", "please /agent", "> /agent", "/agents", "nothing\n/agent"])
    assert.equal(read(text), null);
});

test("I13: an unknown command is told the known ones, also one that every object has", () => {
  for (const verb of ["dance", "constructor", "__proto__"]) {
    const command = readCommand(START, `/agent ${verb}\u001b`);
    assert.equal(command?.kind, "unknown");
    assert.equal(
      command.reason,
      `'/agent ${verb} ' is no command; known are /agent, /agent cancel, /agent retry`,
    );
  }
});
