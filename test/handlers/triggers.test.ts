/** What starts a task: the rules of `start:` in the configuration. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { assigneeTrigger, labelTrigger, stateTrigger } from "../../handlers/triggers.ts";

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

test("a name is the same however its letters are composed", () => {
  const start = { ...START, labels: ["Pr\u00eat"], assignees: ["Ame\u0301lie"] };
  assert.equal(labelTrigger(start, [{ id: null, name: "pre\u0302t" }]), "label pr\u00eat");
  assert.notEqual(assigneeTrigger(start, ["am\u00e9lie"]), null);
});
