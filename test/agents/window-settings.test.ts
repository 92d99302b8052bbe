/** What agents cannot be told, and budgets that would start none: said once, for the file and for schedules by hand. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { type AskedSettings, type PlayedProject, settingTroubles } from "../../agents/window-settings.ts";
import { openingLimits } from "../../workflow/windows/budget.ts";

const NOTHING: AskedSettings = { agent: null, model: null, effort: null, permissions: null, budget: [] };
const SHOP: PlayedProject = { name: "shop", agent: "claude", isNotional: false, runLimits: [] };
const BACKENDS = new Map(["claude", "qwen", "command"].map((name) => [name, name]));

const troubles = (asked: Partial<AskedSettings>, ...projects: readonly Partial<PlayedProject>[]) =>
  settingTroubles(
    { ...NOTHING, ...asked },
    projects.map((project) => ({ ...SHOP, ...project })),
    BACKENDS,
  ).map(({ path, message }) => `${path.join(".")} ${message}`);

test("what every agent of a schedule's projects can be told is no trouble", () => {
  const all = { model: "m", effort: "high", permissions: "full" };
  assert.deepEqual(troubles(all, {}, { name: "mill" }), []);
  assert.deepEqual(troubles({}, { agent: "command" }), []);
  assert.deepEqual(troubles(all, { agent: "nobody knows" }), [], "who that is, is said elsewhere");
});

test("a setting that one of them cannot be told is named with the first that cannot", () => {
  const [effort, ...others] = troubles({ model: "m", effort: "high" }, {}, { name: "mill", agent: "qwen" });
  assert.equal(effort, "effort has no effect on agent qwen of project mill: qwen has no such option");
  assert.deepEqual(others, []);
  const script = troubles({ model: "m", permissions: "full" }, { agent: "command" });
  assert.deepEqual(
    script.map((said) => said.split(" ")[0]),
    ["model", "permissions"],
  );
});

test("where the window chooses who plays, those of the projects do not count", () => {
  assert.deepEqual(troubles({ agent: "claude", effort: "high" }, { agent: "command" }), []);
  assert.deepEqual(troubles({ agent: "qwen", effort: "high" }, {}, { name: "mill" }), [
    "effort has no effect on agent qwen: qwen has no such option",
  ]);
});

test("an opening with less than one run reserves would start none", () => {
  const runLimits = openingLimits({ usd: 2, tokens: 100 });
  assert.deepEqual(troubles({ budget: openingLimits({ usd: 2, tokens: 100, runs: 1 }) }, { runLimits }), []);
  assert.deepEqual(
    troubles({ budget: openingLimits({ usd: 1.99, tokens: 99 }) }, {}, { name: "mill", runLimits }),
    [
      "budget.usd is less than run_usd of project mill, which every run reserves, so none would ever start",
      "budget.tokens is less than run_tokens of project mill, which every run reserves, so none would ever start",
    ],
  );
});

test("dollars limit nothing where they are notional", () => {
  assert.deepEqual(troubles({ budget: openingLimits({ usd: 5, runs: 2 }) }, { isNotional: true }), [
    "budget.usd is no limit of project shop, whose budget is in mode subscription",
  ]);
});
