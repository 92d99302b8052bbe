/** How a task is tried again by somebody's wish. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { decide } from "../../../workflow/decide/decide.ts";
import { change, failed, finished, run } from "./intents.ts";
import { FACTS, job, snapshot, task } from "./snapshot.ts";

test("I4: a retry while the stopped run is still dying waits for its end", () => {
  const intent = {
    kind: "retry_task",
    players: FACTS,
    project: "shop",
    by: { kind: "cli", name: "op" },
    key: "k",
    because: "asked",
    target: { key: "SHOP-12" },
  } as const;
  const made = change(decide(snapshot({ task: task("cancelled"), liveRuns: 1 }), intent)).jobs[0];
  assert.equal(made?.change === "create" && made.holds[0]?.kind, "run_ending");
  const waiting = job("held", {
    id: 6,
    fence: 0,
    holds: [{ kind: "run_ending", reason: "", remedy: null, until: null }],
  });
  const ended = decide(
    snapshot({ task: task("active"), jobs: [job("cancelled"), waiting], run: run("exited") }),
    finished(failed("cancelled")),
  );
  assert.deepEqual(change(ended).jobs, [{ change: "release", id: 6, fence: 0, kind: "run_ending" }]);
});

test("D1: a retry keeps whom the task has chosen, and tells who plays another role than before", () => {
  const intent = {
    kind: "retry_task",
    ...{ project: "shop", by: { kind: "cli", name: "op" }, key: "k", because: "asked" },
    ...{ target: { key: "SHOP-12" }, players: { agent: "newcomer", agents: {} } },
  } as const;
  const failedTask = task("failed");
  const told = change(decide(snapshot({ task: failedTask }), intent));
  assert.deepEqual(told.events[0]?.data?.["agents"], { developer: "newcomer" });
  const pins = { model: null, effort: null, agents: { developer: "developer" } };
  const kept = change(decide(snapshot({ task: { ...failedTask, pins } }), intent));
  assert.equal(kept.events[0]?.data?.["agents"], undefined);
  const [made] = kept.jobs;
  assert.deepEqual(
    [made?.change === "create" && made.agent, made?.change === "create" && made.pinned],
    ["developer", true],
  );
});
