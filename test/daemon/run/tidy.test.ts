/** The loop that puts away what finished tasks have left behind. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { concludeRun } from "../../../daemon/run/conclude.ts";
import { failure } from "../../../daemon/run/own-outcomes.ts";
import { tidyLoop } from "../../../daemon/run/tidy.ts";
import { ask } from "../../../store/settle.ts";
import { type Scene, scene } from "./scene.ts";

const FOLDERS = { worktreesDirectory: "/worktrees", imagesDirectory: "/images" };

/** One round of the loop over these names; what it has removed. */
async function tidyOnce(
  { ports }: Scene,
  names: readonly string[],
  images: readonly string[] = [],
): Promise<readonly string[]> {
  const removed: string[] = [];
  const end = new AbortController();
  const files = {
    ...ports.files,
    list: async (_operation: string, path: string) => (path === "/images" ? images : names),
    remove: async (_operation: string, path: string) => void removed.push(path),
  };
  const clock = { ...ports.clock, sleep: async () => end.abort() };
  await tidyLoop({ ...ports, files, clock, ...FOLDERS }, end.signal);
  return removed;
}

async function cancel({ ports, claim }: Scene): Promise<void> {
  const by = { kind: "api", name: "t" } as const;
  const wish = { project: "shop", by, key: "k", because: "test", target: { key: "SHOP-1" } };
  await ask(ports.store, [{ kind: "cancel_task", ...wish, reason: "not wanted" }], null, claim.run.claimedAt);
}

test("the loop leaves tasks at work, unknown ones and marks alone", async (t) => {
  const stage = await scene(t);
  await tidyOnce(stage, ["SHOP-1", "SHOP-1.ready", "SHOP-9"]);
  assert.deepEqual(stage.deeds, []);
});

test("a task that was cancelled is put away once nothing runs for it any more", async (t) => {
  const stage = await scene(t);
  await cancel(stage);
  await tidyOnce(stage, ["SHOP-1"]);
  assert.deepEqual(stage.deeds, []);
  const killed = failure("cancelled", "not wanted", "killed");
  stage.machine.gitFails.set("remove", "busy");
  await concludeRun(stage.ports, stage.claim.run, killed, stage.signal);
  stage.machine.gitFails.clear();
  stage.deeds.length = 0;
  await tidyOnce(stage, ["SHOP-1"]);
  assert.deepEqual(stage.deeds, ["prepare", "commit", "remove"]);
});

test("Images of a task stay as long as it goes on, or anything runs for it; nobody else's folder is touched", async (t) => {
  const stage = await scene(t);
  assert.deepEqual(await tidyOnce(stage, [], ["SHOP-1", "SHOP-9", "notes"]), []);
  await cancel(stage);
  assert.deepEqual(await tidyOnce(stage, [], ["SHOP-1"]), []);
  await concludeRun(stage.ports, stage.claim.run, failure("cancelled", "not wanted", "killed"), stage.signal);
  assert.deepEqual(await tidyOnce(stage, [], ["SHOP-1"]), ["/images/SHOP-1"]);
});
