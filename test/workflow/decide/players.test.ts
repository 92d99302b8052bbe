/** Who plays the roles of a workflow. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { isChosen, playedBy, strayRoles } from "../../../workflow/decide/players.ts";
import { NO_PINS } from "../../../workflow/task.ts";
import { PIPELINE, phase } from "./phases.ts";

test("A10: each role is played by its own profile, and the rest by the project's", () => {
  assert.deepEqual(playedBy(PIPELINE, { agent: "all", agents: { review: "strict", nobody: "x" } }), {
    analysis: "all",
    developer: "all",
    review: "strict",
    test: "all",
  });
});

test("a role that has the name of something that every object has is played like any other", () => {
  const odd = { ...PIPELINE, phases: [phase("constructor"), phase("toString")] } as const;
  assert.deepEqual(playedBy(odd, { agent: "all", agents: {} }), { constructor: "all", toString: "all" });
});

test("D1: whom a task has chosen plays, whatever the configuration says", () => {
  const players = { agent: "all", agents: { review: "strict" } };
  assert.equal(playedBy(PIPELINE, players, { review: "careful" })["review"], "careful");
  assert.equal(isChosen(NO_PINS), false);
  for (const pins of [{ model: "m" }, { effort: "high" }, { agents: { review: "careful" } }])
    assert.equal(isChosen({ ...NO_PINS, ...pins }), true);
  assert.deepEqual(strayRoles(PIPELINE, { review: "careful", nobody: "x" }), ["nobody"]);
});
