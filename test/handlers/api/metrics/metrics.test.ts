/** What Prometheus reads: every documented name, counted once, and nothing that somebody outside has made up. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { COUNTERS, GAUGES, HISTOGRAMS } from "../../../../handlers/api/metrics/names.ts";
import type { Usage } from "../../../../workflow/run.ts";
import { reportOne } from "../../../report-one.ts";
import { NOW } from "../../hand-moved.ts";
import { bearer, FAILURE, type Scene, scene } from "../served.ts";

/** By `name{labels}`. */
async function look({ request }: Scene): Promise<ReadonlyMap<string, number>> {
  const response = await request("/metrics", { headers: bearer() });
  assert.equal(response.status, 200);
  assert.match(response.headers.get("content-type") ?? "", /^text\/plain; version=0\.0\.4/);
  const lines = (await response.text()).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(
    lines.map((line) => {
      const at = line.lastIndexOf(" ");
      return [line.slice(0, at), Number(line.slice(at + 1))];
    }),
  );
}

const delivery = (deliveryId: string) =>
  ({ source: "github", deliveryId, headerId: null, event: "issues", body: "{}" }) as const;

function usage(model: string, costNanos: number | null): Usage {
  const counts = { inputTokens: 100, outputTokens: 20, cacheReadTokens: 3_000, cacheCreationTokens: 0 };
  return {
    model,
    ...counts,
    reasoningTokens: 5,
    costNanos,
    costSource: costNanos === null ? "unpriced" : "agent",
  };
}

test("whoever has not the token is told nothing", async (t) => {
  const { request } = await scene(t);
  assert.equal((await request("/metrics")).status, 401);
});

test("deliveries are told by source and end, each once, however often somebody looks", async (t) => {
  const world = await scene(t);
  const { store, clock } = world;
  await store.deliveries.record([delivery("before"), delivery("waits")], NOW);
  await store.deliveries.finish(1, "ignored", "not for us", null, NOW);
  clock.move(90_000);
  const handled = (status: string) =>
    `chargehand_deliveries_handled_total{source="github",status="${status}"}`;
  const first = await look(world);
  assert.equal(first.get('chargehand_deliveries{status="ignored"}'), 1);
  assert.equal(first.get('chargehand_inbox_deliveries{source="github"}'), 1);
  assert.equal(first.get("chargehand_inbox_age_seconds"), 90);
  assert.equal(first.get(handled("ignored")), 0, "counters begin with the first look, and are there then");
  await store.deliveries.finish(2, "failed", "no answer", null, NOW);
  await store.deliveries.record([delivery("new"), { ...delivery("x"), source: "chat:telegram:1" }], NOW);
  await store.deliveries.finish(3, "ignored", "not for us", null, NOW);
  await Promise.all([look(world), look(world)]);
  const last = await look(world);
  assert.deepEqual(
    ["failed", "ignored", "processed"].map((status) => last.get(handled(status))),
    [1, 1, 0],
  );
  assert.equal(last.get('chargehand_deliveries_received_total{source="github"}'), 1);
  assert.equal(last.get('chargehand_deliveries_received_total{source="chat"}'), 1);
  assert.equal(
    last.get('chargehand_inbox_deliveries{source="github"}'),
    undefined,
    "what is over is not shown",
  );
});

test("runs are told with their end, tokens and cost; a model that an agent has made up is `other`", async (t) => {
  const world = await scene(t);
  const { store, clock } = world;
  await look(world);
  await world.newTask();
  clock.move(2_000);
  const claimed = await world.start();
  const live = await look(world);
  assert.equal(live.get('chargehand_runs_live{project="shop"}'), 1);
  assert.equal(live.get('chargehand_project_jobs{project="shop",status="running"}'), 1);
  assert.equal(live.get('chargehand_claim_wait_seconds_sum{project="shop"}'), 2);
  assert.equal(live.get('chargehand_claim_wait_seconds_bucket{le="1",project="shop"}'), 0);
  const evil = 'x"} 1\nchargehand_tasks{status="done"';
  const models = [usage("claude-sonnet-4-5-20250929", 250_000_000), usage(evil, null), usage("made up", 1)];
  const progress = {
    logOffset: 1,
    transcript: "{}",
    session: null,
    model: null,
    activeAt: NOW,
    usage: models,
  };
  assert.ok(await reportOne(store.runs, claimed.run.id, progress));
  clock.move(45_000);
  await world.finish(claimed, FAILURE);
  await look(world);
  const over = await look(world);
  const ended = [...over].filter(
    ([name]) => name.startsWith("chargehand_runs_finished_total{") && !name.includes("succeeded"),
  );
  assert.deepEqual(ended, [
    [
      `chargehand_runs_finished_total{project="shop",status="failed",failure="${"failure" in FAILURE ? FAILURE.failure : ""}"}`,
      1,
    ],
  ]);
  assert.equal(over.get('chargehand_run_seconds_sum{project="shop"}'), 45);
  assert.equal(over.get('chargehand_tokens_total{model="claude-sonnet-4-5",kind="cache_read"}'), 3_000);
  assert.equal(over.get('chargehand_tokens_total{model="other",kind="input"}'), 200);
  assert.equal(over.get('chargehand_cost_dollars_total{model="claude-sonnet-4-5"}'), 0.25);
  assert.equal(over.get('chargehand_unpriced_runs_total{model="other"}'), 1);
  assert.ok(![...over.keys()].some((name) => name.includes("made up") || name.includes('x\\"')));
});

test("every name is on the page and in docs/metrics.md, with its labels, and no other is", async (t) => {
  const page = await (await (await scene(t)).request("/metrics", { headers: bearer() })).text();
  const told = [...page.matchAll(/^# TYPE (\S+) /gm)].map(([, name]) => name);
  const described = { ...GAUGES, ...COUNTERS, ...HISTOGRAMS };
  assert.deepEqual(new Set(told), new Set(Object.keys(described)));
  const docs = await readFile(new URL("../../../../docs/metrics.md", import.meta.url), "utf8");
  const rows = [...docs.matchAll(/^\| `((?:chargehand|process)_\w+)` \|([^|]*)\|/gm)];
  assert.deepEqual(
    Object.fromEntries(rows.map(([, name, labels]) => [name, labels?.replaceAll("`", "").trim()])),
    Object.fromEntries(
      Object.entries(described).map(([name, of]) => [name, "labels" in of ? of.labels.join(", ") : ""]),
    ),
  );
});

test("a database that cannot work is 503, and the look after that tells what this one would have", async (t) => {
  let isDown = false;
  const world = await scene(t, {
    wrap: (store) => ({
      ...store,
      totals: async (now) => {
        if (isDown)
          throw new (await import("../../../../store/engine/engine.ts")).StoreFault("busy", "locked", "");
        return store.totals(now);
      },
    }),
  });
  await look(world);
  await world.store.deliveries.record([delivery("new")], NOW);
  isDown = true;
  assert.equal((await world.request("/metrics", { headers: bearer() })).status, 503);
  isDown = false;
  assert.equal((await look(world)).get('chargehand_deliveries_received_total{source="github"}'), 1);
});
