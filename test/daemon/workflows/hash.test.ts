/** The hash of a workflow is the one under which the store keeps it. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { hashOf } from "../../../daemon/workflows/hash.ts";
import { pinWorkflow } from "../../../store/phases/workflows.ts";
import { SINGLE } from "../../../workflow/workflow.ts";

test("D1: the hash of single stays what it is until single says something else", () => {
  assert.equal(hashOf(SINGLE), "f0b198cd3a3dc2d5ea85cc357832d7308fa419aa46c957dceb4bfdd0174b37f1");
  assert.equal(hashOf(SINGLE), pinWorkflow(SINGLE, 0).hash);
});
