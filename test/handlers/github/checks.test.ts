/** What CI says at GitHub, from GitHub's own examples to the gate that waits for it. */

import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { Payload } from "../../../handlers/source.ts";
import type { CheckStatus } from "../../../workflow/phases/ci.ts";
import type { Workflow } from "../../../workflow/workflow.ts";
import { CI, PIPELINE, phase } from "../../workflow/decide/phases.ts";
import { type Commented, commented } from "../commands/comments.ts";
import { githubExample } from "../payloads.ts";

const COMMIT = "ec26c3e57ca3a959ca5aad62de7213c562f8c821";
const FOUND = { branch: "fix", commit: COMMIT, summary: null, session: "s1" } as const;
const GATED: Workflow = { ...PIPELINE, phases: [phase("work", { gate: CI })] };

/** A task that waits for CI. */
async function waiting(t: TestContext, ask: object | null = null, workflow = GATED): Promise<Commented> {
  const world = await commented(t, { workflow }, ask === null ? null : { ask });
  await world.comment("/agent");
  await world.finish(await world.start(), { status: "succeeded", ...FOUND });
  assert.equal((await world.store.ci.newest("SHOP-1"))?.status, "pending");
  return world;
}

const run = (conclusion: string | null, changes: Readonly<Record<string, unknown>> = {}): Payload =>
  githubExample("check_run", 1, {
    action: conclusion === null ? "created" : "completed",
    "check_run.name": "test",
    "check_run.head_sha": COMMIT,
    "check_run.status": conclusion === null ? "in_progress" : "completed",
    "check_run.conclusion": conclusion,
    "check_run.check_suite.head_branch": null,
    ...changes,
  });

const told = async ({ store }: Commented): Promise<readonly (readonly [string, CheckStatus])[]> =>
  (await store.ci.checks("SHOP-1", COMMIT)).map(({ name, status }) => [name, status] as const);
const ended = async ({ store }: Commented) => (await store.ci.newest("SHOP-1"))?.status;
const check = (name: string, status: CheckStatus) => ({ name, status, url: null, summary: null });

test("A18: a check without a branch is of the task that has published the commit, and opens its gate", async (t) => {
  const world = await waiting(t);
  assert.equal((await world.hear("check_run", run(null))).status, "processed");
  assert.deepEqual([await told(world), await ended(world)], [[["test", "pending"]], "pending"]);
  const heard = await world.hear("check_run", run("success"));
  assert.deepEqual([heard.status, heard.task], ["processed", "SHOP-1"], heard.reason ?? "");
  assert.deepEqual([await told(world), await ended(world)], [[["test", "success"]], "passed"]);
});

test("a commit that no task has published is nobody's, and one of several tasks is not guessed", async (t) => {
  const world = await waiting(t);
  const other = await world.hear("check_run", run("success", { "check_run.head_sha": "0".repeat(40) }));
  assert.match(other.reason ?? "", /no task here has published commit 0{12}/);
  await world.comment("/agent", { "issue.number": 2, "issue.id": 2 });
  await world.finish(await world.start(), { status: "succeeded", ...FOUND, branch: "other" });
  const twice = await world.hear("check_run", run("success"));
  assert.equal(twice.status, "ignored");
  assert.match(twice.reason ?? "", /is of several tasks \(SHOP-2, SHOP-1\): none is guessed/);
  const named = await world.hear("check_run", run("success", { "check_run.check_suite.head_branch": "fix" }));
  assert.deepEqual([named.status, named.task], ["processed", "SHOP-1"]);
});

