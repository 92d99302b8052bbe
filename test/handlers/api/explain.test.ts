/** Cooldowns, and why a task is not running, as the API tells them from real rows. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { ClaimConfig } from "../../../store/claim-config.ts";
import { plainClaimConfig } from "../../claim-config.ts";
import { items, type Json, problemOf, type Scene, SUCCESS, scene } from "./stage.ts";

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
  const reset = new Date(world.clock.now() + HOUR).toISOString();
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
      reason: "the five-hour limit is reached",
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
      "agent profile developer is closed: there is no model opsu",
      "mend it, then: chargehand cooldown clear agent:developer",
    ],
  );
  assert.equal((await world.post("/cooldowns/agent%3Adeveloper/clear")).status, 200);
  assert.equal((await reasons(world, key))[0]?.["about"], "queue");
  problemOf(await world.post("/cooldowns/agent%3Adeveloper/clear"), 409);
  problemOf(await world.post("/cooldowns/agent%3Anobody/clear"), 404);
});

test("F7: a task is explained from its rows: in line behind others, refused, at work, waiting, done", async (t) => {
  const world = await scene(t, { claimConfig: plainClaimConfig([{ name: "shop", concurrency: 1 }]) });
  const [first, second, third] = [await world.newTask(), await world.newTask(), await world.newTask()];
  const sentences = async (key: string): Promise<readonly unknown[]> =>
    (await reasons(world, key)).map(({ sentence }) => sentence);
  assert.deepEqual(await sentences(first), ["nothing of its own holds it: it is next in line"]);
  assert.deepEqual(await sentences(third), ["2 queued jobs of its project are ahead of it"]);
  const urgent = await world.newTask({ priority: 5 });
  assert.deepEqual(await sentences(third), ["3 queued jobs of its project are ahead of it"]);
  await world.post(`/tasks/${urgent}/cancel`);
  const claim = await world.start();
  const full = {
    ...{ project: "shop", agent: "developer" },
    ...{ reason: "project shop has 1 of 1 agents at work", remedy: "raise projects[].concurrency" },
  };
  await world.store.lanes.refuse([full], world.clock.now());
  assert.match(
    String((await sentences(first))[0]),
    /^SHOP-1 is running since .* \(run .*, pid 4242, agent developer/,
  );
  assert.deepEqual(await sentences(second), [
    "project shop has 1 of 1 agents at work",
    "nothing of its own holds it: it is next in line",
  ]);
  const { body: status } = await world.get("/status");
  assert.deepEqual(status["refusals"], [{ ...full, since: new Date(world.clock.now()).toISOString() }]);
  await world.finish(claim, SUCCESS);
  assert.match(
    String((await sentences(first))[0]),
    /^SHOP-1 is done; its work is on the branch chargehand\/SHOP-1/,
  );
  const said = (await world.get(`/tasks/${first.toLowerCase()}/explain`)).body["summary"];
  assert.equal(said, "sorted by height", "what the agent itself said");
});

test("F7: a failed try is explained with its class, and the last decisions are told as sentences", async (t) => {
  const world = await scene(t);
  const key = await world.newTask();
  const ending = { status: "failed", failure: "network", summary: null, session: null } as const;
  await world.finish(await world.start(), { ...ending, reason: "no route", retryAfterMs: 120_000 });
  const { body } = await world.get(`/tasks/${key}/explain`);
  const until = new Date(world.clock.now() + 120_000).toISOString();
  assert.ok(Array.isArray(body["reasons"]));
  assert.deepEqual(body["reasons"], [
    {
      about: "job",
      sentence: `waits until ${until.slice(0, 19).replace("T", " ")} UTC for another try (network: no route)`,
      since: new Date(world.clock.now()).toISOString(),
      until,
      remedy: null,
    },
  ]);
  const { decisions, ...rest } = body;
  assert.deepEqual([rest["task"], rest["project"], rest["status"]], [key, "shop", "active"]);
  assert.ok(Array.isArray(decisions));
  assert.match(decisions[0].sentence, /^created by operator \(asked over the API\)$/);
  assert.match(decisions[1].sentence, /^run run\d+ failed \(network\): no route$/);
  for (let turn = 0; turn < 4; turn++) {
    await world.post(`/tasks/${key}/cancel`, { reason: `no ${turn}` });
    await world.post(`/tasks/${key}/retry`);
  }
  await world.post(`/tasks/${key}/cancel`, { reason: "enough" });
  const { body: later } = await world.get(`/tasks/${key}/explain`);
  assert.ok(Array.isArray(later["decisions"]));
  assert.equal(later["decisions"].length, 5);
  assert.equal(later["decisions"][4].sentence, "cancelled by operator (asked over the API): enough");
  problemOf(await world.get("/tasks/SHOP-99/explain"), 404);
});
