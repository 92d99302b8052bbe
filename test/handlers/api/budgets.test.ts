/** Budgets over the API: how limits stand, and what raising one sets free. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { ClaimConfig } from "../../../store/claim/config.ts";
import type { BudgetLimit } from "../../../workflow/budget.ts";
import { plainClaimConfig } from "../../claim-config.ts";
import { reportOne } from "../../report-one.ts";
import { type Answer, items, type Json, problemOf, progress, type Scene, scene, usage } from "./served.ts";

const DOLLAR = 1_000_000_000;

function limited(...budget: readonly BudgetLimit[]): ClaimConfig {
  return { ...plainClaimConfig([]), projects: [{ name: "shop", concurrency: 10, budget }] };
}

/** `[task, scope, unit, amount, raised, used, reserved, status]` of each budget. */
function rows(answer: Answer): readonly unknown[][] {
  return items(answer, "budgets").map((row) =>
    ["task", "scope", "unit", "amount", "raised", "used", "reserved", "status"].map((field) => row[field]),
  );
}

/** Runs the next job until it stops because its budget is reached. */
async function useUp(world: Scene, nanos: number): Promise<void> {
  const claim = await world.start();
  await reportOne(world.store.runs, claim.run.id, progress(usage("opus", nanos, "agent")));
  await world.finish(claim, {
    status: "killed",
    failure: "budget_limit",
    reason: "the task's budget was reached",
    summary: null,
    session: "session-1",
    retryAfterMs: 0,
  });
}

async function jobOf({ get }: Scene, key: string): Promise<Json> {
  const [job] = items(await get(`/jobs?task=${key}`), "jobs");
  assert.ok(job);
  return job;
}

test("F5: budgets are told per project, and of one task when it is named, in dollars, tokens and runs", async (t) => {
  const claimConfig = limited(
    { scope: "run", unit: "nanos", amount: 2 * DOLLAR },
    { scope: "task", unit: "nanos", amount: 5 * DOLLAR },
    { scope: "day", unit: "runs", amount: 8 },
  );
  const world = await scene(t, { claimConfig });
  const key = await world.newTask();
  const { run } = await world.start();
  await reportOne(world.store.runs, run.id, progress(usage("opus", 1.5 * DOLLAR, "agent")));
  assert.deepEqual(rows(await world.get("/budgets")), [
    [null, "day", "runs", 8, 0, 1, 0, "open"],
    [null, "run", "usd", 2, 0, 0, 0, "open"],
  ]);
  assert.deepEqual(rows(await world.get(`/budgets?task=${key}`)), [
    [key, "day", "runs", 8, 0, 1, 0, "open"],
    [key, "run", "usd", 2, 0, 0, 0, "open"],
    [key, "task", "usd", 5, 0, 1.5, 0, "open"],
  ]);
  assert.deepEqual(rows(await world.get("/budgets?project=shop")), rows(await world.get("/budgets")));
  problemOf(await world.get("/budgets?project=mill"), 404);
  problemOf(await world.get("/budgets?task=SHOP-99"), 404);
});

test("F5: a task's budget that is raised over the API sets its job free, and the claim loop is told", async (t) => {
  const world = await scene(t, { claimConfig: limited({ scope: "task", unit: "nanos", amount: DOLLAR }) });
  const key = await world.newTask();
  await useUp(world, 1.25 * DOLLAR);
  const held = await jobOf(world, key);
  assert.equal(held["status"], "held");
  assert.ok(Array.isArray(held["holds"]));
  assert.deepEqual(
    held["holds"].map(({ kind, until }) => [kind, until]),
    [["budget", null]],
  );
  const enough = await world.post("/budgets", { task: key, usd: 0.1 });
  assert.deepEqual(rows(enough), [[key, "task", "usd", 1, 0.1, 1.25, 0, "used_up"]]);
  assert.equal((await jobOf(world, key))["status"], "held", "still too little");
  world.told();
  assert.deepEqual(rows(await world.post("/budgets", { task: key, usd: 4 })), [
    [key, "task", "usd", 1, 4.1, 1.25, 0, "open"],
  ]);
  assert.equal((await jobOf(world, key))["status"], "queued");
  assert.ok(world.told().includes("jobs"));
  const history = items(await world.get(`/tasks/${key}/events`), "events");
  assert.deepEqual(
    history.filter(({ kind }) => kind === "budget.raised").map(({ data }) => data),
    [
      { by: "operator", from: "api", because: "asked over the API", amount: "$0.10" },
      { by: "operator", from: "api", because: "asked over the API", amount: "$4.00" },
    ],
  );
});

