/** Which workflow somebody means by a name. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { workflowNamed } from "../../../daemon/workflows/named.ts";
import { PIPELINE } from "../../workflow/decide/phases.ts";

const OWN = { ...PIPELINE, name: "own" };

test("D1: a task names its workflow as the configuration does, as its file does, or as it is shipped", () => {
  const configured = new Map([["./own.yaml", OWN]]);
  for (const name of ["./own.yaml", "own"])
    assert.deepEqual(workflowNamed(name, configured), { kind: "workflow", workflow: OWN });
  assert.deepEqual(workflowNamed("repository", configured), { kind: "workflow", workflow: null });
  const shipped = workflowNamed("review", configured);
  assert.equal(shipped.kind === "workflow" && shipped.workflow?.name, "review");
});

test("D1: a name that nothing has, and one that two have, are refused with what there is", () => {
  const configured = new Map([
    ["./a.yaml", OWN],
    ["./b.yaml", { ...OWN, description: "another" }],
  ]);
  const reason = (name: string): string => {
    const named = workflowNamed(name, configured);
    return named.kind === "unknown" ? named.reason : assert.fail(name);
  };
  assert.match(reason("own"), /several workflows are called "own".*\.\/a\.yaml and \.\/b\.yaml/);
  assert.match(reason("pipelin"), /did you mean "pipeline"\?/);
  assert.match(reason("zzz"), /there are single, pipeline, review, \.\/a\.yaml, \.\/b\.yaml, repository/);
  assert.match(reason("/etc/passwd"), /there is no workflow/);
});
