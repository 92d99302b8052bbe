/** `decide` is the place where every promise about a task's fate is kept; here it is asked, one case at a time. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decide } from "../../../workflow/decide/decide.ts";
import { FAULTS, type FailureClass } from "../../../workflow/faults.ts";
import { jobMoves, type RunStatus, taskMoves } from "../../../workflow/states.ts";
import { failed, finished, run, START, SUCCESS } from "./intents.ts";
import { job, snapshot, task } from "./snapshot.ts";

test("no decision ever names a move that the tables do not have", () => {
  const statuses = fc.record({
    task: fc.constantFrom(...taskMoves.statuses),
    job: fc.constantFrom(...jobMoves.statuses),
    run: fc.constantFrom<RunStatus>("starting", "running", "exited", "succeeded", "lost"),
    failure: fc.constantFrom(...(Object.keys(FAULTS) as FailureClass[])),
    explicit: fc.boolean(),
    kind: fc.constantFrom("start", "cancel", "retry", "finish", "fail"),
    attempts: fc.nat(3),
    live: fc.nat(1),
  });
  fc.assert(
    fc.property(statuses, (s) => {
      const world = snapshot({
        task: task(s.task),
        jobs: [job(s.job, { attempts: s.attempts })],
        liveRuns: s.live,
        run: run(s.run),
      });
      const common = {
        project: "shop",
        by: { kind: "api", name: "x" },
        key: "k",
        because: "b",
        target: { key: "SHOP-12" },
      } as const;
      const intents = {
        start: { ...START, explicit: s.explicit },
        cancel: { kind: "cancel_task", ...common, reason: "r" },
        retry: { kind: "retry_task", ...common },
        finish: finished(SUCCESS),
        fail: finished(failed(s.failure)),
      } as const;
      const answer = decide(world, intents[s.kind as keyof typeof intents]);
      if (answer.kind !== "change") return;
      if (answer.task.change !== "create" && answer.task.change !== "keep")
        assert.ok(taskMoves.can(answer.task.change, s.task));
      for (const move of answer.jobs)
        if (move.change !== "create" && move.change !== "hold" && move.change !== "assign")
          assert.ok(jobMoves.can(move.change, s.job));
    }),
    { numRuns: 2_000, seed: 7 },
  );
});
