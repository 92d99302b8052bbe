/** Merges: phases without an agent, what each end of one does, and that it is decided once. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { MergeOutcome } from "../../../../workflow/decide/gates/merge-ended.ts";
import type { Workflow, WorkflowPhase } from "../../../../workflow/workflow.ts";
import { begin, put, type World } from "../applied.ts";
import { phase, starting, succeed } from "../phases.ts";

const MERGED: MergeOutcome = { kind: "merged", base: "main", commit: "0123456789abcdef" };
const CONFLICT: MergeOutcome = {
  kind: "conflict",
  base: "main",
  commit: "beef",
  paths: ["a.txt", 'b "x".txt'],
};

function flow(routes: WorkflowPhase["routes"]): Workflow {
  const merge = phase("merge", { role: "chargehand", merge: { as: "fast_forward" }, routes });
  return { name: "flow", description: "", phases: [phase("work", { cyclesMax: 2 }), merge, phase("deploy")] };
}

const BACK = { conflict: { to: "phase", phase: "work" }, nothing: { to: "done" } } as const;

/** A task whose work is pushed, and is to be merged. */
function merging(routes: WorkflowPhase["routes"] = BACK): World {
  const workflow = flow(routes);
  const world = begin(workflow, starting(workflow));
  assert.equal(succeed(world), "work");
  return world;
}

function ends(world: World, outcome: MergeOutcome, seq = world.snapshot.phases.length): string {
  return put(world, { kind: "merge_ended", task: "SHOP-12", seq, outcome }).kind;
}

function stands({ snapshot: { task, phases, jobs } }: World): string {
  const current = phases.at(-1);
  const live = jobs.filter(({ status }) => ["queued", "held", "running"].includes(status)).length;
  return `${task?.status} ${current?.phase}#${current?.cycle} ${current?.status} jobs=${live}`;
}

const asked = {
  project: "shop",
  by: { kind: "cli", name: "op" },
  because: "asked",
  target: { key: "SHOP-12" },
} as const;

test("D8, I7: what is merged has no job, is played by nobody's agent, and goes on when it is merged", () => {
  const world = merging();
  assert.equal(stands(world), "active merge#1 running jobs=0");
  assert.deepEqual(world.snapshot.task?.agents, { work: "developer", deploy: "developer" });
  assert.equal(world.snapshot.phases.at(-1)?.agent, "chargehand");
  assert.equal(ends(world, MERGED), "change");
  assert.equal(stands(world), "active deploy#1 running jobs=1");
  const { verdict, commit, summary } = world.snapshot.phases[1] ?? assert.fail();
  assert.deepEqual(
    [verdict, commit, summary],
    ["merged", "0123456789abcdef", "merged into main, by commit 0123456789ab"],
  );
  assert.equal(world.snapshot.task?.commit, "c0ffee", "its own work is still what it has published");
  assert.equal(ends(world, MERGED, 2), "ignore", "it is decided once");
  succeed(world);
  assert.equal(stands(world), "done deploy#1 completed jobs=0");
});

test("D8: what does not fit goes back, is told as feedback, and not for ever", () => {
  const world = merging();
  ends(world, CONFLICT);
  assert.equal(stands(world), "active work#2 running jobs=1");
  assert.match(
    world.said.join(),
    /does not fit the branch main any more[\s\S]*git merge beef[\s\S]*\n- "a\.txt"\n- "b \\"x\\"\.txt"$/,
  );
  succeed(world);
  ends(world, CONFLICT);
  assert.equal(stands(world), "failed merge#2 completed jobs=0");
  assert.match(world.snapshot.task?.reason ?? "", /^phase work was played 2 times, which is its max_cycles/);
});

test("D8: what does not fit, and leads nowhere, fails the task and says so", () => {
  const world = merging({ conflict: { to: "fail" } });
  ends(world, CONFLICT);
  assert.equal(stands(world), "failed merge#1 failed jobs=0");
  assert.match(
    world.snapshot.task?.reason ?? "",
    /^it does not fit main as of commit beef: both have changed 2 files/,
  );
});

test("D8: with nothing to merge it goes where the workflow says, or on", () => {
  const done = merging();
  ends(done, { kind: "nothing" });
  assert.equal(stands(done), "done merge#1 completed jobs=0");
  const on = merging({ conflict: { to: "fail" } });
  ends(on, { kind: "nothing" });
  assert.equal(stands(on), "active deploy#1 running jobs=1");
});

test("D8: what could not be merged fails the task, and a retry merges it", () => {
  const world = merging();
  ends(world, { kind: "failed", reason: "the remote refused it: protected branch" });
  assert.equal(stands(world), "failed merge#1 failed jobs=0");
  assert.equal(world.snapshot.task?.reason, "the remote refused it: protected branch");
  put(world, { kind: "retry_task", ...asked, key: "r" });
  assert.equal(stands(world), "active merge#2 running jobs=0");
  ends(world, MERGED);
  assert.equal(stands(world), "active deploy#1 running jobs=1");
});

test("D8: a paused task that was merged goes on when it is resumed; of one that was cancelled it is only written down", () => {
  const paused = merging();
  put(paused, { kind: "pause_task", ...asked, key: "p", why: null, until: null });
  ends(paused, MERGED);
  assert.equal(stands(paused), "paused deploy#1 running jobs=1");
  assert.equal(paused.snapshot.jobs.at(-1)?.status, "held");
  const cancelled = merging();
  put(cancelled, { kind: "cancel_task", ...asked, key: "c", reason: "enough" });
  assert.equal(stands(cancelled), "cancelled merge#1 failed jobs=0");
  assert.equal(ends(cancelled, { kind: "nothing" }), "ignore");
  assert.equal(ends(cancelled, MERGED), "change");
  assert.equal(stands(cancelled), "cancelled merge#1 failed jobs=0");
  assert.equal(cancelled.history.at(-1), "merge.done");
});
