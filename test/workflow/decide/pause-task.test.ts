/** What a pause stops, what it keeps, and how it ends. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { decide } from "../../../workflow/decide/decide.ts";
import type { Decision } from "../../../workflow/decide/decision.ts";
import type { PauseTask, ResumeTask } from "../../../workflow/decide/pause-task.ts";
import type { Hold } from "../../../workflow/hold.ts";
import { taskMoves } from "../../../workflow/states.ts";
import type { Task } from "../../../workflow/task.ts";
import { change, failed, finished, run, START, SUCCESS } from "./intents.ts";
import { held, job, snapshot, task } from "./snapshot.ts";

const ASKED = {
  project: "shop",
  by: { kind: "api", name: "alice" },
  key: "k",
  because: "asked over the API",
  target: { key: "SHOP-12" },
} as const;
const PAUSE: PauseTask = { ...ASKED, kind: "pause_task", why: "the release is being cut", until: 5_000 };
const RESUME: ResumeTask = { ...ASKED, kind: "resume_task", onlyDue: false };
const HOLD: Hold = {
  kind: "pause",
  reason: "paused by alice: the release is being cut",
  remedy: "chargehand resume SHOP-12",
  until: 5_000,
};
const PAUSED: Task = { ...task("paused"), reason: HOLD.reason, pausedAt: 10, pausedUntil: 5_000 };
const WAITING = job("held", { holds: [HOLD] });

function refusal(decision: Decision): string {
  return decision.kind === "refuse" ? decision.reason : assert.fail(JSON.stringify(decision));
}

test("a job that waits gets the hold, whatever else holds it", () => {
  for (const waiting of [job("queued"), held("backoff"), held("not_before")]) {
    const done = change(decide(snapshot({ task: task("active"), jobs: [waiting] }), PAUSE));
    assert.deepEqual(done.task, { change: "pause", reason: HOLD.reason, pausedUntil: 5_000 });
    assert.deepEqual(done.jobs, [{ change: "hold", id: 5, fence: 3, hold: HOLD }]);
    assert.equal(done.stopRuns, null);
    const [event] = done.events;
    assert.deepEqual(event, {
      kind: "task.paused",
      key: "k",
      data: {
        by: "alice",
        from: "api",
        because: ASKED.because,
        reason: "the release is being cut",
        until: 5_000,
      },
    });
  }
});

test("an agent at work is asked to stop, and its job stays its own until it has ended", () => {
  const done = change(
    decide(snapshot({ task: task("active"), jobs: [job("running")], liveRuns: 1 }), {
      ...PAUSE,
      why: null,
      until: null,
    }),
  );
  assert.deepEqual(done.task, { change: "pause", reason: "paused by alice", pausedUntil: null });
  assert.deepEqual([done.jobs, done.stopRuns], [[], "paused"]);
});

test("I9: the run that a pause has stopped costs no attempt, keeps its session, and its job waits with the pause", () => {
  const stopped = decide(
    snapshot({ task: PAUSED, jobs: [job("running", { attempts: 1 })], run: run("exited") }),
    finished(failed("paused"), { maxAttempts: 1 }),
  );
  const done = change(stopped);
  assert.deepEqual(done.task, { change: "keep" });
  const [next] = done.jobs;
  assert.ok(next?.change === "retry");
  const { id, fence, failure, reason, session, holds, counters } = next;
  assert.deepEqual([id, fence, failure, reason], [5, 3, "paused", "it broke"]);
  assert.deepEqual(session, { id: "s1", agent: "developer", account: "claude" });
  assert.deepEqual(holds, [HOLD]);
  assert.deepEqual([counters?.attempts, counters?.transients, counters?.interruptions], [1, 0, 0]);
});

test("however its run ends while it is paused, what follows waits with the pause", () => {
  const retried = change(
    decide(
      snapshot({ task: PAUSED, jobs: [job("running")], run: run("exited") }),
      finished(failed("network")),
    ),
  );
  const [next] = retried.jobs;
  assert.deepEqual(next?.change === "retry" ? next.holds?.map(({ kind }) => kind) : next, [
    "backoff",
    "pause",
  ]);
});

test("work that was finished when the pause came stays finished, and a failure for good stays one", () => {
  const about = { task: PAUSED, jobs: [job("running")], run: run("exited") };
  const done = change(decide(snapshot(about), finished(SUCCESS)));
  assert.equal(done.task.change, "complete");
  const over = change(decide(snapshot(about), finished(failed("agent_error"), { maxAttempts: 1 })));
  assert.equal(over.task.change, "fail");
});

test("of a task without a pause the stopped run is simply tried again: the pause was over before the run", () => {
  const done = change(
    decide(
      snapshot({ task: task("active"), jobs: [job("running")], run: run("exited") }),
      finished(failed("paused")),
    ),
  );
  const [next] = done.jobs;
  assert.deepEqual(next?.change === "retry" ? next.holds : next, []);
});

test("a second pause renews reason and end, and moves nothing", () => {
  const longer = { ...PAUSE, key: "k2", until: 90_000 };
  const done = change(decide(snapshot({ task: PAUSED, jobs: [WAITING] }), longer));
  assert.deepEqual(done.task, { change: "keep", reason: HOLD.reason, pausedUntil: 90_000 });
  assert.deepEqual(done.jobs, [{ change: "hold", id: 5, fence: 3, hold: { ...HOLD, until: 90_000 } }]);
});

test("a task that is over cannot be paused, and asking twice for the same asks once", () => {
  for (const status of taskMoves.final)
    assert.match(
      refusal(decide(snapshot({ task: task(status) }), PAUSE)),
      new RegExp(`^SHOP-12 is ${status}`),
    );
  for (const intent of [PAUSE, RESUME]) {
    assert.equal(decide(snapshot(), intent).kind, "unknown");
    assert.equal(decide(snapshot({ task: PAUSED, seen: true }), intent).kind, "ignore");
  }
});

test("resume takes the pause away, and leaves every other hold", () => {
  const both = job("held", { holds: [HOLD, ...held("budget").holds] });
  const done = change(decide(snapshot({ task: PAUSED, jobs: [both] }), RESUME));
  assert.deepEqual(done.task, { change: "resume", reason: null });
  assert.deepEqual(done.jobs, [{ change: "release", id: 5, fence: 3, kind: "pause" }]);
  assert.equal(done.events[0]?.kind, "task.resumed");
  const running = change(decide(snapshot({ task: PAUSED, jobs: [job("running")], liveRuns: 1 }), RESUME));
  assert.deepEqual(running.jobs, []);
});

test("time ends a pause that is over, and no other: one that was prolonged goes on", () => {
  const due = { ...RESUME, onlyDue: true };
  const at = (now: number, pausedUntil: number | null): Decision =>
    decide(snapshot({ now, task: { ...PAUSED, pausedUntil }, jobs: [WAITING] }), due);
  assert.equal(at(5_000, 5_000).kind, "change");
  assert.equal(at(4_999, 5_000).kind, "ignore");
  assert.equal(at(5_000, null).kind, "ignore");
  assert.equal(decide(snapshot({ task: task("active"), jobs: [held("not_before")] }), due).kind, "refuse");
});

test("a person lets a task begin that waits for its time, and nothing else that waits", () => {
  const about = { task: task("active"), jobs: [held("not_before")] };
  const done = change(decide(snapshot(about), RESUME));
  assert.deepEqual(done.task, { change: "keep" });
  assert.deepEqual(done.jobs, [{ change: "release", id: 5, fence: 3, kind: "not_before" }]);
  assert.equal(done.events[0]?.kind, "task.hastened");
  const other = snapshot({ task: task("active"), jobs: [held("backoff")] });
  assert.match(refusal(decide(other, RESUME)), /^SHOP-12 is active and not paused/);
});

test("whoever asks for a paused task again changes nothing, and is told what it waits for", () => {
  const again = decide(snapshot({ task: PAUSED }), { ...START, explicit: true });
  assert.deepEqual(again, {
    kind: "ignore",
    reason: `SHOP-12 is ${HOLD.reason}; it goes on with: chargehand resume SHOP-12`,
  });
  const retry = decide(snapshot({ task: PAUSED }), { ...ASKED, kind: "retry_task" });
  assert.match(refusal(retry), /^SHOP-12 is paused; it goes on with: chargehand resume SHOP-12$/);
  const cancel = decide(snapshot({ task: PAUSED, jobs: [WAITING] }), {
    ...ASKED,
    kind: "cancel_task",
    reason: "not needed",
  });
  assert.deepEqual(
    change(cancel).jobs.map((entry) => entry.change),
    ["cancel"],
  );
});