test("each end of a check is what it means: only what went well is good", async (t) => {
  const ends: Readonly<Record<string, CheckStatus>> = {
    success: "success",
    neutral: "neutral",
    skipped: "skipped",
    stale: "neutral",
    failure: "failure",
    timed_out: "failure",
    cancelled: "failure",
    action_required: "failure",
    startup_failure: "failure",
    never_heard_of: "failure",
  };
  const world = await waiting(t);
  for (const [conclusion, status] of Object.entries(ends)) {
    await world.hear("check_run", run(conclusion, { "check_run.completed_at": `at ${conclusion}` }));
    assert.deepEqual([conclusion, await told(world)], [conclusion, [["test", status]]]);
  }
  for (const [id, state, status] of [
    [1, "error", "failure"],
    [2, "pending", "pending"],
    [3, "success", "success"],
  ] as const) {
    const payload = githubExample("status", 0, { sha: COMMIT, state, context: "lint", id });
    assert.equal((await world.hear("status", payload)).status, "processed");
    assert.deepEqual(
      (await told(world)).find(([name]) => name === "lint"),
      ["lint", status],
    );
  }
});

test("K4: our own status at a commit is no check of its gate, told or asked for", async (t) => {
  const mark = { sha: COMMIT, context: "chargehand/shop", branches: [] };
  for (const required of [[], ["test"]]) {
    const workflow: Workflow = { ...PIPELINE, phases: [phase("work", { gate: { ...CI, required } })] };
    const all = [check("test", "success"), check("chargehand/shop", "pending")];
    const world = await waiting(t, { checks: async () => ({ kind: "ok", value: all }) }, workflow);
    const heard = await world.hear("status", githubExample("status", 0, { ...mark, state: "failure" }));
    assert.deepEqual([heard.status, heard.reason], ["ignored", "Chargehand's own mark"]);
    assert.deepEqual([await told(world), await ended(world)], [[], "pending"]);
    await world.hear("check_run", run("success"));
    assert.deepEqual([await told(world), await ended(world)], [[["test", "success"]], "passed"]);
  }
});

test("with a token one good check is not all: the gate waits for those that are still to come", async (t) => {
  let all = [check("test", "success"), check("build", "pending"), check("chargehand", "pending")];
  const world = await waiting(t, { checks: async () => ({ kind: "ok", value: all }) });
  await world.hear("check_run", run("success"));
  assert.deepEqual(await told(world), [
    ["build", "pending"],
    ["test", "success"],
  ]);
  assert.equal(await ended(world), "pending");
  all = [check("test", "success"), check("build", "success")];
  const suite = githubExample("check_suite", 0, {
    "check_suite.head_sha": COMMIT,
    "check_suite.head_branch": "fix",
  });
  assert.equal((await world.hear("check_suite", suite)).status, "processed");
  assert.equal(await ended(world), "passed");
});

test("what is told late of a check that has ended begins nothing anew; one that is run again does", async (t) => {
  const gate = { ...CI, required: ["test", "build"] };
  const workflow: Workflow = { ...PIPELINE, phases: [phase("work", { gate })] };
  const late = run(null, { "check_run.html_url": "https://forge.example/runs/1" });
  const deaf = await waiting(t, null, workflow);
  await deaf.hear("check_run", run("success", { "check_run.html_url": "https://forge.example/runs/1" }));
  assert.match((await deaf.hear("check_run", late)).reason ?? "", /check test has ended already/);
  await deaf.hear("check_run", run(null, { "check_run.html_url": "https://forge.example/runs/2" }));
  assert.deepEqual(await told(deaf), [["test", "pending"]], "another run of it");

  let all = [check("test", "success")];
  const asked = await waiting(t, { checks: async () => ok(all) }, workflow);
  await asked.hear("check_run", run("success"));
  await asked.hear("check_run", late);
  assert.deepEqual(await told(asked), [["test", "success"]]);
  all = [check("test", "pending")];
  await asked.hear("check_run", run(null, { "check_run.id": 2 }));
  assert.deepEqual(await told(asked), [["test", "pending"]]);
});

