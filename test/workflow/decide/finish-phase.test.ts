/** What follows when the run of a phase has ended well: what is kept, who is asked, and where the task goes. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Change } from "../../../workflow/decide/change.ts";
import { decide } from "../../../workflow/decide/decide.ts";
import type { Snapshot } from "../../../workflow/decide/decision.ts";
import { leaveOpen } from "../../../workflow/decide/gates/leave-open.ts";
import { waitsForApproval } from "../../../workflow/decide/gates/open-gate.ts";
import type { RunOutcome } from "../../../workflow/run.ts";
import type { Workflow } from "../../../workflow/workflow.ts";
import { begin, claim, put, type World } from "./applied.ts";
import { finished } from "./intents.ts";
import { APPROVAL, answer, artifact, PIPELINE, phase, starting, succeed } from "./phases.ts";
import { kept } from "./snapshot.ts";

const FOUND = { branch: "b", commit: "c0ffee", files: 2, summary: "did it", session: "s1" } as const;

function two(gate = APPROVAL): Workflow {
  return { ...PIPELINE, phases: [phase("plan", { gate }), phase("work")] };
}

/** What the end of the next run changes. */
function end(world: World, more: Partial<Extract<RunOutcome, { status: "succeeded" }>> = {}): Change {
  const job = claim(world) ?? assert.fail("there is nothing to do");
  const outcome = { status: "succeeded", ...FOUND, ...more } as const;
  const run = `r${job.id}.${job.fence}`;
  const decided = put(world, { ...finished(outcome), job: job.id, fence: job.fence, run });
  return decided.kind === "change" ? decided : assert.fail(decided.kind);
}

test("A5: the artifact is kept with its phase, its cycle and its run, and the phase has what its run brought", () => {
  const change = end(begin(PIPELINE, starting(PIPELINE)), { artifact: artifact("good") });
  assert.deepEqual(change.artifacts, [
    {
      ...{ path: "a.json", sha256: "ab".repeat(32), bytes: 2, text: "{}", isValid: true, problems: [] },
      ...{ seq: 1, ...PLACE },
    },
  ]);
  const [validated] = change.phases;
  assert.deepEqual(validated, {
    ...{ change: "validate", seq: 1, verdict: "good", artifact: "ab".repeat(32), summary: "did it" },
    ...{ commit: "c0ffee", session: { id: "s1", agent: "developer", account: "claude" } },
  });
});

const PLACE = { phase: "analysis", cycle: 1, run: "r1.1" };

test("D6: somebody is asked about exactly what was found, until when its gate says, and is told of it", () => {
  const world = begin(two(), starting(two({ ...APPROVAL, count: 2, expiresMs: 500 })));
  world.snapshot = { ...world.snapshot, workflow: two({ ...APPROVAL, count: 2, expiresMs: 500 }) };
  const { approvals, task, outbox, events, jobs } = end(world, { artifact: artifact(null) });
  const about = { artifact: "ab".repeat(32), commit: "c0ffee", until: world.snapshot.now + 500 };
  assert.deepEqual(approvals, [{ change: "ask", seq: 1, phase: "plan", ...about }]);
  const reason = waitsForApproval("plan", 2);
  assert.deepEqual(task, { change: "block", reason, branch: "b", commit: "c0ffee", files: 2 });
  assert.match(reason, /2 people have to say/);
  assert.equal(outbox.length, 1);
  assert.ok(events.some(({ kind }) => kind === "gate.asked"));
  assert.ok(!jobs.some(({ change }) => change === "create"), "nobody works meanwhile");
});

test("D6: the answer to the last phase ends the task with what was published before, or says that nothing was", () => {
  const last = { ...PIPELINE, phases: [phase("plan", { gate: APPROVAL })] } as const;
  const ends = { null: null, c0ffee: "c0ffee" };
  for (const commit of Object.values(ends)) {
    const world = begin(last, starting(last));
    end(world, commit === null ? { commit, files: 0 } : {});
    const task = world.snapshot.task ?? assert.fail();
    world.snapshot = { ...world.snapshot, task: { ...task, commit, branch: "b", files: 2 } };
    const done = put(world, answer("approve"));
    assert.ok(done.kind === "change");
    const data = done.events.find(({ kind }) => kind === "task.done")?.data;
    assert.deepEqual(data, commit === null ? {} : { branch: "b", commit, files: 2 });
    assert.equal(world.snapshot.task?.reason, commit === null ? NOTHING : null);
  }
});

const NOTHING = "nothing was changed, so nothing was pushed";

test("D6: work that waits for a person is not called nothing when the last phase is approved", () => {
  const last = { ...PIPELINE, phases: [phase("plan", { gate: APPROVAL })] } as const;
  const world = begin(last, starting(last));
  end(world, { commit: null, files: 0 });
  world.snapshot = { ...world.snapshot, kept: [kept(), kept({ status: "dropped" })] };
  put(world, answer("approve"));
  assert.match(world.snapshot.task?.reason ?? "", /^nothing was published; 1 work is kept/);
});

test("I3: a task that a person ended meanwhile goes nowhere, whatever its run brings", () => {
  const world = begin(PIPELINE, starting(PIPELINE));
  const job = claim(world) ?? assert.fail();
  const task = world.snapshot.task ?? assert.fail();
  const over: Snapshot = { ...world.snapshot, task: { ...task, status: "cancelled" } };
  const intent = { ...finished({ status: "succeeded", ...FOUND }), job: job.id, fence: job.fence };
  const decided = decide(over, intent);
  assert.ok(decided.kind === "change");
  assert.deepEqual(
    [decided.task.change, decided.phases, decided.artifacts, decided.approvals],
    ["keep", [], [], []],
  );
});

test("a task that an older version began, and that has no phases, is done with its run", () => {
  const world = begin(PIPELINE, starting(PIPELINE));
  world.snapshot = { ...world.snapshot, phases: [] };
  assert.deepEqual([end(world).task.change, world.snapshot.phases], ["complete", []]);
});

test("D8: a task of an older version without phases begins with the first when it is retried", () => {
  const world = begin(PIPELINE, starting(PIPELINE));
  const task = world.snapshot.task ?? assert.fail();
  world.snapshot = { ...world.snapshot, phases: [], jobs: [], task: { ...task, status: "failed" } };
  const by = { by: { kind: "cli", name: "op" }, because: "asked", target: { key: "SHOP-12" } } as const;
  put(world, { kind: "retry_task", project: "shop", key: "k", ...by });
  assert.deepEqual(
    world.snapshot.phases.map(({ phase: key, status }) => [key, status]),
    [["analysis", "running"]],
  );
});

test("D8: whoever ends a task leaves nobody being asked; of what is over nothing is left to end", () => {
  const world = begin(PIPELINE, starting(PIPELINE));
  succeed(world);
  assert.deepEqual(leaveOpen(world.snapshot, "abort"), {
    phases: [{ change: "fail", seq: 1 }],
    approvals: [{ change: "abort", id: 1, by: null, reason: null }],
    ...{ ci: [], merges: [], questions: [] },
  });
  put(world, answer("abort"));
  const none = { phases: [], approvals: [], ci: [], merges: [], questions: [] };
  assert.deepEqual(leaveOpen(world.snapshot, "supersede"), none);
});
