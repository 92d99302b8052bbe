/** What people do to the pull request of a task: each in every state, and once. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { PullChanged } from "../../../../workflow/decide/pulls/pull-changed.ts";
import { type PullStatus, pullMoves } from "../../../../workflow/phases/pull.ts";
import { type TaskStatus, taskMoves } from "../../../../workflow/states.ts";
import { SINGLE } from "../../../../workflow/workflow.ts";
import { begin, claim, put, type World } from "../applied.ts";
import { starting } from "../phases.ts";
import { snapshot, task } from "../snapshot.ts";
import { BRANCH, changed, MERGES, row, shown, withPull } from "./pulls.ts";

function stands({ snapshot: { task, phases, pull } }: World): string {
  const current = phases.at(-1);
  return `${task?.status} ${current?.phase}#${current?.cycle} ${current?.status} pull=${pull?.status ?? "none"}`;
}

test("G6: who merges it by hand ends the wait for it, and the task is done with the verdict merged", () => {
  const world = shown(MERGES);
  assert.equal(stands(world), "active merge#1 running pull=open");
  assert.equal(put(world, changed("merged")).kind, "change");
  assert.equal(stands(world), "done merge#1 completed pull=merged");
  const { verdict, commit } = world.snapshot.phases.at(-1) ?? assert.fail();
  assert.deepEqual([verdict, commit], ["merged", "beef"]);
  assert.deepEqual(world.history.slice(-4), ["pull.merged", "merge.done", "phase.completed", "task.done"]);
  assert.equal(put(world, changed("merged", { key: "told otherwise" })).kind, "ignore", "it is one effect");
});

test("G6: who merges it while its agent works ends nothing; who closes it has ended the task, unless that is done", () => {
  const working = withPull(begin(MERGES, starting(MERGES)), row());
  claim(working);
  put(working, changed("merged"));
  assert.equal(stands(working), "active work#1 running pull=merged");
  const closed = shown(MERGES);
  put(closed, changed("closed"));
  assert.equal(stands(closed), "cancelled merge#1 failed pull=closed");
  assert.equal(closed.snapshot.task?.reason, "pull request 7 was closed by ann and not merged");
  assert.equal(put(closed, changed("closed")).kind, "ignore");
  const done = shown(SINGLE);
  put(done, changed("closed"));
  assert.equal(stands(done), "done work#1 completed pull=closed");
});

test("G6: one that is opened again goes on, and is closed once more by the same words", () => {
  const world = shown(SINGLE);
  const closed = changed("closed");
  for (const what of ["closed", "reopened", "closed"] as const) {
    world.snapshot = { ...world.snapshot, seen: what === "closed" && world.history.includes("pull.closed") };
    assert.equal(put(world, what === "closed" ? closed : changed(what)).kind, "change", what);
  }
  assert.equal(world.snapshot.pull?.status, "closed");
});

test("G6: what others push is told to the next run, once; our own push is nobody's news", () => {
  const world = shown(MERGES);
  const theirs = { ...changed("pushed").pull, commit: "d00d" };
  assert.equal(put(world, changed("pushed")).kind, "ignore", "it is what the task has published");
  assert.equal(put(world, changed("pushed", { pull: theirs })).kind, "change");
  assert.match(world.said.join(), /^ann has pushed to .* up to commit d00d\.[\s\S]*git merge d00d/);
  assert.equal(put(world, changed("pushed", { pull: theirs, key: "looked" })).kind, "ignore");
  assert.equal(world.said.length, 1);
});

test("U3: a person's own pull request of the branch is taken over, and no stranger's, nor one to somewhere else", () => {
  const none = (): World => withPull(shown(SINGLE), null);
  const world = none();
  put(world, changed("opened"));
  assert.deepEqual([world.snapshot.pull?.number, world.snapshot.pull?.isOurs], [7, false]);
  const { pull } = changed("opened");
  for (const [why, more] of [
    ["does not trust", { isTrusted: false }],
    ["into release", { pull: { ...pull, base: "release" } }],
    ["another branch", { pull: { ...pull, branch: "main" } }],
  ] as const) {
    const decision = put(none(), changed("opened", more));
    assert.match(decision.kind === "ignore" ? decision.reason : decision.kind, new RegExp(why));
  }
  const other = put(shown(SINGLE), changed("closed", { pull: { ...pull, number: 6 } }));
  assert.equal(other.kind, "ignore", "it goes on with another one");
});

test("every change in every state of task and pull request is decided, and its row moves as its machine says", () => {
  const whats: readonly PullChanged["what"][] = ["opened", "reopened", "closed", "merged", "pushed"];
  const statuses: readonly (PullStatus | null)[] = [null, ...pullMoves.statuses];
  for (const status of taskMoves.statuses as readonly TaskStatus[])
    for (const pull of statuses)
      for (const what of whats) {
        const now = { ...task(status), branch: BRANCH, base: "main", commit: "a" };
        const world = {
          ...shown(SINGLE),
          snapshot: snapshot({ task: now, pull: pull === null ? null : row({ status: pull }) }),
        };
        const decision = put(world, changed(what));
        const told = `${what} of ${pull} while ${status}: ${decision.kind}`;
        assert.ok(["change", "ignore"].includes(decision.kind), told);
        if (what === "merged") assert.equal(world.snapshot.pull?.status, "merged", told);
        if (what === "closed" && pull !== "merged") assert.equal(world.snapshot.pull?.status, "closed", told);
        if (!taskMoves.final.includes(status) && what === "closed" && (pull === null || pull === "open"))
          assert.equal(world.snapshot.task?.status, "cancelled", told);
        else assert.equal(world.snapshot.task?.status, status, told);
      }
});
