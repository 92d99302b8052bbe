/** What asks for a task, and what it makes. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Change } from "../../../workflow/decide/change.ts";
import { decide } from "../../../workflow/decide/decide.ts";
import type { StartTask } from "../../../workflow/decide/start-task.ts";
import type { FailureClass } from "../../../workflow/faults.ts";
import { BREAKER_RETRIES_MAX } from "../../../workflow/limits.ts";
import { taskMoves } from "../../../workflow/states.ts";
import { ACCOUNT, change, failed, finished, REF, run, START } from "./intents.ts";
import { FACTS, job, snapshot, task } from "./snapshot.ts";

test("a start intent for something new makes one task with one job, named by everything it is known as", () => {
  const made = change(decide(snapshot(), START));
  assert.equal(made.base, null);
  assert.deepEqual(made.refs, [REF]);
  assert.deepEqual(made.jobs, [
    {
      change: "create",
      phase: "work",
      agent: "developer",
      pinned: false,
      priority: 0,
      holds: [],
      opens: true,
      session: null,
    },
  ]);
  assert.equal(made.events[0]?.key, START.key);
});

test("A7: a task that is to begin later waits for that with its first job, and a time that has passed is now", () => {
  const later = change(decide(snapshot(), { ...START, notBefore: 1_001 }));
  const [job] = later.jobs;
  assert.equal(later.task.change === "create" && later.task.task.status, "active");
  assert.deepEqual(job?.change === "create" ? job.holds : job, [
    {
      kind: "not_before",
      reason: "alice wants it to begin later",
      remedy: "begin now with: chargehand resume KEY",
      until: 1_001,
    },
  ]);
  for (const notBefore of [1_000, 0]) {
    const [now] = change(decide(snapshot(), { ...START, notBefore })).jobs;
    assert.deepEqual(now?.change === "create" ? now.holds : now, []);
  }
});

test("A13: a second, distinct webhook for the same change starts nothing twice", () => {
  for (const status of taskMoves.statuses) {
    const answer = decide(snapshot({ task: task(status) }), { ...START, key: "another" });
    assert.equal(answer.kind, "ignore", status);
  }
  const again = decide(snapshot({ task: task("failed"), seen: true }), { ...START, explicit: true });
  assert.equal(again.kind, "ignore");
});

test("a person's command restarts a failed task, and follows a finished one by another of the same name", () => {
  const retried = change(decide(snapshot({ task: task("failed") }), { ...START, explicit: true }));
  assert.equal(retried.task.change, "retry");
  const next = change(decide(snapshot({ task: task("done") }), { ...START, explicit: true }));
  assert.equal(next.task.change, "create");
  assert.equal(next.replaces, "SHOP-12");
});

test("G4: what a person says with a command is for whoever works on the task, whatever that was", () => {
  const told: StartTask = { ...START, key: "comment", explicit: true, said: "use tabs" };
  const words = [{ by: "alice", from: "github", text: "use tabs" }];
  for (const status of taskMoves.statuses) {
    const { task: moved, feedback } = change(decide(snapshot({ task: task(status) }), told));
    const isOver = taskMoves.final.includes(status);
    assert.equal(moved.change, status === "done" ? "create" : isOver ? "retry" : "keep", status);
    assert.deepEqual(feedback, words, status);
  }
  assert.deepEqual(change(decide(snapshot(), told)).feedback, words);
  assert.equal(decide(snapshot({ task: task("active"), seen: true }), told).kind, "ignore");
  const looping = decide(snapshot({ task: task("failed"), recentRetries: BREAKER_RETRIES_MAX }), told);
  assert.equal(looping.kind, "refuse");
});

test("G4: a finished task is followed on its own branch, and played by the same", () => {
  const agents = { developer: "careful" };
  const done = { ...task("done"), agents, agent: "old", branch: "chargehand/SHOP-12-x" };
  const facts = { ...FACTS, agent: "newcomer", agents: { developer: "newcomer" } };
  const next = change(decide(snapshot({ task: done }), { ...START, facts, explicit: true }));
  assert.ok(next.task.change === "create");
  assert.deepEqual([next.task.task.agents, next.task.task.agent], [agents, "old"]);
  assert.equal(next.task.change === "create" && next.task.task.branch, "chargehand/SHOP-12-x");
});

test("a task restarted too often within minutes is a loop, and is refused", () => {
  const answer = decide(snapshot({ task: task("failed"), recentRetries: BREAKER_RETRIES_MAX }), {
    ...START,
    explicit: true,
  });
  assert.equal(answer.kind, "refuse");
});

test("F7: a hold is made with what a person can do: what may be wrong, or how to open what is closed", () => {
  const ends = (failure: FailureClass): Change =>
    change(
      decide(
        snapshot({ task: task("active"), jobs: [job("running")], run: run("exited", ACCOUNT) }),
        finished(failed(failure)),
      ),
    );
  const parked = ends("workspace").jobs[0];
  assert.ok(parked?.change === "retry");
  assert.equal(
    parked.holds?.[0]?.remedy,
    "unless it passes by itself, check clone_url and base_branch of project shop",
  );
  const remedies = (["auth", "model_unavailable", "usage_limit"] as const).map(
    (failure) => ends(failure).wideHolds[0]?.remedy,
  );
  assert.deepEqual(remedies, [
    "mend it, then: chargehand cooldown clear claude",
    "mend it, then: chargehand cooldown clear agent:developer",
    "it opens by itself; earlier with: chargehand cooldown clear claude",
  ]);
});
