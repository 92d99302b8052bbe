/** Of a task of which nothing goes on, a person is told once. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { decide } from "../../../../workflow/decide/decide.ts";
import { question } from "../../questions.ts";
import { change } from "../intents.ts";
import { job, snapshot, task } from "../snapshot.ts";

const AWAITED = {
  ...{ task: "SHOP-12", seq: 1, phase: "work", commit: "c0ffee", status: "pending" as const },
  ...{ askedAt: 1, until: 9, dueAt: 9, reason: null, finishedAt: null },
};
const WARN = { kind: "warn_stuck", task: "SHOP-12", key: "stuck:1" } as const;

test("I7: a task without job, run or gate is told of, with what to do; one of which something goes on is not", () => {
  const told = change(decide(snapshot({ task: task("active"), jobs: [job("done")] }), WARN));
  assert.deepEqual(told.events, [{ kind: "task.stuck", key: "stuck:1" }]);
  const [call] = told.outbox;
  assert.equal(call?.kind, "task.stuck");
  assert.match(String(call?.payload["remedy"]), /cancel SHOP-12, then: chargehand retry SHOP-12/);
  for (const more of [
    { jobs: [job("held")] },
    { jobs: [job("running")] },
    { liveRuns: 1 },
    { seen: true },
    { task: task("blocked") },
    { ci: AWAITED },
    { question: question() },
    { task: task("done") },
  ])
    assert.equal(decide(snapshot({ task: task("active"), ...more }), WARN).kind, "ignore");
});
