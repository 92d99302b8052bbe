/** The loop of merges: one at a time for a repository, and as many as there are repositories. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { mergeLoop } from "../../../daemon/merging/loop.ts";
import { mergeOne } from "../../../daemon/merging/merge.ts";
import { StoreFault } from "../../../store/engine/engine.ts";
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

test("D8: a merge that cannot go on stands back, and keeps neither the processor nor its repository", async (t) => {
  const scene = await mergingScene(t);
  const keys = [await scene.task(1), await scene.task(2)];
  const end = new AbortController();
  const tries: string[] = [];
  const looks: number[] = [];
  const { merges } = scene.store;
  const due = async (now: number): ReturnType<typeof merges.due> => {
    looks.push(now);
    return merges.due(now);
  };
  const sleep = (ms: number): Promise<void> => {
    scene.clock.move(ms);
    return scene.clock.sleep(ms);
  };
  const clock = { ...scene.clock, sleep };
  const ended = mergeLoop(
    {
      ...{ ...scene, clock, wake: createWake(clock), store: { ...scene.store, merges: { ...merges, due } } },
      mergeOne: async ({ task }) => {
        tries.push(task);
        if (task === keys[1]) throw new StoreFault("busy", "locked", "wait");
        return false;
      },
    },
    end.signal,
  );
  for (let turns = 0; turns < 500; turns++) await scene.clock.sleep(0);
  const seconds = (scene.clock.now() - (looks[0] ?? 0)) / 1_000;
  assert.deepEqual(tries.slice(0, 2), keys, "the second has its turn");
  assert.ok(seconds >= 30, `${seconds}`);
  assert.ok(looks.length <= seconds + 2, `looked ${looks.length} times in ${seconds} s`);
  assert.ok(tries.length <= 2 * (seconds / 15 + 1), `tried ${tries.length} times in ${seconds} s`);
  end.abort();
  await ended;
});

test("D8: nothing is begun after the end, and a defect on the way out is heard", async (t) => {
  const scene = await mergingScene(t, ["mill", "shop"]);
  for (const number of [1, 2]) await scene.task(number);
  const end = new AbortController();
  const { tasks } = scene.store;
  const get = async (key: string) => {
    end.abort();
    return tasks.get(key);
  };
  let begun = 0;
  const loop = mergeLoop(
    {
      ...{ ...scene, wake: createWake(scene.clock), store: { ...scene.store, tasks: { ...tasks, get } } },
      mergeOne: async () => {
        begun += 1;
        await scene.clock.sleep(0);
        throw new TypeError("defect");
      },
    },
    end.signal,
  );
  await assert.rejects(loop, TypeError);
  assert.equal(begun, 1);
});
