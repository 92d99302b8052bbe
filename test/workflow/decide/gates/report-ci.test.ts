/** Gates of CI: what settles them, what a no does, and that none is waited for longer than it may. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { type Gate, PHASE_DEFAULTS, type Workflow } from "../../../../workflow/workflow.ts";
import { begin, claim, put, type World } from "../applied.ts";
import { finished } from "../intents.ts";
import { APPROVAL, answer, CI, phase, reporting, starting, succeed } from "../phases.ts";

function flow(gate: Gate, cyclesMax: number = PHASE_DEFAULTS.cyclesMax): Workflow {
  return { name: "flow", description: "", phases: [phase("work", { gate, cyclesMax }), phase("after")] };
}

/** A task whose work is pushed, and waits. */
function waiting(gate: Gate, cyclesMax?: number): World {
  const workflow = flow(gate, cyclesMax);
  const world = begin(workflow, starting(workflow));
  assert.equal(succeed(world, null, "s1"), "work");
  return world;
}

function stands({ snapshot: { task, phases, jobs, ci, approval } }: World): string {
  const current = phases.at(-1);
  const live = jobs.filter(({ status }) => ["queued", "held", "running"].includes(status)).length;
  const parts = [ci?.status, approval?.status].filter((part) => part !== undefined).join("+");
  return `${task?.status} ${current?.phase}#${current?.cycle} ${current?.status} ${parts} jobs=${live}`;
}

function at(world: World, now: number): void {
  world.snapshot = { ...world.snapshot, now };
}

const due = (world: World): string => put(world, { kind: "expire_ci", task: "SHOP-12", seq: 1 }).kind;

test("D6, I7: a task waits for CI of exactly the pushed commit, without a job, and goes on with it", () => {
  const world = waiting(CI);
  assert.equal(stands(world), "active work#1 gated pending jobs=0");
  assert.equal(put(world, reporting({ test: "failure" }, { commit: "beef" })).kind, "change");
  assert.equal(stands(world), "active work#1 gated pending jobs=0", "another commit changes nothing");
  put(world, reporting({ test: "success", lint: "pending" }));
  assert.equal(stands(world), "active work#1 gated pending jobs=0");
  put(world, reporting({ lint: "skipped" }));
  assert.equal(stands(world), "active after#1 running passed jobs=1");
  assert.equal(put(world, reporting({ test: "failure" })).kind, "change");
  assert.equal(stands(world), "active after#1 running passed jobs=1", "the first answer stands");
  assert.deepEqual(
    world.history.filter((kind) => kind.startsWith("ci.")),
    [...["ci.awaited", "ci.reported", "ci.reported", "ci.reported", "ci.passed", "ci.reported"]],
  );
});

test("D6: only required checks count, where a workflow names them", () => {
  const world = waiting({ ...CI, required: ["test"] });
  put(world, reporting({ lint: "failure" }));
  assert.equal(stands(world), "active work#1 gated pending jobs=0");
  put(world, reporting({ test: "success" }));
  assert.equal(stands(world), "active after#1 running passed jobs=1");
});

test("K4: our own mark at the commit is no check, with required ones and without", () => {
  for (const required of [[], ["test"]]) {
    const world = waiting({ ...CI, required });
    assert.equal(put(world, reporting({ "chargehand/shop": "failure" })).kind, "ignore");
    put(world, reporting({ "chargehand/shop": "pending", test: "success" }));
    assert.equal(stands(world), "active after#1 running passed jobs=1");
    const own = waiting({ ...CI, required, noChecks: "fail" });
    put(own, reporting({ "chargehand/shop": "success" }));
    assert.equal(stands(own), "active work#1 gated pending jobs=0", "it is no good end, either");
  }
});

test("D6: a failed check plays the phase again in its session, told what failed, as often as it may", () => {
  const world = waiting(CI, 2);
  put(world, reporting({ test: "failure", lint: "success", docs: "failure" }));
  assert.equal(stands(world), "active work#2 running failed jobs=1");
  assert.deepEqual(world.said, ["Check test has failed\ntest is red\n\nCheck docs has failed\ndocs is red"]);
  assert.equal(world.snapshot.jobs.at(-1)?.session, "s1");
  succeed(world, null, "s1");
  assert.equal(stands(world), "failed work#2 failed failed jobs=0", "the same commit is as bad as before");
  assert.match(
    world.snapshot.task?.reason ?? "",
    /^2 checks of CI failed on commit c0ffee; phase work was played 2 times, which is its max_cycles/,
  );
});

test("D6: CI that has spoken before the run was over is heard", () => {
  for (const [status, then] of [
    ["success", "active after#1 running passed jobs=1"],
    ["failure", "active work#2 running failed jobs=1"],
    ["pending", "active work#1 gated pending jobs=0"],
  ] as const) {
    const workflow = flow(CI);
    const world = begin(workflow, starting(workflow));
    put(world, reporting({ test: status }));
    succeed(world);
    assert.equal(stands(world), then);
  }
});

