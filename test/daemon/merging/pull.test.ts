/** Merges by pull requests: what their host answers, what becomes of it, and that each is done once. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { MERGE_PAUSES_MS, mergeOne } from "../../../daemon/merging/merge.ts";
import type { MergeTried } from "../../../forges/tell.ts";
import { ask } from "../../../store/settle.ts";
import { explainMerge } from "../../../workflow/explain/asked.ts";
import type { SeenPull } from "../../../workflow/phases/pull.ts";
import { aboutTask } from "../../../workflow/subject.ts";
import { reviewed } from "../../workflow/decide/pulls/pulls.ts";
import { type MergingScene, mergingScene } from "./scene.ts";
import { type StrictForge, strictForge } from "./strict-forge.ts";

interface Scene {
  readonly scene: MergingScene;
  readonly forge: StrictForge;
  readonly key: string;
}

/** A task whose work stands in pull request 7, and is to be merged. */
async function showing(t: Parameters<typeof mergingScene>[0], forge = strictForge("c0ffee")): Promise<Scene> {
  const scene = await mergingScene(t);
  const shop = scene.projects.get("shop") ?? assert.fail();
  const pull = { draft: true, closes: false, method: "merge", deleteBranch: true } as const;
  scene.projects.set("shop", { ...shop, publish: { ...shop.publish, to: "pull_request", pull } });
  scene.forge = forge;
  const key = await scene.task(1);
  return { scene, forge, key };
}

async function opened({ scene: { store, clock }, key }: Scene, more: Partial<SeenPull> = {}): Promise<void> {
  const pull: SeenPull = {
    ...{ source: "github", repo: "acme/shop", number: 7, branch: `chargehand/${key}`, commit: "c0ffee" },
    ...{ url: "https://github.com/acme/shop/pull/7", isDraft: false, isOurs: true },
    ...more,
  };
  assert.equal((await ask(store, [{ kind: "pull_told", task: key, pull }], null, clock.now())).kind, "done");
}

async function tried({ scene, key }: Scene): Promise<string> {
  const { store } = scene;
  const [merge] = (await store.merges.ofTask(key)).slice(-1);
  await mergeOne(scene, merge ?? assert.fail(), (await store.tasks.get(key)) ?? assert.fail());
  const now = (await store.merges.ofTask(key)).at(-1);
  const task = await store.tasks.get(key);
  return `${now?.status} ${task?.status}${now?.reason == null ? "" : `: ${now.reason}`}`;
}

async function kinds({ scene: { store }, key }: Scene): Promise<readonly string[]> {
  return (await store.events.of(aboutTask(key), 0, 100)).map(({ kind }) => kind);
}

test("G6: it is merged by its host, by its head, with a safe title, and both rows say so", async (t) => {
  const scene = await showing(t);
  assert.equal(await tried(scene), "pending active: its pull request is not open yet");
  await opened(scene);
  assert.match(await tried(scene), /^done done: merged into main, by commit beef/);
  assert.deepEqual(scene.forge.merged, [`c0ffee merge Merge ${scene.key}: Login fails (#7)`]);
  const pull = await scene.scene.store.pulls.newest("shop", `chargehand/${scene.key}`);
  assert.deepEqual([pull?.status, pull?.mergedAs], ["merged", "beef"]);
  assert.deepEqual((await kinds(scene)).slice(-4), [
    "pull.merged",
    "merge.done",
    "phase.completed",
    "task.done",
  ]);
  assert.deepEqual(scene.scene.asked, [], "git pushes nothing");
});

