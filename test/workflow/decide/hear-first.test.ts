/** What people say while the last run of a phase works: one more run is told, before anybody is asked or the task is done. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { HEARINGS_MAX } from "../../../workflow/limits.ts";
import { SINGLE, type Workflow } from "../../../workflow/workflow.ts";
import { begin, claim, put, type World } from "./applied.ts";
import { finished } from "./intents.ts";
import { APPROVAL, phase, starting, succeed } from "./phases.ts";
import { FACTS } from "./snapshot.ts";

const ASKED = {
  by: { kind: "cli", name: "op" },
  because: "asked",
  target: { key: "SHOP-12" },
  project: "shop",
} as const;

function speak(world: World, text: string): void {
  put(world, { kind: "say", ...ASKED, key: text, text, facts: FACTS });
}

/** Claims, hears what is said until then, is told more meanwhile, and ends well. */
function workWhileSpokenTo(world: World, ...words: readonly string[]): void {
  const job = claim(world) ?? assert.fail("nothing to do");
  for (const text of words) speak(world, text);
  const found = { branch: "b", commit: "c0ffee", summary: null, session: "s1" };
  put(world, { ...finished({ status: "succeeded", ...found }), job: job.id, fence: job.fence });
}

function walk({ snapshot }: World): readonly string[] {
  return snapshot.phases.map((row) => `${row.phase}#${row.cycle} ${row.status}`);
}

test("G4: what is said during the last run is told to one more of the same phase, and then the task is done", () => {
  const world = begin(SINGLE, starting(SINGLE));
  workWhileSpokenTo(world, "use tabs");
  assert.deepEqual([world.snapshot.task?.status, walk(world)], ["active", ["work#1 running"]]);
  assert.equal(world.snapshot.task?.commit, "c0ffee", "what was published is on record");
  assert.equal(world.heard, 0);
  assert.deepEqual(world.history.slice(-2), ["run.succeeded", "phase.continued"]);
  const { attempts, repairs } = world.snapshot.jobs[0] ?? assert.fail();
  assert.deepEqual([attempts, repairs], [0, 0], "it costs no attempt");
  workWhileSpokenTo(world);
  assert.deepEqual(
    [world.snapshot.task?.status, world.heard, walk(world)],
    ["done", 1, ["work#1 completed"]],
  );
});

test("G4: between phases the next one is told; before somebody is asked, the same one is", () => {
  const two: Workflow = { ...SINGLE, phases: [phase("work"), phase("report", { gate: APPROVAL })] };
  const world = begin(two, starting(two));
  workWhileSpokenTo(world, "use tabs");
  assert.deepEqual(walk(world), ["work#1 completed", "report#1 running"]);
  workWhileSpokenTo(world, "and spaces");
  assert.deepEqual([world.snapshot.task?.status, world.snapshot.approval], ["active", null]);
  workWhileSpokenTo(world);
  assert.equal(world.snapshot.task?.status, "blocked");
  assert.equal(world.heard, 2);
});

test("G4: whoever is spoken to again and again is done all the same, and what was said stays to be heard", () => {
  const world = begin(SINGLE, starting(SINGLE));
  for (let run = 1; run < HEARINGS_MAX; run++) {
    workWhileSpokenTo(world, `word ${run}`);
    assert.equal(world.snapshot.task?.status, "active", String(run));
  }
  workWhileSpokenTo(world, "one more");
  assert.deepEqual([world.snapshot.task?.status, world.said.length - world.heard], ["done", 1]);
});

test("G4: a paused task hears it when it is resumed", () => {
  const world = begin(SINGLE, starting(SINGLE));
  const job = claim(world) ?? assert.fail();
  speak(world, "use tabs");
  put(world, { kind: "pause_task", ...ASKED, key: "p", why: null, until: null });
  const found = { branch: null, commit: null, summary: null, session: null };
  put(world, { ...finished({ status: "succeeded", ...found }), job: job.id, fence: job.fence });
  assert.equal(world.snapshot.task?.status, "paused");
  assert.deepEqual(
    world.snapshot.jobs[0]?.holds.map(({ kind }) => kind),
    ["pause"],
  );
  put(world, { kind: "resume_task", ...ASKED, key: "r", onlyDue: false });
  succeed(world);
  assert.deepEqual([world.snapshot.task?.status, world.heard], ["done", 1]);
});
