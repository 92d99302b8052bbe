/** `decide` is the place where every promise about a task's fate is kept; here it is asked, one case at a time. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Account } from "../../../workflow/account.ts";
import type { Change } from "../../../workflow/decide/change.ts";
import { decide } from "../../../workflow/decide/decide.ts";
import type { Decision, Snapshot } from "../../../workflow/decide/decision.ts";
import type { RunFinished } from "../../../workflow/decide/run-finished.ts";
import type { StartTask } from "../../../workflow/decide/start-task.ts";
import { FAULTS, type FailureClass } from "../../../workflow/faults.ts";
import { BREAKER_RETRIES_MAX, INTERRUPTIONS_MAX } from "../../../workflow/limits.ts";
import type { RunOutcome } from "../../../workflow/run.ts";
import { jobMoves, type RunStatus, taskMoves } from "../../../workflow/states.ts";
import { FACTS, job, snapshot, task } from "./snapshot.ts";

const REF = { source: "github", kind: "issue", id: "acme/shop#12" } as const;
const START: StartTask = {
  kind: "start_task",
  project: "shop",
  by: { kind: "github", name: "alice" },
  key: "github:acme/shop#12:labeled",
  because: "label agent",
  refs: [REF],
  title: "Login fails",
  body: "steps",
  url: null,
  author: "alice",
  number: 12,
  priority: 0,
  explicit: false,
  facts: FACTS,
};

function run(status: RunStatus, account: Account | null = ACCOUNT): Snapshot["run"] {
  return { status, agent: "developer", claimedAt: 900, account };
}

const ACCOUNT: Account = { name: "claude", concurrency: null, until: null, rearms: 0 };

function finished(outcome: RunOutcome, more: Partial<RunFinished> = {}): RunFinished {
  return {
    kind: "run_finished",
    run: "r1",
    task: "SHOP-12",
    job: 5,
    fence: 3,
    outcome,
    jitter: 0.5,
    maxAttempts: 2,
    ...more,
  };
}

function failed(failure: FailureClass, retryAfterMs = 0): RunOutcome {
  return { status: "failed", failure, reason: "it broke", summary: null, session: "s1", retryAfterMs };
}

const SUCCESS: RunOutcome = {
  status: "succeeded",
  summary: "done",
  session: "s1",
  branch: "chargehand/SHOP-12-x",
  commit: "abc",
};

function change(decision: Decision): Change {
  assert.equal(decision.kind, "change", JSON.stringify(decision));
  return decision as Change;
}

test("a start intent for something new makes one task with one job, named by everything it is known as", () => {
  const made = change(decide(snapshot(), START));
  assert.equal(made.base, null);
  assert.deepEqual(made.refs, [REF]);
  assert.deepEqual(made.jobs, [
    { change: "create", phase: "work", agent: "developer", priority: 0, holds: [] },
  ]);
  assert.equal(made.events[0]?.key, START.key);
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

test("a task restarted too often within minutes is a loop, and is refused", () => {
  const answer = decide(snapshot({ task: task("failed"), recentRetries: BREAKER_RETRIES_MAX }), {
    ...START,
    explicit: true,
  });
  assert.equal(answer.kind, "refuse");
});

test("cancel ends every live job at once and asks the live run to stop", () => {
  const target = { key: "SHOP-12" };
  const intent = {
    kind: "cancel_task",
    project: "shop",
    by: { kind: "api", name: "op" },
    key: "k",
    because: "asked",
    target,
    reason: "not needed",
  } as const;
  const done = change(
    decide(
      snapshot({ task: task("active"), jobs: [job("done", { id: 4 }), job("running")], liveRuns: 1 }),
      intent,
    ),
  );
  assert.deepEqual(
    done.jobs.map((entry) => [entry.change, "id" in entry && entry.id]),
    [["cancel", 5]],
  );
  assert.equal(done.stopRuns, "cancelled");
  assert.equal(decide(snapshot({ task: task("done") }), intent).kind, "refuse");
  assert.equal(decide(snapshot(), intent).kind, "unknown");
});

test("I4: a retry while the stopped run is still dying waits for its end", () => {
  const intent = {
    kind: "retry_task",
    agent: "developer",
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

test("a successful run completes its job and its task in the same transaction", () => {
  const done = change(
    decide(snapshot({ task: task("active"), jobs: [job("running")], run: run("exited") }), finished(SUCCESS)),
  );
  assert.equal(done.task.change, "complete");
  assert.equal(done.run?.change, "succeed");
  assert.deepEqual(
    done.jobs.map((entry) => entry.change),
    ["complete"],
  );
  assert.equal(done.base?.version, 7);
});

test("I3: a late finisher writes down its run and nothing else", () => {
  for (const jobs of [[job("running", { fence: 4 })], [job("cancelled")], []]) {
    const late = change(
      decide(snapshot({ task: task("active"), jobs, run: run("exited") }), finished(SUCCESS)),
    );
    assert.deepEqual(late.jobs, []);
    assert.equal(late.task.change, "keep");
    assert.equal(late.run?.change, "succeed");
  }
  for (const runStatus of ["succeeded", "failed", "lost", "killed"] satisfies RunStatus[]) {
    assert.equal(
      decide(
        snapshot({ task: task("active"), jobs: [job("running")], run: run(runStatus) }),
        finished(SUCCESS),
      ).kind,
      "ignore",
    );
  }
});

test("A12: plain failures retry up to max_attempts, then the task fails and says why", () => {
  const once = change(
    decide(
      snapshot({ task: task("active"), jobs: [job("running")], run: run("exited") }),
      finished(failed("agent_error")),
    ),
  );
  assert.deepEqual(
    once.jobs.map((entry) => entry.change),
    ["retry"],
  );
  assert.equal(once.task.change, "keep");
  const spent = [job("running", { attempts: 1 })];
  const twice = change(
    decide(
      snapshot({ task: task("active"), jobs: spent, run: run("exited") }),
      finished(failed("agent_error")),
    ),
  );
  assert.deepEqual(
    twice.jobs.map((entry) => entry.change),
    ["fail"],
  );
  assert.equal(twice.task.change, "fail");
  assert.match(("reason" in twice.task && twice.task.reason) || "", /it broke.*2 of 2 attempts/);
});

test("I9: a fault of the service waits, with Retry-After as the floor, and costs no attempt", () => {
  const waits = change(
    decide(
      snapshot({ task: task("active"), jobs: [job("running")], run: run("exited") }),
      finished(failed("overloaded", 90_000)),
    ),
  );
  const parked = waits.jobs[0];
  assert.ok(parked?.change === "retry");
  assert.deepEqual(
    parked.holds?.map(({ kind, until }) => [kind, until]),
    [["backoff", 1_000 + 90_000]],
  );
  assert.equal(parked.counters?.attempts, 0);
  assert.deepEqual(parked.session, { id: "s1", agent: "developer", account: "claude" });
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

test("A run that came to no session of its own leaves the job the one that it has; a fresh start takes it away", () => {
  const next = (failure: FailureClass): Change["jobs"][number] | undefined => {
    const outcome: RunOutcome = { ...failed(failure), session: null };
    const running = job("running", { session: "s0", sessionAgent: "developer", sessionAccount: "claude" });
    const world = snapshot({ task: task("active"), jobs: [running], run: run("exited") });
    return change(decide(world, finished(outcome))).jobs[0];
  };
  const [kept, cleared] = [next("interrupted"), next("timeout")];
  assert.ok(kept?.change === "retry" && cleared?.change === "retry");
  assert.deepEqual([kept.session, cleared.session], [undefined, null]);
});

test("F4: a run from before the reset says nothing about the limit that its account has reached since", () => {
  const account = { ...ACCOUNT, until: 5_000, rearms: 3 };
  const world = snapshot({ task: task("active"), jobs: [job("running")], run: run("exited", account) });
  assert.equal(change(decide(world, finished(SUCCESS))).account, null);
  assert.equal(change(decide(world, finished(failed("timeout")))).account, null);
});

test("C4, B6: a claim whose process vanished goes back to the queue, later each time, and a crash loop ends", () => {
  const lost = (interruptions: number): Change =>
    change(
      decide(
        snapshot({ task: task("active"), jobs: [job("running", { interruptions })], run: run("exited") }),
        finished(failed("crashed")),
      ),
    );
  const delays = Array.from({ length: INTERRUPTIONS_MAX - 1 }, (_, crashes) => {
    const [next] = lost(crashes).jobs;
    assert.ok(next?.change === "retry");
    assert.deepEqual([next.counters?.interruptions, next.counters?.attempts], [crashes + 1, 0]);
    return (next.holds?.[0]?.until ?? 1_000) - 1_000;
  });
  assert.deepEqual(
    delays,
    [...delays].sort((a, b) => a - b),
  );
  assert.ok((delays.at(-1) ?? 0) > (delays[0] ?? 0));
  const over = lost(INTERRUPTIONS_MAX - 1);
  assert.equal(over.task.change, "fail");
  assert.match(("reason" in over.task && over.task.reason) || "", /5 of 5 interruptions/);
});

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
        retry: { kind: "retry_task", ...common, agent: "developer" },
        finish: finished(SUCCESS),
        fail: finished(failed(s.failure)),
      } as const;
      const answer = decide(world, intents[s.kind as keyof typeof intents]);
      if (answer.kind !== "change") return;
      if (answer.task.change !== "create" && answer.task.change !== "keep")
        assert.ok(taskMoves.can(answer.task.change, s.task));
      for (const move of answer.jobs)
        if (move.change !== "create" && move.change !== "hold") assert.ok(jobMoves.can(move.change, s.job));
    }),
    { numRuns: 2_000, seed: 7 },
  );
});
