/** Who plays the roles of a workflow. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { playedBy } from "../../../workflow/decide/players.ts";
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
