/** Who plays the roles of a workflow. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { isChosen, playersOf, rolesOf, strayRoles } from "../../../workflow/decide/players.ts";
import { NO_PINS } from "../../../workflow/task.ts";
import { PIPELINE, phase } from "./phases.ts";
import { FACTS } from "./snapshot.ts";

test("A10: each role is played by its own profile, and the rest by the project's", () => {
  assert.deepEqual(rolesOf(PIPELINE, { agent: "all", agents: { review: "strict", nobody: "x" } }), {
    analysis: "all",
    developer: "all",
    review: "strict",
    test: "all",
  });
});

test("a role that has the name of something that every object has is played like any other", () => {
  const odd = { ...PIPELINE, phases: [phase("constructor"), phase("toString")] } as const;
  assert.deepEqual(rolesOf(odd, { agent: "all", agents: {} }), { constructor: "all", toString: "all" });
});

test("D1: whom a task has chosen plays, whatever the configuration says", () => {
  const facts = { ...FACTS, agent: "all", agents: { review: "strict", test: "strict" } };
  const pins = { ...NO_PINS, agent: "mine", agents: { review: "careful" } };
  assert.deepEqual(playersOf({ ...facts, pins }), {
    agent: "mine",
    agents: { review: "careful", test: "strict" },
  });
  assert.deepEqual(playersOf(facts), { agent: "all", agents: facts.agents });
  assert.equal(isChosen(NO_PINS), false);
  for (const chosen of [
    { model: "m" },
    { effort: "high" },
    { agent: "mine" },
    { agents: { review: "careful" } },
  ])
    assert.equal(isChosen({ ...NO_PINS, ...chosen }), true);
  assert.deepEqual(strayRoles(PIPELINE, { review: "careful", nobody: "x" }), ["nobody"]);
});