test("I2: the same raise asked twice at the same moment counts once, two different ones count both", async (t) => {
  const world = await scene(t, { claimConfig: limited({ scope: "task", unit: "tokens", amount: 1_000 }) });
  const key = await world.newTask();
  const ask = (tokens: number): Promise<Answer> => world.post("/budgets", { task: key, tokens });
  const answers = await Promise.all([ask(50), ask(50), ask(70)]);
  for (const { status } of answers) assert.equal(status, 200);
  assert.deepEqual(rows(await world.get(`/budgets?task=${key}`)), [
    [key, "task", "tokens", 1_000, 120, 0, 0, "open"],
  ]);
});

test("F5: the budget of a project or of today is raised, and what was closed for want of it is open", async (t) => {
  const claimConfig = limited(
    { scope: "day", unit: "nanos", amount: DOLLAR },
    { scope: "project", unit: "runs", amount: 1 },
  );
  const world = await scene(t, { claimConfig });
  const { store, clock } = world;
  const hold = {
    scope: "project",
    subject: "shop",
    kind: "budget",
    reason: "used up",
    remedy: null,
    until: null,
  } as const;
  const bodies = [
    { project: "shop", day: true, usd: 2 },
    { project: "shop", runs: 3 },
  ];
  for (const body of bodies) {
    await store.holds.put(hold, clock.now());
    world.told();
    assert.equal((await world.post("/budgets", body)).status, 200);
    assert.deepEqual(await store.holds.wide(), []);
    assert.deepEqual(world.told(), ["jobs"]);
  }
  assert.deepEqual(rows(await world.get("/budgets")), [
    [null, "day", "usd", 1, 2, 0, 0, "open"],
    [null, "project", "runs", 1, 3, 0, 0, "open"],
  ]);
  clock.move(86_400_000);
  assert.deepEqual(rows(await world.get("/budgets"))[0], [null, "day", "usd", 1, 0, 0, 0, "open"]);
});

test("what cannot be raised is refused by state, and says so", async (t) => {
  const world = await scene(t, { claimConfig: limited({ scope: "day", unit: "tokens", amount: 1_000 }) });
  const key = await world.newTask();
  const refused: readonly (readonly [body: Json, says: RegExp])[] = [
    [{ task: key, usd: 5 }, /SHOP-1 has no budget in money/],
    [{ project: "shop", tokens: 5 }, /project shop has no limit of tokens for its whole life/],
    [{ project: "shop", usd: 5 }, /project shop has no limit of money for its whole life/],
    [{ project: "shop", day: true, runs: 5 }, /project shop has no limit of runs for a day/],
  ];
  for (const [body, says] of refused)
    assert.match(String(problemOf(await world.post("/budgets", body), 409)["detail"]), says);
  problemOf(await world.post("/budgets", { task: "SHOP-99", usd: 5 }), 404);
  problemOf(await world.post("/budgets", { project: "mill", usd: 5 }), 404);
});

test("a raise names one task or project, one amount, and an amount that is one", async (t) => {
  const world = await scene(t, { claimConfig: limited({ scope: "day", unit: "tokens", amount: 1_000 }) });
  await world.newTask();
  const wrong: readonly (readonly [body: Json, path: string])[] = [
    [{ usd: 5 }, "task"],
    [{ task: "SHOP-1", project: "shop", usd: 5 }, "task"],
    [{ task: "SHOP-1", day: true, usd: 5 }, "day"],
    [{ task: "SHOP-1" }, "usd"],
    [{ task: "SHOP-1", usd: 5, runs: 1 }, "usd"],
    [{ task: "SHOP-1", usd: 0 }, "usd"],
    [{ task: "SHOP-1", usd: -5 }, "usd"],
    [{ task: "SHOP-1", usd: "5" }, "usd"],
    [{ task: "SHOP-1", tokens: 1.5 }, "tokens"],
    [{ task: "SHOP-1", runs: 1e300 }, "runs"],
    [{ task: "SHOP-1", usd: 5, scope: "day" }, "scope"],
  ];
  for (const [body, path] of wrong) {
    const { errors } = problemOf(await world.post("/budgets", body), 400);
    assert.ok(Array.isArray(errors), JSON.stringify(body));
    assert.equal(errors[0].path, path, JSON.stringify(body));
  }
});
