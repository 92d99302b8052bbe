/** Labels are words that somebody here has written down. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { modelLabel, projectLabel, sourceLabel } from "../../../../handlers/api/metrics/labels.ts";
import { project } from "../../project.ts";

test("a source is its kit or its kind, a project is one of the configuration, a model one of a list or a profile", () => {
  assert.deepEqual(
    ["github", "plane", "chat:telegram:99", "generic:ci", "github:evil", "toString"].map(sourceLabel),
    ["github", "plane", "chat", "generic", "other", "other"],
  );
  const projects = new Map([["shop", project()]]);
  assert.deepEqual(
    ["shop", "gone"].map((name) => projectLabel({ projects }, name)),
    ["shop", "other"],
  );
  const profile = { name: "developer", backend: "command", model: "in-house-7b", projects: null };
  const agents = new Map([["developer", profile]]);
  assert.deepEqual(
    ["claude-sonnet-4-5-20250929", "in-house-7b", "evil", ""].map((model) => modelLabel({ agents }, model)),
    ["claude-sonnet-4-5", "in-house-7b", "other", "other"],
  );
});
