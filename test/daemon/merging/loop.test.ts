/** The loop of merges: one at a time for a repository, and as many as there are repositories. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { mergeLoop } from "../../../daemon/merging/loop.ts";
import { mergeOne } from "../../../daemon/merging/merge.ts";
import { createWake } from "../../../system/wake.ts";
import { MERGED, type MergingScene, mergingScene } from "./scene.ts";

interface Going {
  /** Resolves when the loop has ended. */
  readonly ended: Promise<void>;
  stop(): void;
  until(holds: () => boolean | Promise<boolean>): Promise<void>;
}

function going(scene: MergingScene): Going {
  const end = new AbortController();
  const ended = mergeLoop(
    {
      ...{ ...scene, wake: createWake(scene.clock) },
      mergeOne: (merge, task) => mergeOne(scene, merge, task),
    },
    end.signal,
  );
  return {
    ended,
    stop: () => end.abort(),
    until: async (holds) => {
      for (let turns = 0; !(await holds()); turns++) {
        assert.ok(turns < 10_000, "waited in vain");
        await scene.clock.sleep(0);
      }
    },
  };
}

test("D8: two tasks of one repository are merged one after the other, and those of another at the same time", async (t) => {
  const scene = await mergingScene(t, ["mill", "shop"]);
  const keys = [await scene.task(1), await scene.task(2), await scene.task(3)];
  const open: (() => void)[] = [];
  scene.answers = () => new Promise((resolve) => open.push(() => resolve(MERGED)));
  const loop = going(scene);
  await loop.until(() => open.length === 2);
  for (let turns = 0; turns < 50; turns++) await scene.clock.sleep(0);
  assert.deepEqual(scene.asked, [`${keys[0]} c0ffee`, `${keys[1]} c0ffee`], "the third waits for the first");
  for (const done of open.splice(0)) done();
  await loop.until(() => open.length === 1);
  for (const done of open.splice(0)) done();
  await loop.until(async () => (await scene.store.merges.nextDue()) === null);
  loop.stop();
  await loop.ended;
  for (const key of keys) assert.equal((await scene.store.tasks.get(key))?.status, "done");
});

test("D8: what is under way is seen to its end, and a defect ends the loop", async (t) => {
  const scene = await mergingScene(t);
  await scene.task(1);
  let done = (): void => assert.fail();
  scene.answers = () => new Promise((resolve) => (done = () => resolve(MERGED)));
  const loop = going(scene);
  await loop.until(() => scene.asked.length === 1);
  loop.stop();
  done();
  await loop.ended;
  assert.equal(await scene.store.merges.nextDue(), null);
  await scene.task(2);
  scene.answers = async () => {
    throw new TypeError("defect");
  };
  await assert.rejects(going(scene).ended, TypeError);
});
