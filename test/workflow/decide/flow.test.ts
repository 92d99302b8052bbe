/** How a task walks through the phases of its workflow, from decision to decision. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { SESSION_TURNS_MAX } from "../../../workflow/limits.ts";
import type { Workflow } from "../../../workflow/workflow.ts";
import { begin, claim, put, releaseAll, type World } from "./applied.ts";
import { failed, finished } from "./intents.ts";
import { APPROVAL, answer, artifact, PIPELINE, phase, starting, succeed } from "./phases.ts";
import { FACTS } from "./snapshot.ts";

function walk(world: World): readonly string[] {
  return world.snapshot.phases.map((row) => `${row.phase}#${row.cycle} ${row.status}`);
}

function status(world: World): string | undefined {
  return world.snapshot.task?.status;
}

test("A5: a task goes from phase to phase, waits where somebody has to approve, and is done behind the last", () => {
  const world = begin(PIPELINE, starting(PIPELINE));
  assert.equal(succeed(world), "analysis");
  assert.equal(status(world), "blocked");
  assert.equal(claim(world), null, "nobody works while somebody is asked");
  assert.equal(put(world, answer("approve")).kind, "change");
  assert.equal(succeed(world), "work");
  assert.equal(succeed(world, "approved"), "review");
  assert.equal(succeed(world), "test");
  assert.equal(status(world), "done");
  assert.deepEqual(walk(world), [
    ...["analysis#1 completed", "work#1 completed", "review#1 completed", "test#1 completed"],
  ]);
});

test("D1: a verdict sends the task back, and whoever plays the phase again goes on in the session of its role", () => {
  const world = begin(PIPELINE, starting(PIPELINE));
  succeed(world);
  put(world, answer("approve"));
  succeed(world, null, "s-dev");
  succeed(world, "changes_requested", "s-review");
  const again = claim(world);
  assert.deepEqual([again?.phase, again?.session], ["work", "s-dev"]);
  assert.deepEqual(walk(world).slice(1), ["work#1 completed", "review#1 completed", "work#2 running"]);
});

test("D1: a phase is played max_cycles times and no more, and then the task fails and says so", () => {
  const world = begin(PIPELINE, starting(PIPELINE));
  succeed(world);
  put(world, answer("approve"));
  for (let cycle = 1; cycle <= 3; cycle++) {
    assert.equal(succeed(world), "work", `cycle ${cycle}`);
    assert.equal(succeed(world, "changes_requested"), "review");
  }
  assert.equal(status(world), "failed");
  assert.match(world.snapshot.task?.reason ?? "", /phase work was played 3 times, which is its max_cycles/);
});

test("D1: a verdict may end the task, well or not, and a phase whose condition does not hold is passed by", () => {
  const verdicts = { hopeless: "failed", trivial: "done", something: "done" } as const;
  for (const [verdict, ending] of Object.entries(verdicts)) {
    const world = begin(PIPELINE, starting(PIPELINE));
    succeed(world);
    put(world, answer("approve"));
    succeed(world);
    succeed(world, verdict);
    assert.equal(status(world), ending, verdict);
    assert.equal(
      walk(world).at(-1),
      verdict === "something" ? "test#1 skipped" : "review#1 completed",
      verdict,
    );
  }
});

test("E7: a reviewer's verdict is an approval or a rejection from an agent, about its own artifact, with its rationale", () => {
  for (const [verdict, word] of [
    ["approved", "approved"],
    ["changes_requested", "rejected"],
    ["hopeless", "rejected"],
    ["trivial", "approved"],
  ] as const) {
    const world = begin(PIPELINE, starting(PIPELINE));
    succeed(world);
    put(world, answer("approve"));
    assert.equal(world.snapshot.approval?.decidedFrom, null, "a person's");
    succeed(world);
    succeed(world, verdict);
    const {
      status: said,
      decidedFrom,
      phase: about,
      artifact,
      reason,
    } = world.snapshot.approval ?? assert.fail();
    assert.deepEqual([said, decidedFrom, about], [word, "agent", "review"], verdict);
    assert.deepEqual([artifact, reason], ["ab".repeat(32), "did review"]);
  }
});

test("E7: a phase that cannot send the task back judges nobody, and where people are asked theirs is the only word", () => {
  const world = begin(PIPELINE, starting(PIPELINE));
  succeed(world, "fine");
  assert.equal(world.snapshot.approval?.status, "pending");
  put(world, answer("approve"));
  succeed(world, "fine");
  assert.deepEqual(
    [world.snapshot.approval?.phase, world.snapshot.approval?.status],
    ["analysis", "approved"],
  );
});

test("D4: an artifact that is refused is mended once, with what was wrong told, and then the phase fails", () => {
  const world = begin(PIPELINE, starting(PIPELINE));
  const wrong = { ...failed("artifact"), trouble: "/risk: must be one of low, high" };
  const refuse = (): void => {
    const job = claim(world) ?? assert.fail();
    put(world, { ...finished(wrong), job: job.id, fence: job.fence, run: `r${job.fence}` });
  };
  refuse();
  assert.equal(world.snapshot.phases[0]?.trouble, wrong.trouble);
  assert.equal(world.snapshot.jobs[0]?.status, "queued");
  refuse();
  assert.deepEqual([status(world), ...walk(world)], ["failed", "analysis#1 failed"]);
});

test("D6: an approval is asked about one artifact, and an answer about another one says nothing", () => {
  const world = begin(PIPELINE, starting(PIPELINE));
  succeed(world);
  const other = put(world, answer("approve", { artifact: "cd".repeat(32) }));
  assert.match(other.kind === "refuse" ? other.reason : "", /asks about the artifact abab.*look again/);
  assert.equal(status(world), "blocked");
  assert.equal(put(world, answer("approve", { artifact: "abab", commit: "c0" })).kind, "change");
  assert.equal(status(world), "active");
});

test("D6: an answer about another state of the work says nothing, where nothing is left behind, too", () => {
  const seen = { ...PIPELINE, phases: [phase("plan", { gate: APPROVAL }), phase("work")] } as const;
  const world = begin(seen, starting(seen));
  succeed(world);
  const other = put(world, answer("approve", { commit: "deadbeef" }));
  assert.match(other.kind === "refuse" ? other.reason : "", /asks about the commit c0ffee.*look again/);
  assert.equal(status(world), "blocked");
  assert.equal(put(world, answer("approve", { commit: "c0ffee" })).kind, "change");
});

test("D6: the first valid answer wins, and a late one is told the recorded result", () => {
  const world = begin(PIPELINE, starting(PIPELINE));
  succeed(world);
  put(world, answer("reject"));
  const late = (): string => {
    const decided = put(world, answer("approve", { by: { kind: "api", name: "carol" } }));
    return decided.kind === "refuse" ? decided.reason : decided.kind;
  };
  assert.match(late(), /phase analysis of SHOP-12 was rejected by bob already/);
  succeed(world);
  put(world, answer("approve"));
  assert.match(
    late(),
    /phase analysis of SHOP-12 was approved by bob already/,
    "in a phase without a gate, too",
  );
});

test("D6: a rejection is feedback for the phase, which is played again; or the end, as the workflow says", () => {
  const world = begin(PIPELINE, starting(PIPELINE));
  succeed(world);
  put(world, answer("reject", { why: "think bigger" }));
  assert.deepEqual([status(world), ...walk(world)], ["active", "analysis#1 failed", "analysis#2 running"]);
  assert.deepEqual(world.said, ["think bigger"]);
  const strict = {
    ...PIPELINE,
    phases: [phase("plan", { gate: { ...APPROVAL, onReject: "fail" } })],
  } as const;
  const other = begin(strict, starting(strict));
  succeed(other);
  put(other, answer("reject", { why: "no" }));
  assert.deepEqual(
    [status(other), other.snapshot.task?.reason],
    ["failed", "phase plan was rejected by bob: no"],
  );
});

test("D6: several have to approve where the workflow says so, each once, and neither strangers nor the author", () => {
  const gate = { ...APPROVAL, count: 2, approvers: ["alice", "bob", "carol"], notAuthor: true } as const;
  const strict = { ...PIPELINE, phases: [phase("plan", { gate }), phase("work")] } as const;
  const world = begin(strict, starting(strict));
  succeed(world);
  const by = (name: string) => put(world, answer("approve", { by: { kind: "cli", name } }));
  for (const name of ["mallory", "alice", "Alice"]) assert.equal(by(name).kind, "refuse", name);
  assert.equal(by("bob").kind, "change");
  assert.equal(status(world), "blocked");
  for (const name of ["bob", "Bob"])
    assert.match(String(JSON.stringify(by(name))), /has approved it already/);
  by("Carol");
  assert.equal(status(world), "active");
});

test("D6: what nobody answers in time is expired, which is no rejection; and not before its time", () => {
  const gate = { ...APPROVAL, expiresMs: 5_000 } as const;
  const timed = { ...PIPELINE, phases: [phase("plan", { gate }), phase("work")] } as const;
  const world = begin(timed, starting(timed));
  succeed(world);
  const expire = { kind: "expire_gate", task: "SHOP-12", approval: 1 } as const;
  assert.equal(put(world, expire).kind, "ignore");
  world.snapshot = { ...world.snapshot, now: world.snapshot.now + 5_000 };
  put(world, expire);
  assert.deepEqual([status(world), world.snapshot.approval?.status], ["failed", "expired"]);
});

test("D8: a retry begins with the phase where the task stood, or with the one that a person names", () => {
  const world = begin(PIPELINE, starting(PIPELINE));
  succeed(world);
  put(world, answer("approve"));
  const job = claim(world) ?? assert.fail();
  put(world, { ...finished(failed("refused")), job: job.id, fence: job.fence, run: "r9" });
  const retry = { kind: "retry_task", project: "shop" } as const;
  const asked = { by: { kind: "cli", name: "op" }, because: "asked", target: { key: "SHOP-12" } } as const;
  const lost = put(world, { ...retry, ...asked, key: "k0", from: "nowhere" });
  assert.match(
    lost.kind === "refuse" ? lost.reason : "",
    /no phase nowhere; there are analysis, work, review, test/,
  );
  put(world, { ...retry, ...asked, key: "k1" });
  assert.equal(claim(world)?.phase, "work");
  put(world, { kind: "cancel_task", ...asked, project: "shop", key: "k2", reason: "enough" });
  put(world, { ...retry, ...asked, key: "k3", from: "analysis" });
  releaseAll(world);
  assert.equal(claim(world)?.phase, "analysis");
});

test("D8: who begins a task again from a phase gives the phases behind it their passes back, too", () => {
  const world = begin(PIPELINE, starting(PIPELINE));
  const exhaust = (): void => {
    assert.equal(succeed(world), "analysis");
    put(world, answer("approve"));
    for (let cycle = 1; cycle <= 3; cycle++) {
      assert.equal(succeed(world), "work", `cycle ${cycle}`);
      assert.equal(succeed(world, "changes_requested"), "review");
    }
    assert.equal(status(world), "failed");
  };
  exhaust();
  const retry = { kind: "retry_task", project: "shop" } as const;
  const asked = { by: { kind: "cli", name: "op" }, because: "asked", target: { key: "SHOP-12" } } as const;
  for (const key of ["k1", "k2"]) {
    put(world, { ...retry, ...asked, key, from: "analysis" });
    exhaust();
  }
  put(world, { ...retry, ...asked, key: "k3", from: "review" });
  assert.equal(succeed(world, "changes_requested"), "review");
  assert.equal(status(world), "failed", "what is before the phase stays counted");
});

test("I7: a task that is paused at a gate stays so, and waits for its answer again when it is resumed", () => {
  const world = begin(PIPELINE, starting(PIPELINE));
  const job = claim(world) ?? assert.fail();
  const asked = {
    by: { kind: "cli", name: "op" },
    because: "asked",
    target: { key: "SHOP-12" },
    project: "shop",
  } as const;
  put(world, { kind: "pause_task", ...asked, key: "p", why: null, until: null });
  const found = { branch: null, commit: null, summary: null, session: null };
  put(world, { ...finished({ status: "succeeded", ...found }), job: job.id, fence: job.fence, run: "r1" });
  assert.equal(status(world), "paused");
  put(world, { kind: "resume_task", ...asked, key: "r", onlyDue: false });
  assert.equal(status(world), "blocked");
  put(world, answer("approve"));
  assert.equal(status(world), "active");
});

test("G4: what a person says is given to the next run, and counts as heard when that has done its work", () => {
  const world = begin(PIPELINE, starting(PIPELINE));
  const asked = {
    by: { kind: "cli", name: "op" },
    because: "asked",
    target: { key: "SHOP-12" },
    project: "shop",
  } as const;
  put(world, { kind: "say", ...asked, key: "s1", text: "use tabs", facts: FACTS });
  const job = claim(world) ?? assert.fail();
  put(world, { ...finished(failed("crashed")), job: job.id, fence: job.fence, run: "r1" });
  assert.equal(world.heard, 0, "a run that has crashed may not have read it");
  releaseAll(world);
  const again = claim(world) ?? assert.fail();
  put(world, { ...finished(failed("check")), job: again.id, fence: again.fence, run: "r2" });
  assert.equal(world.heard, 0, "the next one may know nothing of the conversation, and has to do it");
  releaseAll(world);
  succeed(world);
  assert.equal(world.heard, 1);
});

test("A11: a verdict that freezes lets the task go on to its end, and closes the repository with what was said", () => {
  const workflow: Workflow = {
    ...PIPELINE,
    phases: [
      phase("work"),
      phase("deploy", { artifact: { path: "a", schema: {} }, routes: { degraded: { to: "freeze" } } }),
      phase("report"),
    ],
  };
  const world = begin(workflow, starting(workflow));
  assert.equal(world.snapshot.jobs[0]?.opens, true, "the first of a task opens it");
  succeed(world);
  assert.equal(world.snapshot.jobs[1]?.opens, false);
  const job = claim(world);
  assert.ok(job !== null);
  const found = { branch: null, commit: null, summary: "checkout answers 500", session: null };
  const bad = finished({ status: "succeeded", ...found, artifact: artifact("degraded") });
  const decided = put(world, { ...bad, job: job.id, fence: job.fence });
  assert.deepEqual(decided.kind === "change" && decided.freezes, [
    ...[
      {
        project: "shop",
        by: "SHOP-12, phase deploy",
        because: "checkout answers 500",
        key: "frozen:SHOP-12:2",
      },
    ],
  ]);
  assert.equal(succeed(world), "report");
  assert.equal(status(world), "done");
});

test("D1: a session that has had its turns is followed by a fresh one, which the history tells", () => {
  const rotatedIn = (most: number | null, turns: number): readonly unknown[] => {
    const workflow: Workflow = { ...PIPELINE, ...(most !== null && { sessionTurnsMax: most }) };
    const world = begin(workflow, starting(workflow));
    succeed(world);
    put(world, answer("approve"));
    succeed(world, null, "s-dev", turns);
    const job = claim(world) ?? assert.fail();
    const left = { branch: "b", commit: "c0ffee", files: 1, summary: null, session: "s-review" };
    const about = { job: job.id, fence: job.fence, run: `r${job.id}.${job.fence}` };
    const outcome = { status: "succeeded", ...left, artifact: artifact("changes_requested") } as const;
    const decided = put(world, { ...finished(outcome), ...about });
    const events = decided.kind === "change" ? decided.events : assert.fail(decided.kind);
    const told = events.find(({ kind }) => kind === "session.rotated")?.data ?? null;
    return [claim(world)?.session ?? null, told];
  };
  const rotated = { phase: "work", role: "developer" };
  assert.deepEqual(rotatedIn(10, 9), ["s-dev", null]);
  assert.deepEqual(rotatedIn(10, 10), [null, { ...rotated, turns: 10, most: 10 }]);
  assert.deepEqual(rotatedIn(null, SESSION_TURNS_MAX - 1), ["s-dev", null]);
  assert.deepEqual(rotatedIn(null, SESSION_TURNS_MAX), [
    null,
    { ...rotated, turns: SESSION_TURNS_MAX, most: SESSION_TURNS_MAX },
  ]);
});
