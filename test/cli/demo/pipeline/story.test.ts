/** The story of the demo fits the built-in workflow: each phase has its part, and an artifact that it takes. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { ANALYSIS, CHECK, PLAYBOOK } from "../../../../cli/demo/pipeline/story.ts";
import { builtInText } from "../../../../daemon/workflows/built-in.ts";
import { readWorkflow } from "../../../../daemon/workflows/read.ts";
import { checkArtifact } from "../../../../system/schema/artifact.ts";
import { schemaTrouble } from "../../../../system/schema/prepare.ts";

const read = readWorkflow(builtInText("pipeline")?.text ?? "", "pipeline", { schemaTrouble });
assert.ok(read.kind === "workflow");
const { phases } = read.workflow;

test("every phase that an agent plays has its part in the story, and no other", () => {
  const played = phases.filter(({ merge }) => merge === undefined).map(({ key }) => key);
  assert.deepEqual(Object.keys(PLAYBOOK.phases), played);
  assert.ok(played.includes(CHECK.phase));
});

test("each artifact of the story is one that its phase takes, but for the one that is to be repaired", () => {
  const refused = phases.flatMap(({ key, artifact }) =>
    (PLAYBOOK.phases[key] ?? []).flatMap(({ artifact: text }, at) => {
      if (text === undefined) return [];
      assert.ok(artifact !== null, key);
      return checkArtifact(Buffer.from(text), artifact.schema).kind === "valid" ? [] : [`${key} ${at + 1}`];
    }),
  );
  assert.deepEqual(refused, ["analysis 2"]);
  assert.equal(PLAYBOOK.phases["analysis"]?.at(-1)?.artifact, JSON.stringify(ANALYSIS, null, 2));
});
