/** What the end of a run makes of its job and its task. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Change } from "../../../workflow/decide/change.ts";
import { decide } from "../../../workflow/decide/decide.ts";
import type { FailureClass } from "../../../workflow/faults.ts";
import { INTERRUPTIONS_MAX } from "../../../workflow/limits.ts";
import type { Phase } from "../../../workflow/phases/phase.ts";
import type { RunOutcome } from "../../../workflow/run.ts";
import type { RunStatus } from "../../../workflow/states.ts";
import type { Workflow } from "../../../workflow/workflow.ts";
import { ACCOUNT, change, failed, finished, run, SUCCESS } from "./intents.ts";
import { phase } from "./phases.ts";
import { job, snapshot, task } from "./snapshot.ts";

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

const PLAYED: Phase = {
  ...{ task: "SHOP-12", seq: 1, phase: "work", role: "work", agent: "developer", cycle: 1, pass: 1 },
  ...{ status: "running", verdict: null, artifact: null, commit: null, summary: null, trouble: null },
  ...{ session: null, enteredAt: 1, finishedAt: null },
};

test("I14: a repository's workflow has no more attempts than the profile that has just played; an operator's may", () => {
  const after = (attempts: number, bounded: Partial<Workflow>): string | undefined => {
    const phases = [phase("work", { attempts: 9 })] as const;
    const workflow: Workflow = { name: "own", description: "", phases, ...bounded };
    const jobs = [job("running", { attempts })];
    const world = { task: task("active"), jobs, run: run("exited"), workflow, phases: [PLAYED] };
    return change(decide(snapshot(world), finished(failed("agent_error")))).jobs[0]?.change;
  };
  assert.deepEqual([after(0, { bounded: true }), after(1, { bounded: true })], ["retry", "fail"]);
  assert.deepEqual([after(1, {}), after(8, {})], ["retry", "fail"]);
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

test("D1, I9: a program that is missing closes its profile until it is there, whatever account it has, and costs nothing", () => {
  const why = { reason: "the program claude is missing", remedy: "install it" };
  const outcome: RunOutcome = { ...failed("program_absent"), ...why, session: null };
  for (const ended of [run("starting"), run("starting", null)]) {
    const world = snapshot({ task: task("active"), jobs: [job("running")], run: ended });
    const { jobs, wideHolds, account, task: next } = change(decide(world, finished(outcome)));
    const hold = { scope: "agent", subject: "developer", kind: "program", ...why, until: null };
    assert.deepEqual([wideHolds, account, next.change], [[hold], null, "keep"]);
    const [again] = jobs;
    assert.ok(again?.change === "retry" && again.counters?.attempts === 0);
    assert.deepEqual(again.holds, []);
  }
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
