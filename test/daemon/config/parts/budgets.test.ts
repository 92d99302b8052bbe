/** What tasks may use: what limits become, and what is refused. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Config } from "../../../../daemon/config/config.ts";
import { reading } from "../reading.ts";
import { refusesAlone } from "../refusals.ts";

const { load: loadAll } = reading();
const load = async (text: string, env?: Readonly<Record<string, string>>): Promise<Config> =>
  (await loadAll(`data_dir: data\n${text}`, env)).config;

const PROJECT = "{ name: shop, prefix: SHOP, clone_url: ./shop.git, agent: a";
const AGENT = "agents: { a: { backend: claude } }";
const budgeted = (fields: string): string => `${AGENT}\nprojects: [${PROJECT}, budget: { ${fields} } }]\n`;

test("F5: limits are exact in the smallest unit, and tasks have caps where the file names none", async () => {
  const budget =
    "run_usd: 0.29, task_usd: 20, task_runs: 7, phase_tokens: 5000000, project_runs: 900, day_usd: 100.10";
  const { projects } = await load(`${AGENT}\nprojects: [${PROJECT}, budget: { ${budget} } }]\n`);
  assert.deepEqual(
    new Set(projects[0]?.budget.map(({ scope, unit, amount }) => `${scope} ${unit} ${amount}`)),
    new Set([
      "run nanos 290000000",
      "task nanos 20000000000",
      "task runs 7",
      "phase tokens 5000000",
      "project runs 900",
      "day nanos 100100000000",
      "task tokens 100000000",
    ]),
  );
});

refusesAlone([
  [budgeted("task_uds: 5"), /^projects\[0\]\.budget\.task_uds: unknown key; did you mean "task_usd"/],
  [budgeted("run_runs: 5"), /^projects\[0\]\.budget\.run_runs: unknown key/],
  [budgeted("task_usd: 0"), /^projects\[0\]\.budget\.task_usd: must be/],
  [budgeted("task_tokens: 1.5"), /^projects\[0\]\.budget\.task_tokens: must be a whole number/],
  [budgeted("mode: free"), /^projects\[0\]\.budget\.mode: must be one of metered, subscription/],
  [
    budgeted("mode: subscription, day_usd: 5"),
    /^projects\[0\]\.budget\.day_usd: is no limit in mode subscription/,
  ],
  [
    budgeted("run_usd: 5, day_usd: 4"),
    /^projects\[0\]\.budget\.day_usd: is less than run_usd, which every run reserves/,
  ],
  [
    budgeted("mode: subscription, run_tokens: 5, task_tokens: 4"),
    /^projects\[0\]\.budget\.task_tokens: is less than run_tokens/,
  ],
]);
