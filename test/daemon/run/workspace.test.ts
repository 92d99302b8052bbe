/** Worktrees are put away when their task is over, and never with work that is nowhere else. */

import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { putAway, workspaceSpec } from "../../../daemon/run/workspace.ts";
import type { TaskStatus } from "../../../workflow/states.ts";
import { project } from "../../handlers/project.ts";
import { scene } from "./scene.ts";

async function put(
  t: TestContext,
  status: TaskStatus,
  gitFails: readonly (readonly [string, string])[] = [],
) {
  const { ports, task, machine, deeds } = await scene(t);
  for (const [name, reason] of gitFails) machine.gitFails.set(name, reason);
  const result = await putAway(ports, { ...(await task()), status }, project());
  return [result.kind, deeds];
}

test("the worktree of a task that is done goes; what another one left is committed first, and not pushed", async (t) => {
  assert.deepEqual(await put(t, "done"), ["ok", ["remove"]]);
  assert.deepEqual(await put(t, "cancelled"), ["ok", ["prepare", "commit", "remove"]]);
});

test("where it cannot be committed the worktree stays", async (t) => {
  assert.deepEqual(await put(t, "failed", [["publish", "disk full"]]), ["failed", ["prepare", "commit"]]);
  assert.deepEqual(await put(t, "failed", [["prepare", "no mirror"]]), ["failed", ["prepare"]]);
});

test("git is told the task's own branch and the project's repository", async (t) => {
  const { task } = await scene(t);
  const spec = workspaceSpec({ ...(await task()), branch: "shop-1-sort" }, project());
  assert.deepEqual(spec, {
    task: "SHOP-1",
    title: "Sort the shelves",
    cloneUrl: "/nowhere/shop.git",
    baseBranch: "main",
    branch: "shop-1-sort",
  });
});
