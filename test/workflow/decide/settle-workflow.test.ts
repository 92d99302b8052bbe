/** A task that goes by what its repository says: it waits for that, begins with it once, or is told why not. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { decide } from "../../../workflow/decide/decide.ts";
import type { SettleWorkflow } from "../../../workflow/decide/settle-workflow.ts";
import type { Job } from "../../../workflow/job.ts";
import { FROM_REPOSITORY, NO_PINS, type Pins, type Task } from "../../../workflow/task.ts";
import { change, START } from "./intents.ts";
import { PIPELINE } from "./phases.ts";
import { FACTS, job, snapshot, task } from "./snapshot.ts";

const COMMIT = "c0ffee";
const READING = { kind: "workflow", reason: "it is read", remedy: null, until: null } as const;
const PAUSE = { kind: "pause", reason: "paused", remedy: null, until: null } as const;

function waiting(holds: Job["holds"] = [READING]): Job {
  return job("held", { id: 9, fence: 0, phase: "workflow", opens: true, holds });
}

function unsettled(pins: Pins = NO_PINS): Task {
  return {
    ...task("active"),
    workflow: FROM_REPOSITORY,
    workflowHash: null,
    agents: { review: "strict" },
    pins,
  };
}

function settling(found: SettleWorkflow["found"]): SettleWorkflow {
  return { kind: "settle_workflow", task: "SHOP-12", found };
}

const FOUND = { workflow: PIPELINE, from: "repository", commit: COMMIT, trouble: null } as const;

test("D1: a task whose repository says how it goes begins with one job, held until that was read", () => {
  const agents = { review: "strict" };
  const made = change(decide(snapshot(), { ...START, facts: { ...FACTS, workflow: null, agents } }));
  assert.ok(made.task.change === "create");
  assert.deepEqual([made.task.task.workflow, made.phases], [null, []]);
  assert.deepEqual([made.task.task.agent, made.task.task.agents], ["developer", agents], "as they are now");
  const [only, ...more] = made.jobs;
  assert.equal(more.length, 0);
  assert.ok(only?.change === "create" && only.opens === true);
  assert.deepEqual(
    only.holds.map(({ kind }) => kind),
    ["workflow"],
  );
});

test("D1: what was read becomes its workflow; whatever else keeps its job goes on keeping it", () => {
  const seen = snapshot({ task: unsettled(), jobs: [waiting([READING, PAUSE])] });
  const settled = change(decide(seen, settling(FOUND)));
  const [first] = PIPELINE.phases;
  assert.ok(settled.task.change === "keep");
  assert.deepEqual(settled.task.workflow, PIPELINE);
  assert.equal(settled.task.agents?.["review"], "strict");
  assert.deepEqual(settled.jobs, [
    { change: "assign", id: 9, fence: 0, phase: first.key, agent: "developer", pinned: true },
    { change: "release", id: 9, fence: 0, kind: "workflow" },
  ]);
  assert.deepEqual(
    settled.phases.map(({ change: how, seq }) => [how, seq]),
    [["enter", 1]],
  );
  assert.deepEqual(settled.events[0], {
    kind: "workflow.settled",
    data: { workflow: PIPELINE.name, from: "repository", commit: COMMIT },
  });
});

test("D1: it is settled once: nothing that is read later changes it", () => {
  const settled = { ...unsettled(), workflow: "loose", workflowHash: "ab" };
  assert.equal(decide(snapshot({ task: settled, jobs: [waiting()] }), settling(FOUND)).kind, "ignore");
  assert.equal(decide(snapshot({ task: unsettled(), jobs: [] }), settling(FOUND)).kind, "ignore");
  assert.equal(decide(snapshot(), settling(FOUND)).kind, "unknown");
});

test("I7: why it does not begin is on its job, and written once", () => {
  const why = { reason: "there is no file", remedy: "commit one" };
  const told = change(decide(snapshot({ task: unsettled(), jobs: [waiting()] }), settling(why)));
  const hold = { kind: "workflow", ...why, until: null } as const;
  assert.deepEqual(told.jobs, [{ change: "hold", id: 9, fence: 0, hold }]);
  assert.deepEqual(told.task, { change: "keep" });
  const again = decide(snapshot({ task: unsettled(), jobs: [waiting([hold])] }), settling(why));
  assert.equal(again.kind, "ignore");
});

test("I7: a reason in which only numbers have changed is renewed on its job, and no news in the history", () => {
  const why = (seconds: number) => ({ reason: `git took more than ${seconds} s`, remedy: null });
  const hold = { kind: "workflow", ...why(9), until: null } as const;
  const seen = snapshot({ task: unsettled(), jobs: [waiting([hold])] });
  const renewed = change(decide(seen, settling(why(10))));
  assert.deepEqual(renewed.jobs, [{ change: "hold", id: 9, fence: 0, hold: { ...hold, ...why(10) } }]);
  assert.deepEqual(renewed.events, []);
  const other = change(decide(seen, settling({ reason: "no route to host", remedy: null })));
  assert.equal(other.events[0]?.kind, "workflow.awaited");
});

test("D1: who plays a role was said for a role that there is not: it waits, and says so", () => {
  const pins = { ...NO_PINS, agents: { reviwer: "strict" } };
  const told = change(decide(snapshot({ task: unsettled(pins), jobs: [waiting()] }), settling(FOUND)));
  const [put] = told.jobs;
  assert.ok(put?.change === "hold");
  assert.match(put.hold.reason, /reviwer, and its workflow .* has no such role/);
  assert.match(put.hold.remedy ?? "", /review.*chargehand cancel SHOP-12/);
});

test("D1: one that was cancelled before it was read waits for it again", () => {
  const retry = {
    kind: "retry_task",
    project: "shop",
    by: { kind: "cli", name: "op" },
    key: "k",
    because: "asked",
    ...{ target: { key: "SHOP-12" } },
  } as const;
  const cancelled = { ...unsettled(), status: "cancelled" } as const;
  const again = change(decide(snapshot({ task: cancelled }), retry));
  const [only] = again.jobs;
  assert.ok(only?.change === "create" && only.holds[0]?.kind === "workflow");
  assert.equal(decide(snapshot({ task: cancelled }), { ...retry, from: "work" }).kind, "refuse");
});
