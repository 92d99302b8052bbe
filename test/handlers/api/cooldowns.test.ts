/** Cooldowns of accounts and agent profiles, as the API tells and clears them. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { ClaimConfig } from "../../../store/claim/config.ts";
import { items, type Json, problemOf, type Scene, scene } from "./served.ts";

const HOUR = 3_600_000;

const TWO_ACCOUNTS: ClaimConfig = {
  projects: [{ name: "shop", concurrency: 1, budget: [] }],
  accounts: [
    { name: "claude-api", concurrency: 1 },
    { name: "claude-max", concurrency: null },
  ],
  routes: [
    { agent: "developer", via: "developer", account: "claude-max" },
    { agent: "developer", via: "developer", account: "claude-api" },
  ],
};

/** Claims the next job and lets it meet the usage limit of its account. */
async function meetLimit(world: Scene, retryAfterMs = HOUR): Promise<void> {
  const reason = "the five-hour limit is reached";
  const ending = { status: "failed", failure: "usage_limit", reason, summary: null, session: null } as const;
  await world.finish(await world.start(), { ...ending, retryAfterMs });
}

async function reasons({ get }: Scene, key: string): Promise<readonly Json[]> {
  const { status, body } = await get(`/tasks/${key}/explain`);
  assert.equal(status, 200);
  assert.ok(Array.isArray(body["reasons"]));
  return body["reasons"];
}

async function accounts({ get }: Scene, field = "accounts"): Promise<readonly unknown[][]> {
  const list = (await get("/status")).body[field];
  assert.ok(Array.isArray(list));
  return list.map(({ name, status, until, rearms, running }) => [name, status, until, rearms, running]);
}

test("F4: an account at its limit shows as cooling with its reset, and the job goes to the next one", async (t) => {
  const world = await scene(t, { claimConfig: TWO_ACCOUNTS });
  const key = await world.newTask();
  await meetLimit(world);
  const reset = new Date(world.clock.now() + HOUR / 2).toISOString();
  const { run } = await world.start();
  assert.equal(run.account, "claude-api");
  assert.deepEqual(await accounts(world), [
    ["claude-api", "open", null, 0, 1],
    ["claude-max", "cooling", reset, 1, 0],
  ]);
  assert.deepEqual(await accounts(world, "cooldowns"), [["claude-max", "cooling", reset, 1, 0]]);
  const { body } = await world.get("/status");
  assert.deepEqual(body["wide_holds"], [
    {
      scope: "account",
      subject: "claude-max",
      kind: "cooldown",
      reason: "the five-hour limit is reached (so says SHOP-1 alone, so it is tried again before that)",
      remedy: "it opens by itself; earlier with: chargehand cooldown clear claude-max",
      since: new Date(world.clock.now()).toISOString(),
      until: reset,
    },
  ]);
  const shown = items(await world.get(`/runs?task=${key}`), "runs").map(({ account }) => account);
  assert.deepEqual(shown, ["claude-api", "claude-max"]);
});

test("F4: clearing a cooldown opens the account without any doubt, once, and tells the claim loop", async (t) => {
  const world = await scene(t, { claimConfig: TWO_ACCOUNTS });
  const key = await world.newTask();
  await meetLimit(world);
  await meetLimit(world);
  const told = await reasons(world, key);
  assert.deepEqual(
    told.map(({ about, remedy }) => [about, remedy]),
    [
      ["account", "it opens by itself; earlier with: chargehand cooldown clear claude-max"],
      ["account", "it opens by itself; earlier with: chargehand cooldown clear claude-api"],
      ["queue", null],
    ],
  );
  world.told();
  const cleared = await world.post("/cooldowns/claude-max/clear", {});
  assert.equal(cleared.status, 200, JSON.stringify(cleared.body));
  assert.deepEqual([cleared.body["scope"], cleared.body["name"]], ["account", "claude-max"]);
  assert.ok(Array.isArray(cleared.body["released"]) && cleared.body["released"].length === 1);
  assert.deepEqual(world.told(), ["jobs"]);
  assert.deepEqual((await accounts(world))[1], ["claude-max", "open", null, 0, 0]);
  assert.equal((await world.start()).run.account, "claude-max");
  assert.deepEqual(world.told(), ["cards"], "a run that begins is shown");
  const again = problemOf(await world.post("/cooldowns/claude-max/clear"), 409);
  assert.equal(again["state"], "open");
  assert.deepEqual(world.told(), []);
  problemOf(await world.post("/cooldowns/claude-mx/clear"), 404);
});

test("F4: an account on probation is shown as probing, and a person may trust it at once", async (t) => {
  const world = await scene(t, { claimConfig: TWO_ACCOUNTS });
  await world.newTask();
  await meetLimit(world);
  world.clock.move(HOUR);
  await world.store.holds.releaseDue(world.clock.now());
  assert.deepEqual((await accounts(world))[1], ["claude-max", "probing", null, 1, 0]);
  const { body } = await world.post("/cooldowns/claude-max/clear");
  assert.deepEqual(body["released"], []);
  assert.deepEqual((await accounts(world))[1], ["claude-max", "open", null, 0, 0]);
});

test("F4: an agent profile whose model was refused is cleared by its name", async (t) => {
  const world = await scene(t, { claimConfig: TWO_ACCOUNTS });
  const key = await world.newTask();
  const { run, job } = await world.start();
  const reason = "there is no model opsu";
  const ending = {
    status: "failed",
    failure: "model_unavailable",
    reason,
    summary: null,
    session: null,
  } as const;
  await world.finish({ run, job }, { ...ending, retryAfterMs: 0 });
  const [agent] = await reasons(world, key);
  assert.deepEqual(
    [agent?.["sentence"], agent?.["remedy"]],
    [
      `agent profile developer is closed: there is no model opsu (so says ${key} alone, so it is tried again)`,
      "mend it, then: chargehand cooldown clear agent:developer",
    ],
  );
  assert.equal((await world.post("/cooldowns/agent%3Adeveloper/clear")).status, 200);
  assert.equal((await reasons(world, key))[0]?.["about"], "queue");
  problemOf(await world.post("/cooldowns/agent%3Adeveloper/clear"), 409);
  problemOf(await world.post("/cooldowns/agent%3Anobody/clear"), 404);
});
