/** Kept work is pushed or forgotten in git first, then in its row; once, and never under an agent's hands (I15). */

import assert from "node:assert/strict";
import { test } from "node:test";
import { keptScene } from "./kept-scene.ts";

test("I15: publishing pushes, writes down where, and only then lets the ref go", async (t) => {
  const { works, keep, row, deeds, store, history } = await keptScene(t);
  const settled = await works.publish(await keep("ci"));
  assert.deepEqual(settled.kind === "ok" && [settled.kept.status, settled.kept.branch, settled.kept.commit], [
    "published",
    "b-ci",
    "c0ffee",
  ]);
  assert.deepEqual(deeds, ["push b-ci", "drop refs/ci"]);
  assert.equal((await row("ci")).status, "published");
  const task = await store.tasks.get("SHOP-1");
  assert.deepEqual([task?.branch, task?.commit, task?.files], ["b-ci", "c0ffee", 1]);
  assert.deepEqual((await history()).slice(-2), ["work.kept", "work.published"]);
});

test("I15: what git does not do stays kept, says why, and may be asked for again", async (t) => {
  const { works, keep, row, fails, deeds } = await keptScene(t);
  const kept = await keep("ci");
  fails.set("push", "no route to host").set("drop", "disk full");
  assert.deepEqual(await works.publish(kept), { kind: "failed", reason: "no route to host" });
  assert.deepEqual(await works.drop(kept), { kind: "failed", reason: "disk full" });
  assert.equal((await row("ci")).status, "kept");
  fails.clear();
  assert.equal((await works.drop(kept)).kind, "ok");
  assert.deepEqual(deeds, ["push b-ci", "drop refs/ci", "drop refs/ci"]);
  assert.equal((await row("ci")).status, "dropped");
});

test("I15: of two who settle the same work at once one does, and the other is told so", async (t) => {
  const { works, keep, deeds } = await keptScene(t);
  const kept = await keep("ci");
  const [first, second] = await Promise.all([works.publish(kept), works.drop(kept)]);
  assert.equal(first.kind, "ok");
  assert.deepEqual(second, {
    kind: "refused",
    state: "published",
    reason: "ci of SHOP-1 is published already",
  });
  assert.deepEqual(deeds, ["push b-ci", "drop refs/ci"]);
});

test("I15: work that took the place of what was asked about is left alone", async (t) => {
  const { works, keep, row, deeds } = await keptScene(t);
  const seen = await keep("ci");
  await keep("ci", "beef");
  const dropped = await works.drop(seen);
  assert.deepEqual([dropped.kind, dropped.kind === "refused" && dropped.state], ["refused", "kept"]);
  assert.deepEqual(deeds, []);
  assert.equal((await row("ci")).commit, "beef");
});

test("I15: while an agent is at work on the task its refs stay, because its work may come to stand under them", async (t) => {
  const { works, keep, deeds, store, clock } = await keptScene(t);
  const [one, two] = [await keep("ci"), await keep("stash")];
  assert.ok(await store.jobs.claim({ run: "r", concurrency: 1, now: clock.now() }));
  assert.equal((await works.drop(one)).kind, "refused");
  assert.equal((await works.publish(two)).kind, "ok");
  assert.deepEqual(deeds, ["push b-stash"]);
});

test("work of a project that is not in the configuration stays, and says so", async (t) => {
  const { works, keep, projects, deeds } = await keptScene(t);
  const kept = await keep("ci");
  projects.clear();
  const reason = "project shop is not in the configuration";
  for (const act of [works.publish, works.drop, works.expire, works.show])
    assert.deepEqual(await act(kept), { kind: "failed", reason });
  assert.deepEqual(deeds, []);
});
