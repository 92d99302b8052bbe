/** How a task is tried again by somebody's wish. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { decide } from "../../../workflow/decide/decide.ts";
import { FROM_REPOSITORY, NO_PINS } from "../../../workflow/task.ts";
import { change, failed, finished, run, START } from "./intents.ts";
import { FACTS, job, snapshot, task } from "./snapshot.ts";

test("I4: a retry while the stopped run is still dying waits for its end", () => {
  const intent = {
    kind: "retry_task",
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

test("D1: a retry is played by whom the task began with, whatever the configuration says now", () => {
  const intent = {
    kind: "retry_task",
    project: "shop",
    by: { kind: "cli", name: "op" },
    key: "k",
    because: "asked",
    target: { key: "SHOP-12" },
  } as const;
  const facts = { ...FACTS, agent: "newcomer", agents: { developer: "newcomer" } };
  const over = { ...task("failed"), agents: { developer: "careful" } };
  const asked = [intent, { ...START, explicit: true, facts }];
  for (const wanted of asked) {
    const [made] = change(decide(snapshot({ task: over }), wanted)).jobs;
    assert.equal(made?.change === "create" && made.agent, "careful", wanted.kind);
  }
  const unread = { ...over, workflow: FROM_REPOSITORY, agents: {}, agent: "careful" };
  const [waits] = change(decide(snapshot({ task: unread }), intent)).jobs;
  assert.equal(waits?.change === "create" && waits.agent, "careful");
});

test("D1: whom a task has chosen no window takes its retry away from", () => {
  for (const pins of [{ agent: "developer" }, { agents: { developer: "developer" } }]) {
    const over = { ...task("failed"), pins: { ...NO_PINS, ...pins } };
    const [made] = change(decide(snapshot({ task: over }), { ...START, explicit: true })).jobs;
    assert.deepEqual(
      [made?.change === "create" && made.agent, made?.change === "create" && made.pinned],
      ["developer", true],
    );
  }
});
