/** The workflows that there are. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { BUILT_IN, workflowOf } from "../../workflow/workflow.ts";

test("a task finds the workflow that it is pinned to, and a name that nobody knows finds none", () => {
  for (const [name, workflow] of Object.entries(BUILT_IN)) {
    assert.equal(workflow.name, name);
    assert.equal(workflowOf({ workflow: name }), workflow);
  }
  for (const unknown of ["", "double", "constructor", "__proto__"])
    assert.equal(workflowOf({ workflow: unknown }), null);
});
