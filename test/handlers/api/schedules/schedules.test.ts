/** Schedules over the API: made by hand, read-only where the configuration makes them, and judged at once. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { plainClaimConfig } from "../../../claim-config.ts";
import { reportOne } from "../../../report-one.ts";
import { schedule } from "../../../workflow/windows/schedules.ts";
import { type Answer, items, type Json, progress, scene, usage } from "../served.ts";

const NEW = { name: "nights", start: "22:00", duration: "8h", timezone: "Europe/Berlin" };

test("a schedule is made, listed, edited and removed, and comes into force at once", async (t) => {
  const { get, post, patch, remove, store } = await scene(t);
  const { status, body } = await post("/schedules", NEW);
  assert.equal(status, 200, JSON.stringify(body));
  assert.deepEqual(
    [body["made"], body["duration_s"], body["projects"], body["on_close"]],
    ["hand", 28_800, null, "drain"],
  );
  const listed = (await get("/schedules")).body["schedules"];
  assert.ok(Array.isArray(listed) && listed.length === 1);
  const [stretch] = [...(await store.windows.stretches()).values()];
  assert.notEqual(stretch, null, "its project has a window now");
  const edited = await patch("/schedules/nights", { days: ["sun", "mon"], concurrency: 2 });
  assert.deepEqual([edited.body["days"], edited.body["concurrency"]], [["mon", "sun"], 2]);
  assert.equal(edited.body["start"], "22:00");
  const spread = await patch("/schedules/nights", { budget: { usd: 2.5, spread: true } });
  assert.deepEqual(spread.body["budget"], { usd: 2.5, spread: true });
  assert.deepEqual((await patch("/schedules/nights", { enabled: true })).body["budget"], {
    usd: 2.5,
    spread: true,
  });
  const more = await patch("/schedules/nights", { budget: { runs: 3 } });
  assert.deepEqual(more.body["budget"], { usd: 2.5, runs: 3, spread: true });
  const even = await patch("/schedules/nights", { budget: { usd: null, spread: false, runs: 3 } });
  assert.deepEqual(even.body["budget"], { runs: 3 });
  const again = await patch("/schedules/nights", { budget: { spread: true } });
  assert.deepEqual(again.body["budget"], { runs: 3, spread: true });
  const nothing = await patch("/schedules/nights", { budget: { runs: null, spread: true } });
  assert.equal(nothing.status, 400);
  assert.match(JSON.stringify(nothing.body), /budget\.spread.*there is no limit to spread/);
  assert.equal((await patch("/schedules/nights", { budget: null })).body["budget"], null);
  assert.ok(Array.isArray((await get("/schedules/nights/next?count=2")).body["windows"]));
  assert.equal((await remove("/schedules/nights")).status, 200);
  assert.equal((await get("/schedules/nights")).status, 404);
  assert.deepEqual([...(await store.windows.stretches()).values()], [null]);
});

test("what the configuration makes is shown, and changed nowhere else", async (t) => {
  const { get, post, patch, remove } = await scene(t, { schedules: [schedule()] });
  assert.equal((await get("/schedules/nights")).body["made"], "configuration");
  for (const answer of [
    await patch("/schedules/nights", { start: "21:00" }),
    await remove("/schedules/nights"),
    await post("/schedules", NEW),
  ])
    assert.equal(answer.status, 409);
});

test("a schedule that cannot be is refused with every fault, and nothing is stored", async (t) => {
  const { post, patch, store } = await scene(t);
  for (const [fields, path] of [
    [{ start: "25:00" }, "start"],
    [{ timezone: "Mars/Olympus" }, "timezone"],
    [{ duration: "25h" }, "duration"],
    [{ duration: "-1h" }, "duration"],
    [{ days: [] }, "days"],
    [{ concurrency: 65 }, "concurrency"],
    [{ name: "-x" }, "name"],
    [{ model: "--yolo" }, "model"],
    [{ budget: { spread: true } }, "budget.spread"],
    [{ budget: { usd: 1, spread: "evenly" } }, "budget.spread"],
    [{ colour: "red" }, "colour"],
  ] as const) {
    const { status, body } = await post("/schedules", { ...NEW, ...fields });
    assert.equal(status, 400, JSON.stringify(fields));
    assert.equal((body["errors"] as { path: string }[])[0]?.path, path);
  }
  assert.equal((await post("/schedules", { ...NEW, projects: ["barn"] })).status, 404);
  assert.equal((await patch("/schedules/nights", { start: "21:00" })).status, 404);
  assert.deepEqual(await store.windows.schedules(), []);
});

/** Two that play, and a script that can be told nothing. */
const AGENTS = {
  developer: { backend: "claude" },
  night: { backend: "codex" },
  script: { backend: "command" },
};
const ALWAYS = { name: "always", start: "00:00", duration: "24h", timezone: "UTC" };

test("the agent of a window plays what is claimed in it, and no other job", async (t) => {
  const claimConfig = plainClaimConfig([{ name: "shop", concurrency: 10 }], ["developer", "night"]);
  const { get, post, patch, newTask, claim } = await scene(t, {
    ...{ agents: AGENTS, claimConfig, project: { concurrency: 10 } },
  });
  const made = await post("/schedules", { ...ALWAYS, agent: "night" });
  assert.equal(made.body["agent"], "night", JSON.stringify(made.body));
  const [first, second] = [await newTask(), await newTask()];
  assert.equal((await claim()).run.agent, "night");
  const [job] = ((await get(`/tasks/${first}`)).body["jobs"] as Json[]) ?? [];
  assert.equal(job?.["agent"], "night", "who plays it is seen");
  assert.equal((await patch("/schedules/always", { agent: null })).body["agent"], null);
  const claimed = await claim();
  assert.deepEqual([claimed.run.task, claimed.run.agent], [second, "developer"]);
});

