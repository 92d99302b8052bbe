/** One merge: what git answers, what becomes of it, and what is never merged. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { MERGE_PAUSES_MS, mergeOne } from "../../../daemon/merging/merge.ts";
import { ask } from "../../../store/settle.ts";
import type { NewKept } from "../../../workflow/kept.ts";
import { aboutTask } from "../../../workflow/subject.ts";
import { asking, keeping, type MergingScene, mergingScene } from "./scene.ts";

/** The merge of this task is tried once. @returns how it stands, and the task */
async function tried(scene: MergingScene, key: string): Promise<string> {
  const { store } = scene;
  const [merge] = (await store.merges.ofTask(key)).slice(-1);
  await mergeOne(scene, merge ?? assert.fail(), (await store.tasks.get(key)) ?? assert.fail());
  const now = (await store.merges.ofTask(key)).at(-1);
  const task = await store.tasks.get(key);
  return `${now?.status} ${task?.status}${task?.reason == null ? "" : `: ${task.reason}`}`;
}

test("D8: what git has merged, or need not merge, is written down", async (t) => {
  const scene = await mergingScene(t);
  const key = await scene.task(1);
  assert.equal(await tried(scene, key), "done done");
  assert.deepEqual(scene.asked, [`${key} c0ffee`]);
  const none = await scene.task(2, null);
  assert.match(await tried(scene, none), /^done done/);
  assert.deepEqual(
    (await scene.store.phases.ofTask(none)).map(({ verdict }) => verdict),
    [null, "nothing"],
  );
  assert.equal(scene.asked.length, 1, "there is nothing that git could merge");
});

test("D8: a merge tells the branch that its task has pinned, whatever its project's is by now", async (t) => {
  const scene = await mergingScene(t);
  const key = await scene.task(1);
  const shop = scene.projects.get("shop") ?? assert.fail();
  scene.projects.set("shop", { ...shop, baseBranch: "trunk" });
  assert.equal(await tried(scene, key), "done done");
  const told = await scene.store.events.of(aboutTask(key), 0, 100);
  assert.equal(told.find(({ kind }) => kind === "merge.done")?.data["base"], "main");
  assert.match((await scene.store.merges.ofTask(key))[0]?.reason ?? "", /^merged into main, /);
});

test("D8: what may pass is tried again for about an hour, and its row says why and when", async (t) => {
  const scene = await mergingScene(t);
  const key = await scene.task(1);
  scene.answers = async () => ({ kind: "failed", reason: "no route to host" });
  for (const pause of MERGE_PAUSES_MS) {
    assert.equal(await tried(scene, key), "pending active");
    const row = (await scene.store.merges.ofTask(key)).at(-1);
    assert.deepEqual([row?.reason, row?.dueAt], ["no route to host", scene.clock.now() + pause]);
  }
  assert.equal(await tried(scene, key), "failed failed: no route to host");
});

test("D8: what the remote refuses fails at once; what does not fit says so, with names as they are", async (t) => {
  const scene = await mergingScene(t);
  scene.answers = async () => ({ kind: "ok", value: { kind: "refused", reason: "protected branch" } });
  assert.equal(await tried(scene, await scene.task(1)), "failed failed: protected branch");
  scene.answers = async () => ({ kind: "ok", value: { kind: "conflict", commit: "beef", paths: ["a"] } });
  assert.match(
    await tried(scene, await scene.task(2)),
    /^failed failed: it does not fit main as of commit beef/,
  );
});

test("D8: what the machine is short of passes, and a defect is none of its business", async (t) => {
  const scene = await mergingScene(t);
  const key = await scene.task(1);
  scene.answers = async () => {
    throw Object.assign(new Error("no space left"), { code: "ENOSPC" });
  };
  assert.equal(await tried(scene, key), "pending active");
  scene.answers = async () => {
    throw new TypeError("defect");
  };
  await assert.rejects(tried(scene, key), TypeError);
});

