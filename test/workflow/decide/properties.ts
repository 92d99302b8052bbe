/** What holds of every walk through every workflow, as properties of as many cases as one likes. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { isMerging } from "../../../workflow/decide/flow.ts";
import { taskMoves } from "../../../workflow/states.ts";
import { claim, put, type World } from "./applied.ts";
import { finished } from "./intents.ts";
import { answer, reporting } from "./phases.ts";
import { anyWorkflow, manyHappenings, walkThrough } from "./walks.ts";

/** @param seed of the cases; left out, others each time. @throws with the smallest walk that breaks a promise */
export function neverStuck(cases: number, seed?: number): void {
  const needs = fc.constantFrom([], [], [], ["MILL-1"], ["MILL-1", "MILL-2"]);
  const property = fc.property(anyWorkflow, manyHappenings, needs, (workflow, happenings, needed) => {
    walkThrough(workflow, happenings, needed);
  });
  fc.assert(property, { numRuns: cases, ...(seed !== undefined && { seed }) });
}

/** However often every agent says the same, and whatever CI says. */
export function comesToAnEnd(cases: number, seed?: number): void {
  const property = fc.property(anyWorkflow, fc.constantFrom("good", "bad", "ugly"), (workflow, verdict) => {
    const world = walkThrough(workflow, []);
    for (let steps = 0; !isOver(world); steps++) {
      assert.ok(steps < 2_000, "it walks in circles");
      step(world, verdict, steps);
    }
  });
  fc.assert(property, { numRuns: cases, ...(seed !== undefined && { seed }) });
}

function isOver({ snapshot: { task } }: World): boolean {
  return task === null || taskMoves.final.includes(task.status);
}

function step(world: World, verdict: string, number: number): void {
  const job = claim(world);
  if (job === null) {
    settle(world, number);
    return;
  }
  const found = { branch: null, commit: `c${number % 2}`, summary: null, session: null };
  const left = { path: "a", sha256: "00", bytes: 1, text: "x", verdict, isValid: true, problems: [] };
  put(world, {
    ...finished({ status: "succeeded", ...found, artifact: left }),
    ...{ job: job.id, fence: job.fence, run: `r${number}` },
  });
}

/** Somebody says yes; CI says this or that, or nothing until time says it. */
function settle(world: World, number: number): void {
  const { approval, ci, phases } = world.snapshot;
  if (isMerging(world.snapshot)) {
    const seq = phases.at(-1)?.seq ?? 0;
    const base = { base: "main", commit: `m${number}` };
    const outcome =
      number % 2 === 0
        ? ({ kind: "merged", ...base } as const)
        : ({ kind: "conflict", ...base, paths: [] } as const);
    assert.equal(put(world, { kind: "merge_ended", task: "SHOP-12", seq, outcome }).kind, "change");
    return;
  }
  if (approval?.status === "pending") {
    const name = ["bob", "carol"][number % 2] ?? "";
    put(world, answer("approve", { key: `a${number}`, by: { kind: "cli", name } }));
    return;
  }
  assert.ok(ci?.status === "pending", "I7: nobody works, is asked, or is waited for");
  if (number % 3 === 0) {
    world.snapshot = { ...world.snapshot, now: ci.dueAt };
    assert.equal(put(world, { kind: "expire_ci", task: "SHOP-12", seq: ci.seq }).kind, "change");
    return;
  }
  const status = number % 3 === 1 ? "failure" : "success";
  put(world, reporting({ test: status, lint: status }, { key: `c${number}`, commit: null }));
}