test("an agent that left the configuration is named by whoever waits for it", async (t) => {
  const { get, newTask } = await scene(t, {
    schedules: [schedule({ start: "00:00", durationMs: 86_400_000, agent: "gone" })],
  });
  const { body } = await get(`/tasks/${await newTask()}/explain`);
  assert.match(JSON.stringify(body["reasons"]), /agent profile gone is not in the configuration/);
});

test("what has no effect on agents, or would start none, is refused as the configuration does", async (t) => {
  const project = {
    budget: [
      { scope: "run", unit: "nanos", amount: 2e9 },
      { scope: "run", unit: "tokens", amount: 500 },
    ],
  } as const;
  const { post, patch, store } = await scene(t, { agents: AGENTS, project });
  const wrong = [
    [{ agent: "nigth" }, "agent", /^there is no agent "nigth"; did you mean "night"/],
    [{ agent: "script", model: "opus" }, "model", /^has no effect on agent script: a command agent/],
    [
      { budget: { usd: 1.99 } },
      "budget.usd",
      /^is less than run_usd of project shop, which every run reserves/,
    ],
    [{ budget: { tokens: 499, runs: 1 } }, "budget.tokens", /^is less than run_tokens of project shop/],
  ] as const;
  const refused = ({ status, body }: Answer, path: string, says: RegExp): void => {
    assert.equal(status, 400, JSON.stringify(body));
    const [error] = body["errors"] as { path: string; message: string }[];
    assert.equal(error?.path, path);
    assert.match(error?.message ?? "", says);
  };
  for (const [fields, path, says] of wrong)
    refused(await post("/schedules", { ...NEW, ...fields }), path, says);
  assert.deepEqual(await store.windows.schedules(), []);
  assert.equal((await post("/schedules", { ...NEW, budget: { usd: 2, tokens: 500 } })).status, 200);
  for (const [fields, path, says] of wrong) refused(await patch("/schedules/nights", fields), path, says);
  const [kept] = await store.windows.schedules();
  assert.deepEqual([kept?.agent, kept?.model], [null, null]);
});

test("dollars are no limit of a project that pays none", async (t) => {
  const { post } = await scene(t, { project: { isNotional: true } });
  const { status, body } = await post("/schedules", { ...NEW, budget: { usd: 5 } });
  assert.equal(status, 400);
  assert.match(
    JSON.stringify(body["errors"]),
    /is no limit of project shop, whose budget is in mode subscription/,
  );
  assert.equal((await post("/schedules", { ...NEW, budget: { runs: 5 } })).status, 200);
});

test("a budget is changed limit by limit: what is left out stays, null takes away", async (t) => {
  const { post, patch } = await scene(t);
  await post("/schedules", { ...NEW, budget: { usd: 5, runs: 3 } });
  const becomes = async (budget: unknown): Promise<unknown> => {
    const { status, body } = await patch("/schedules/nights", { budget });
    assert.equal(status, 200, JSON.stringify(body));
    return body["budget"];
  };
  assert.deepEqual(await becomes({ tokens: 100 }), { usd: 5, tokens: 100, runs: 3 });
  assert.deepEqual(await becomes({ usd: null, runs: 4 }), { tokens: 100, runs: 4 });
  assert.equal(await becomes(null), null);
  for (const budget of [{}, { usd: 0 }, { runs: 1.5 }, { hours: 2 }])
    assert.equal((await patch("/schedules/nights", { budget })).status, 400, JSON.stringify(budget));
});

test("a schedule tells how much of its opening's budget is used and reserved; closed, it has no opening", async (t) => {
  const budget = [{ scope: "run", unit: "nanos", amount: 2e9 }] as const;
  const claimConfig = { ...plainClaimConfig([]), projects: [{ name: "shop", concurrency: 10, budget }] };
  const { get, post, newTask, start, store } = await scene(t, { claimConfig });
  await post("/schedules", { ...ALWAYS, budget: { usd: 5, runs: 3 } });
  const limits = async (): Promise<unknown> =>
    ((await get("/schedules/always")).body["opening"] as Json | null)?.["limits"];
  const [usd, runs] = [
    { unit: "usd", amount: 5, used: 0, reserved: 0 },
    { unit: "runs", amount: 3, used: 0, reserved: 0 },
  ];
  assert.deepEqual(await limits(), [usd, runs]);
  await newTask();
  await reportOne(store.runs, (await start()).run.id, progress(usage("m", 1.5e9, "agent")));
  assert.deepEqual(await limits(), [
    { ...usd, used: 1.5, reserved: 0.5 },
    { ...runs, used: 1 },
  ]);
  const listed = items(await get("/schedules"), "schedules");
  assert.deepEqual(
    listed.map(({ opening }) => (opening as Json)["limits"]),
    [await limits()],
  );
  await post("/schedules/always/override", { verdict: "closed", for: "1h" });
  assert.equal((await get("/schedules/always")).body["opening"], null);
});