test("G6: what an agent has judged is said before it is merged, and keeps it from that for a minute at most", async (t) => {
  const scene = await showing(t);
  const { store, clock } = scene.scene;
  await opened(scene);
  const wish = {
    number: 7,
    commit: "c0ffee",
    said: "approved",
    text: "Good.",
    by: "careful",
    as: null,
  } as const;
  const face = { source: "github", place: "acme/shop", item: "", aspect: "verdict-1", wish } as const;
  await store.faces.wish(scene.key, [face], clock.now());
  assert.match(
    await tried(scene),
    /^pending active: what an agent has judged is not said yet at pull request 7/,
  );
  assert.equal(scene.forge.asked, 0);
  const told = { kind: "verdict_told", task: scene.key, review: "991", by: "careful" } as const;
  const pull = { source: "github", repo: "acme/shop", number: 7 } as const;
  await ask(store, [{ ...told, pull, said: "approved", commit: "c0ffee" }], null, clock.now());
  assert.equal((await store.merges.ofTask(scene.key)).at(-1)?.dueAt, clock.now(), "it is hastened");
  clock.move(60_000);
  assert.match(await tried(scene), /^done done/);
});

test("G6: one that stands in the queue of its base waits there, and what was found there goes the way of a conflict", async (t) => {
  const scene = await showing(t);
  await opened(scene);
  const seen: boolean[] = [];
  const queue = (value: MergeTried): void => {
    scene.scene.forge = {
      merge: async (_repo, _number, { wasQueued }) => {
        seen.push(wasQueued);
        return { kind: "ok", value };
      },
    };
  };
  queue({ kind: "waits", for: "queue", reason: "it stands in the merge queue of main" });
  const waits = "pending active: pull request 7 of acme/shop: it stands in the merge queue of main";
  for (let look = 0; look < 30; look += 1) assert.equal(await tried(scene), waits, "for as long as it takes");
  const { store } = scene.scene;
  const [row] = await store.merges.ofTask(scene.key);
  const task = (await store.tasks.get(scene.key)) ?? assert.fail();
  const told = explainMerge({ task, merge: row } as Parameters<typeof explainMerge>[0]);
  assert.match(told?.reason ?? "", /waits for the queue of its base before/);
  assert.equal((await kinds(scene)).filter((kind) => kind === "merge.waits").length, 1);
  queue({
    kind: "dropped",
    because: "checks",
    reason: "it was taken out of the merge queue of main: CI_FAILURE",
  });
  assert.match(await tried(scene), /^failed failed: changes are requested by the merge queue/);
  assert.deepEqual(seen.slice(0, 2), [false, true]);
  assert.equal(seen.at(-1), true);
});

test("G6: whoever takes it out of the queue by hand has to say so when it is to go on", async (t) => {
  const scene = await showing(t);
  await opened(scene);
  scene.scene.forge = {
    merge: async () => ({
      kind: "ok",
      value: { kind: "dropped", because: "other", reason: "it was taken out: MANUAL" },
    }),
  };
  assert.match(
    await tried(scene),
    /^failed failed: pull request 7 of acme\/shop: it was taken out: MANUAL; to put it there again: chargehand retry SHOP-1/,
  );
});

test("G6: a daemon that died between the merge and its record finds it merged, and merges nothing twice", async (t) => {
  const scene = await showing(t);
  await opened(scene);
  const how = { commit: "c0ffee", base: "main", method: "merge", title: null, wasQueued: false } as const;
  await scene.forge.merge("acme/shop", 7, how);
  assert.match(await tried(scene), /^done done/);
  assert.equal(scene.forge.merged.length, 1);
});

test("G6: people and checks are waited for without an end, told once, and what is heard hastens the next look", async (t) => {
  const scene = await showing(t, strictForge("c0ffee", 1));
  await opened(scene);
  scene.forge.pull.pending.push("test");
  const { store, clock } = scene.scene;
  for (let round = 0; round < 20; round++)
    assert.match(
      await tried(scene),
      /^pending active: pull request 7 of acme\/shop: Required status check "test"/,
    );
  scene.forge.pull.pending.pop();
  for (let round = 0; round < 20; round++)
    assert.match(await tried(scene), /^pending active: .* approving review/);
  const row = (await store.merges.ofTask(scene.key)).at(-1) ?? assert.fail();
  assert.deepEqual([row.waitsFor, row.tries], ["people", 0], "nobody has failed");
  const task = (await store.tasks.get(scene.key)) ?? assert.fail();
  const told = explainMerge({ task, merge: row } as Parameters<typeof explainMerge>[0]);
  assert.match(told?.reason ?? "", /^SHOP-1 waits for people before it is merged, in its phase merge: /);
  assert.equal(told?.remedy, "look at its pull request: chargehand task SHOP-1");
  assert.equal((await kinds(scene)).filter((kind) => kind === "merge.waits").length, 2);
  const notices = (await store.outbox.due("notice", clock.now(), 10)).filter(
    ({ kind }) => kind === "merge.waits",
  );
  assert.equal(notices.length, 1, "people are told that they are waited for, and nobody of checks");
  assert.ok(((await store.merges.nextDue()) ?? 0) > clock.now());
  scene.forge.pull.approvals = 1;
  const target = { key: scene.key };
  await ask(store, [reviewed("approved", { target })], null, clock.now());
  assert.equal(await store.merges.nextDue(), clock.now(), "it is looked at again at once");
  assert.match(await tried(scene), /^done done/);
});

