/** Whatever happens to a task in whichever workflow: it is never stuck, never in two places, and comes to an end. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { taskMoves } from "../../../workflow/states.ts";
import { claim, put, type World } from "./applied.ts";
import { finished } from "./intents.ts";
import { answer } from "./phases.ts";
import { anyWorkflow, manyHappenings, walkThrough } from "./walks.ts";

const CASES = 2_000;

test("I7, I11: random workflows and intents leave no task stuck, in two places, or in an illegal state", () => {
  fc.assert(
    fc.property(anyWorkflow, manyHappenings, (workflow, happenings) => {
      walkThrough(workflow, happenings);
    }),
    { numRuns: CASES },
  );
});

test("D1: a task in which every agent says the same for ever comes to an end all the same", () => {
  const verdicts = fc.constantFrom("good", "bad", "ugly");
  fc.assert(
    fc.property(anyWorkflow, verdicts, (workflow, verdict) => {
      const world = walkThrough(workflow, []);
      for (let steps = 0; !isOver(world); steps++) {
        assert.ok(steps < 2_000, "it walks in circles");
        step(world, verdict, steps);
      }
    }),
    { numRuns: CASES / 4 },
  );
});

function isOver({ snapshot: { task } }: World): boolean {
  return task === null || taskMoves.final.includes(task.status);
}

function step(world: World, verdict: string, number: number): void {
  const job = claim(world);
  if (job === null) {
    const name = ["bob", "carol"][number % 2] ?? "";
    put(world, answer("approve", { key: `a${number}`, by: { kind: "cli", name } }));
    return;
  }
  const found = { branch: null, commit: null, summary: null, session: null };
  const left = { path: "a", sha256: "00", bytes: 1, text: "x", verdict, isValid: true };
  put(world, {
    ...finished({ status: "succeeded", ...found, artifact: left }),
    ...{ job: job.id, fence: job.fence, run: `r${number}` },
  });
}