test("D6, I7: CI that says nothing ends the wait: by the rule for no checks at all, and by the time-out", () => {
  const patient = waiting(CI);
  assert.equal(patient.snapshot.ci?.dueAt, 11_000);
  at(patient, 10_999);
  assert.equal(due(patient), "ignore");
  at(patient, 11_000);
  assert.equal(due(patient), "change");
  assert.equal(stands(patient), "failed work#1 failed expired jobs=0");
  assert.match(patient.snapshot.task?.reason ?? "", /^CI has not said everything in time on commit c0ffee/);
  assert.ok(patient.history.includes("ci.expired"));

  for (const [noChecks, then] of [
    ["pass", "active after#1 running passed jobs=1"],
    ["fail", "failed work#1 failed failed jobs=0"],
  ] as const) {
    const world = waiting({ ...CI, noChecks });
    assert.equal(world.snapshot.ci?.dueAt, 2_000);
    at(world, 2_000);
    assert.equal(due(world), "change");
    assert.equal(stands(world), then);
    const heard = waiting({ ...CI, noChecks });
    put(heard, reporting({ test: "pending" }));
    at(heard, 2_000);
    assert.equal(heard.snapshot.ci?.dueAt, 11_000, "a known check ends the grace");
    assert.equal(due(heard), "ignore");
    assert.equal(stands(heard), "active work#1 gated pending jobs=0");
  }
});

test("D6: without a published commit there is nothing to check, and the same rule says what that means", () => {
  for (const [noChecks, then] of [
    ["pass", "active after#1 running passed jobs=1"],
    ["fail", "failed work#1 failed failed jobs=0"],
    ["wait", "failed work#1 failed failed jobs=0"],
  ] as const) {
    const workflow = flow({ ...CI, noChecks });
    const world = begin(workflow, starting(workflow));
    const job = claim(world) ?? assert.fail();
    const nothing = { branch: null, commit: null, summary: null, session: null };
    put(world, { ...finished({ status: "succeeded", ...nothing }), job: job.id, fence: job.fence });
    assert.equal(stands(world), then);
  }
});

test("D6: all_of wants both, in either order, and one no is enough", () => {
  const both: Gate = { kind: "all_of", approval: APPROVAL, ci: CI };
  const one = waiting(both);
  assert.equal(stands(one), "blocked work#1 gated pending+pending jobs=0");
  put(one, answer("approve"));
  assert.equal(stands(one), "active work#1 gated pending+approved jobs=0");
  put(one, reporting({ test: "success" }));
  assert.equal(stands(one), "active after#1 running passed+approved jobs=1");

  const other = waiting(both);
  put(other, reporting({ test: "success" }));
  assert.equal(stands(other), "blocked work#1 gated passed+pending jobs=0");
  put(other, answer("approve"));
  assert.equal(stands(other), "active after#1 running passed+approved jobs=1");

  const red = waiting(both);
  put(red, reporting({ test: "failure" }));
  assert.equal(stands(red), "active work#2 running failed+superseded jobs=1");
  const refused = waiting(both);
  put(refused, answer("reject"));
  assert.equal(stands(refused), "active work#2 running abandoned+rejected jobs=1");
});

test("D6: any_of wants one of them, and both noes are a no", () => {
  const either: Gate = { kind: "any_of", approval: APPROVAL, ci: CI };
  const one = waiting(either);
  put(one, answer("approve"));
  assert.equal(stands(one), "active after#1 running abandoned+approved jobs=1");
  const other = waiting(either);
  put(other, reporting({ test: "success" }));
  assert.equal(stands(other), "active after#1 running passed+superseded jobs=1");

  const red = waiting(either);
  put(red, reporting({ test: "failure" }));
  assert.equal(stands(red), "blocked work#1 gated failed+pending jobs=0");
  put(red, answer("reject"));
  assert.equal(stands(red), "active work#2 running failed+rejected jobs=1");
  const rejected = waiting(either);
  put(rejected, answer("reject"));
  assert.equal(stands(rejected), "active work#1 gated pending+rejected jobs=0");
  at(rejected, 11_000);
  assert.equal(due(rejected), "change");
  assert.equal(stands(rejected), "failed work#1 failed expired+rejected jobs=0");
});

test("I7: a task that waits for CI is paused, resumed, cancelled and retried without being stuck", () => {
  const asked = { by: { kind: "cli", name: "op" }, because: "asked", project: "shop" } as const;
  const about = { ...asked, target: { key: "SHOP-12" } } as const;
  const world = waiting(CI);
  put(world, { kind: "pause_task", ...about, key: "p", why: null, until: null });
  at(world, 99_000);
  assert.equal(due(world), "ignore", "a paused task waits with everything");
  put(world, reporting({ test: "success" }));
  assert.equal(stands(world), "paused after#1 running passed jobs=1");
  put(world, { kind: "resume_task", ...about, key: "r", onlyDue: false });
  assert.equal(stands(world), "active after#1 running passed jobs=1");

  const over = waiting(CI);
  put(over, { kind: "cancel_task", ...about, key: "c", reason: "enough" });
  assert.equal(stands(over), "cancelled work#1 failed abandoned jobs=0");
  assert.equal(put(over, reporting({ test: "success" })).kind, "change");
  assert.equal(stands(over), "cancelled work#1 failed abandoned jobs=0");
  put(over, { kind: "retry_task", ...about, key: "t" });
  assert.equal(stands(over), "active work#2 running abandoned jobs=1");
});

test("a report says which commit is meant, or means the one that is awaited; too many checks are refused", () => {
  const workflow = flow(CI);
  const world = begin(workflow, starting(workflow));
  const unnamed = reporting({ test: "success" }, { commit: null });
  assert.equal(put(world, unnamed).kind, "refuse");
  succeed(world);
  const many = Object.fromEntries(
    Array.from({ length: 301 }, (_, index) => [`c${index}`, "success"] as const),
  );
  assert.equal(put(world, reporting(many)).kind, "refuse");
  assert.equal(put(world, unnamed).kind, "change");
  assert.equal(stands(world), "active after#1 running passed jobs=1");
});