test("what CI says before it is written down that its commit is published is asked for whole, and why, too", async (t) => {
  const whyFailed = async () => ok({ text: "2 tests failed", isPartial: false });
  const world = await commented(t, { workflow: GATED }, { ask: { checks: FAILED, whyFailed } });
  await world.comment("/agent");
  await world.finish(await world.start(), { status: "succeeded", ...FOUND });
  const first = run("failure", { "check_run.head_sha": COMMIT, "check_run.check_suite.head_branch": "fix" });
  await world.hear("check_run", first);
  const next = "a".repeat(40);
  await world.hear("check_run", {
    ...run("failure", {
      "check_run.head_sha": next,
      "check_run.check_suite.head_branch": "fix",
      "check_run.id": 9,
    }),
  });
  const [known] = await world.store.ci.checks("SHOP-1", next);
  assert.match(known?.summary ?? "", /2 tests failed/);
});

test("why it failed is told to the next run, without secrets", async (t) => {
  const whyFailed = async () => ok({ text: "2 tests failed\ntoken=t0ken-of-ci", isPartial: false });
  const world = await waiting(t, { checks: FAILED, whyFailed });
  world.log.redactor.learn(["t0ken-of-ci"]);
  await world.hear("check_run", run("failure"));
  const told = await words(world);
  assert.match(told, /Check test has failed[\s\S]*2 tests failed/);
  assert.doesNotMatch(told, /t0ken-of-ci/);
});

test("why it failed is asked for again on a bad day; where it is not to be had for long, the result counts", async (t) => {
  const answers = [
    DOWN,
    ok({ text: "a name", isPartial: true }),
    ok({ text: "2 tests failed", isPartial: false }),
  ];
  const world = await waiting(t, { checks: FAILED, whyFailed: async () => answers.shift() });
  const first = await world.hear("check_run", run("failure"));
  assert.deepEqual([first.status, await ended(world)], ["received", "pending"]);
  for (let tries = 0; tries < 2; tries++) await later(world);
  assert.equal(await ended(world), "failed");
  assert.match(await words(world), /2 tests failed/);

  const blind = await waiting(t, { checks: FAILED, whyFailed: async () => DOWN });
  await blind.hear("check_run", run("failure"));
  for (let tries = 0; tries < 6; tries++) await later(blind);
  assert.equal(await ended(blind), "failed");
});

const ok = (value: object) => ({ kind: "ok", value }) as const;
const DOWN = { kind: "unreachable", reason: "nobody answers", neverSent: true } as const;
const FAILED = async () => ok([check("test", "failure")]);

async function words({ store }: Commented): Promise<string> {
  return (await store.approvals.unheard("SHOP-1")).map(({ text }) => text).join("\n");
}

/** What was put off is due again. */
async function later(world: Commented): Promise<void> {
  world.clock.move(60_000);
  await world.hear("ping", {});
}

test("checks that cannot be asked for are asked for again, and the result is not lost", async (t) => {
  const down = { kind: "retry", reason: "a limit", afterMs: 1_000, fault: "host" };
  const answers: object[] = [down];
  const checks = async () => answers.shift() ?? { kind: "refused", because: "permission", reason: "no" };
  const world = await waiting(t, { checks });
  const heard = await world.hear("check_run", run("success"));
  assert.deepEqual(
    [heard.status, heard.reason],
    ["received", "the checks of the commit could not be asked for: a limit"],
  );
});

test("a run of a workflow without a token is told when it ends badly, and says nothing good", async (t) => {
  const of = (conclusion: string): Payload =>
    githubExample("workflow_run", 0, {
      action: "completed",
      "workflow_run.head_sha": COMMIT,
      "workflow_run.head_branch": "fix",
      "workflow_run.conclusion": conclusion,
      "workflow_run.head_repository.full_name": "acme/shop",
    });
  const world = await waiting(t);
  assert.match((await world.hear("workflow_run", of("success"))).reason ?? "", /says nothing of a check/);
  assert.equal(await ended(world), "pending");
  assert.equal((await world.hear("workflow_run", of("failure"))).status, "processed");
  assert.equal(await ended(world), "failed");
});
