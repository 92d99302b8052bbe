/** Budgets and prices that have changed in the file: jobs that the old ones hold are judged by the new ones. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Config } from "../../../daemon/config/config.ts";
import { configure } from "../../../daemon/config/reconsider.ts";
import { openSqlite } from "../../../store/engine/sqlite.ts";
import { NOW, openDatabase, putHold, putJob, putTask } from "../../conformance/database.ts";
import { project } from "../../handlers/project.ts";
import { PLAIN_CONFIG } from "./plain-config.ts";

function configOf(tokens: number, more: Partial<Config> = {}): Config {
  const budget = [{ scope: "task", unit: "tokens", amount: tokens }] as const;
  const projects = [project({ budget }), project({ name: "mill", prefix: "MILL", budget: [] })];
  return { ...PLAIN_CONFIG, projects, ...more };
}

/** A daemon that has started with a budget of 1,000 tokens, and a job of each project that a budget holds. */
async function scene() {
  const stage = await openDatabase(() => openSqlite(":memory:"));
  const { store } = stage;
  await configure(store, configOf(1_000), NOW);
  const jobs = new Map<string, number>();
  for (const name of ["shop", "mill"]) {
    const job = await putJob(stage, await putTask(stage, 1, "active", name), "held");
    await putHold(stage, job, "budget");
    jobs.set(name, job);
  }
  return {
    configure: (config: Config) => configure(store, config, NOW),
    async holdsOf(name: string): Promise<readonly string[]> {
      const job = await store.jobs.get(jobs.get(name) ?? 0);
      return (job?.holds ?? []).map(({ kind }) => kind).toSorted();
    },
  };
}

test("a start with the same budgets lets nothing go", async () => {
  const { configure: again, holdsOf } = await scene();
  await again(configOf(1_000, { logLevel: "debug" }));
  assert.deepEqual(await holdsOf("shop"), ["backoff", "budget"]);
});

test("a budget that has changed lets go what it held, once, and no other hold, and no job of another project", async () => {
  const { configure: again, holdsOf } = await scene();
  await again(configOf(2_000));
  assert.deepEqual(await holdsOf("shop"), ["backoff"]);
  assert.deepEqual(await holdsOf("mill"), ["backoff", "budget"]);
});

test("prices that have changed are a reason to judge every project anew", async () => {
  const { configure: again, holdsOf } = await scene();
  const price = { input: 1, output: 1, cacheRead: 1, cacheWrite: 1 };
  await again(configOf(1_000, { prices: new Map(Object.entries({ "acme-1": price })) }));
  assert.deepEqual(await holdsOf("shop"), ["backoff"]);
  assert.deepEqual(await holdsOf("mill"), ["backoff"]);
});
