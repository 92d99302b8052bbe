/** Why a task is not running, as the API tells them from real rows. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { plainClaimConfig } from "../../claim-config.ts";
import { type Json, problemOf, type Scene, SUCCESS, scene } from "./served.ts";

async function reasons({ get }: Scene, key: string): Promise<readonly Json[]> {
  const { status, body } = await get(`/tasks/${key}/explain`);
  assert.equal(status, 200);
  assert.ok(Array.isArray(body["reasons"]));
  return body["reasons"];
}

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
