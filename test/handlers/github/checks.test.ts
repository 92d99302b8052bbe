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

test("why it failed is told to the next run, without secrets; where it cannot be asked for, the result counts", async (t) => {
  const whyFailed = async () => ({ kind: "ok", value: "2 tests failed\ntoken=t0ken-of-ci" });
  const checks = async () => ({ kind: "ok", value: [check("test", "failure")] });
  const world = await waiting(t, { checks, whyFailed });
  world.log.redactor.learn(["t0ken-of-ci"]);
  await world.hear("check_run", run("failure"));
  const words = (await world.store.approvals.unheard("SHOP-1")).map(({ text }) => text).join("\n");
  assert.match(words, /Check test has failed[\s\S]*2 tests failed/);
  assert.doesNotMatch(words, /t0ken-of-ci/);
  const down = async () => ({ kind: "unreachable", reason: "nobody answers", neverSent: true });
  const blind = await waiting(t, { checks, whyFailed: down });
  await blind.hear("check_run", run("failure"));
  assert.equal(await ended(blind), "failed");
});

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
