/** Worktrees are put away when their task is over, and never with work that is nowhere else. */

import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { concludeRun } from "../../../daemon/run/conclude.ts";
import { failure } from "../../../daemon/run/own-outcomes.ts";
import { putAway, tidyLoop, workspaceSpec } from "../../../daemon/run/workspace.ts";
import { ask } from "../../../store/settle.ts";
import type { TaskStatus } from "../../../workflow/states.ts";
import { project } from "../../handlers/project.ts";
import { type Scene, scene } from "./scene.ts";

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

/** One round of the loop over these names. */
async function tidyOnce({ ports }: Scene, ...names: readonly string[]): Promise<void> {
  const end = new AbortController();
  const files = { ...ports.files, list: async () => names };
  const clock = { ...ports.clock, sleep: async () => end.abort() };
  await tidyLoop({ ...ports, files, clock, worktreesDirectory: "/worktrees" }, end.signal);
}

async function cancel({ ports, claim }: Scene): Promise<void> {
  const by = { kind: "api", name: "t" } as const;
  const wish = { project: "shop", by, key: "k", because: "test", target: { key: "SHOP-1" } };
  await ask(ports.store, [{ kind: "cancel_task", ...wish, reason: "not wanted" }], null, claim.run.claimedAt);
}

test("the loop leaves tasks at work, unknown ones and marks alone", async (t) => {
  const stage = await scene(t);
  await tidyOnce(stage, "SHOP-1", "SHOP-1.ready", "SHOP-9");
  assert.deepEqual(stage.deeds, []);
});

test("a task that was cancelled is put away once nothing runs for it any more", async (t) => {
  const stage = await scene(t);
  await cancel(stage);
  await tidyOnce(stage, "SHOP-1");
  assert.deepEqual(stage.deeds, []);
  const killed = failure("cancelled", "not wanted", "killed");
  stage.machine.gitFails.set("remove", "busy");
  await concludeRun(stage.ports, stage.claim.run, killed, stage.signal);
  stage.machine.gitFails.clear();
  stage.deeds.length = 0;
  await tidyOnce(stage, "SHOP-1");
  assert.deepEqual(stage.deeds, ["prepare", "commit", "remove"]);
});
