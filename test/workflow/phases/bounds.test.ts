/** What a repository's workflow gets of what it asks for. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { asFarAsAllowed, namesOf } from "../../../workflow/phases/bounds.ts";
import type { AgentProfile } from "../../../workflow/project.ts";
import { PROFILE } from "../../agents/profile.ts";

const coder = { ...PROFILE, name: "coder", model: "large", effort: "low", timeoutMs: 60_000 };
const critic = { ...PROFILE, name: "critic", model: "small", timeoutMs: 30_000 };
const profiles = new Map<string, AgentProfile>([
  ["coder", coder],
  ["critic", critic],
  ["foreign", { ...PROFILE, name: "foreign", backend: "codex", model: "foreign" }],
  ["dear", { ...PROFILE, name: "dear", model: "dear" }],
]);
const bounds = { project: { agent: "coder", agents: { reviewer: "critic", odd: "foreign" } }, profiles };

test("I14: names are those of the project's profiles, of the same program", () => {
  assert.deepEqual(namesOf("model", coder, bounds), ["large", "small"]);
  assert.deepEqual(namesOf("effort", critic, bounds), ["low"]);
});

test("I14: a phase gets no more time than whoever plays has, and no name that the project does not have", () => {
  const asked = { timeoutMs: 50_000, model: "small", effort: "high" };
  assert.deepEqual(asFarAsAllowed(asked, coder, bounds), { ...asked, effort: null });
  assert.equal(asFarAsAllowed(asked, critic, bounds).timeoutMs, 30_000);
  assert.equal(asFarAsAllowed({ ...asked, model: "dear" }, coder, bounds).model, null);
  const nothing = { timeoutMs: null, model: null, effort: null };
  assert.deepEqual(asFarAsAllowed(nothing, coder, bounds), nothing);
});