test("D8: a project that merges no more, or is gone, merges nothing", async (t) => {
  const scene = await mergingScene(t);
  const [first, second] = [await scene.task(1), await scene.task(2)];
  const shop = scene.projects.get("shop") ?? assert.fail();
  scene.projects.set("shop", { ...shop, publish: { ...shop.publish, merge: false } });
  assert.match(await tried(scene, first), /^failed failed: project shop merges no more/);
  scene.projects.clear();
  assert.equal(await tried(scene, second), "pending active");
  assert.deepEqual(scene.asked, []);
});

const WORK: NewKept = {
  ...{ name: "ci", ref: "refs/k", commit: "d00d", branch: "chargehand/SHOP-1", files: 1 },
  ...{ reason: "it changes CI", remedy: null },
};

async function published({ store, clock }: MergingScene, key: string, work: NewKept): Promise<void> {
  await ask(store, [keeping(key, work)], null, clock.now());
  const row = (await store.kept.ofTask(key)).find(({ ref }) => ref === work.ref);
  const { commit, branch } = work;
  const settle = { kind: "settle_kept", ...asking(key), key: `s:${work.ref}`, id: row?.id ?? 0 } as const;
  await ask(store, [{ ...settle, move: "publish", commit, branch }], null, clock.now());
}

test("I15: work that is kept for a person is merged only when it is published, and may change CI then", async (t) => {
  const scene = await mergingScene(t);
  const { store, clock } = scene;
  const key = await scene.task(1);
  await ask(store, [keeping(key, WORK)], null, clock.now());
  assert.match(
    await tried(scene, key),
    /^failed failed: work of it is kept and not published, because it changes CI; publish what is wanted \(chargehand kept publish/,
  );
  await published(scene, key, WORK);
  await ask(store, [{ kind: "retry_task", ...asking(key), key: "r" }], null, clock.now());
  const wishes: unknown[] = [];
  scene.answers = async ({ allowCi, allowed, isWanted }) => {
    wishes.push(allowCi, allowed, await isWanted());
    return { kind: "ok", value: { kind: "merged", commit: "beef" } };
  };
  assert.equal(await tried(scene, key), "done done");
  assert.deepEqual([scene.asked, wishes], [[`${key} d00d`], [false, ["d00d"], true]]);
});

test("I14: only what a person has published as the task's work is a yes for CI, and nothing that a run has", async (t) => {
  const scene = await mergingScene(t);
  const key = await scene.task(1, "d00d", [WORK]);
  const statuses = async () => (await scene.store.kept.ofTask(key)).map(({ status }) => status);
  assert.deepEqual(await statuses(), ["included"]);
  await published(scene, key, {
    ...WORK,
    name: "beside",
    ref: "refs/b",
    branch: "chargehand/SHOP-1--beside",
  });
  assert.deepEqual(await statuses(), ["published", "included"]);
  const wishes: unknown[] = [];
  scene.answers = async ({ allowCi, allowed }) => {
    wishes.push(allowCi, allowed);
    return { kind: "ok", value: { kind: "refused", reason: "it changes CI" } };
  };
  assert.equal(await tried(scene, key), "failed failed: it changes CI");
  assert.deepEqual(wishes, [false, []]);
});

test("D8: who cancels a task while it is merged finds that it is wanted no more", async (t) => {
  const scene = await mergingScene(t);
  const key = await scene.task(1);
  const wanted: boolean[] = [];
  scene.answers = async ({ isWanted }) => {
    const cancel = { kind: "cancel_task", ...asking(key), key: "c", reason: "enough" } as const;
    await ask(scene.store, [cancel], null, scene.clock.now());
    wanted.push(await isWanted());
    return { kind: "ok", value: { kind: "delayed", reason: "it is wanted no more" } };
  };
  assert.equal(await tried(scene, key), "abandoned cancelled: enough");
  assert.deepEqual(wanted, [false]);
});