test("G6: what others have pushed is not merged; what its host has not seen yet is waited for", async (t) => {
  const scene = await showing(t);
  await opened(scene);
  scene.forge.pull.head = "d00d";
  assert.match(await tried(scene), /^failed failed: others have pushed to chargehand\/SHOP-1 meanwhile/);
  const slow = await showing(t);
  await opened(slow, { commit: "0ld" });
  slow.forge.pull.head = "0ld";
  assert.match(await tried(slow), /^pending active: .* does not show yet what was pushed last/);
  assert.deepEqual([...scene.forge.merged, ...slow.forge.merged], []);
});

test("G6: what does not fit is told with the files that git finds", async (t) => {
  const scene = await showing(t);
  await opened(scene);
  scene.forge.pull.fits = false;
  scene.scene.answers = async ({ isWanted }) => {
    assert.equal(await isWanted(), false, "git only looks");
    return { kind: "ok", value: { kind: "conflict", commit: "ba5e", paths: ["a.ts"] } };
  };
  assert.match(
    await tried(scene),
    /^failed failed: it does not fit main as of commit ba5e: both have changed 1 file/,
  );
});

test("G6: drafts and trouble that may pass are tried for about an hour; what will not pass says so at once", async (t) => {
  const scene = await showing(t);
  await opened(scene, { isDraft: true });
  for (const _ of MERGE_PAUSES_MS) assert.match(await tried(scene), /^pending active: .* still a draft/);
  assert.match(await tried(scene), /^failed failed/);
  assert.equal(scene.forge.asked, 0);
  const theirs = await showing(t);
  await opened(theirs);
  theirs.forge.pull.isDraft = true;
  assert.match(await tried(theirs), /^failed failed: .* is a draft; mend it/, "a person has made it one");
  const refused = await showing(t, strictForge("c0ffee", 0, ["squash"]));
  await opened(refused);
  assert.match(
    await tried(refused),
    /merge is not allowed on this repository; mend it, then: chargehand retry SHOP-1$/,
  );
  const down = await showing(t);
  await opened(down);
  down.forge.trouble = { kind: "unreachable", reason: "no route to host", neverSent: true };
  assert.match(await tried(down), /^pending active: .* no route to host/);
});

test("G6: nothing is merged of a task that was cancelled meanwhile, or without anybody to merge it", async (t) => {
  const scene = await showing(t);
  await opened(scene);
  const { store, clock } = scene.scene;
  const [merge] = await store.merges.ofTask(scene.key);
  const cancel = { kind: "cancel_task", project: "shop", by: { kind: "cli", name: "op" }, key: "c" } as const;
  await ask(
    store,
    [{ ...cancel, because: "x", target: { key: scene.key }, reason: "enough" }],
    null,
    clock.now(),
  );
  const task = (await store.tasks.get(scene.key)) ?? assert.fail();
  await mergeOne(scene.scene, merge ?? assert.fail(), task);
  assert.equal(scene.forge.asked, 0);
  const alone = await showing(t);
  await opened(alone);
  alone.scene.forge = null;
  assert.match(await tried(alone), /^pending active: no source of project shop can merge/);
});
