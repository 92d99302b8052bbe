/** I8: a run that has reached a limit is asked to stop, and its end names the limit. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { createMeter, nameBudget } from "../../../daemon/run/meter.ts";
import { failure } from "../../../daemon/run/own-outcomes.ts";
import { StoreFault } from "../../../store/engine/engine.ts";
import type { BudgetLimit } from "../../../workflow/budget.ts";
import { scene, usage } from "./scene.ts";

const TOKENS: readonly BudgetLimit[] = [{ scope: "run", unit: "tokens", amount: 250 }];
const MONEY: readonly BudgetLimit[] = [{ scope: "task", unit: "nanos", amount: 1_000_000_000 }];

test("a run works on below its limit, and is asked to stop at it, with what to do about that", async (t) => {
  const { ports, row, log } = await scene(t, { budget: TOKENS });
  const meter = createMeter(ports, await row());
  await meter.read([usage(249)]);
  assert.equal((await row()).stop, null);
  await meter.read([usage(250)]);
  assert.equal((await row()).stop, "budget");
  const [line] = log.lines;
  assert.equal(line?.event, "run.over_budget");
  assert.match(String(line["reason"]), /250/);
  assert.ok(line["remedy"]);
});

test("a limit that a fault of the store kept from being seen is seen at the next look, at the same usage", async (t) => {
  const { ports, row } = await scene(t, { budget: TOKENS });
  let isFull = true;
  const budgets = {
    ...ports.store.budgets,
    async standings(...about: Parameters<typeof ports.store.budgets.standings>) {
      if (isFull) throw new StoreFault("full", "the disk is full", "make room");
      return ports.store.budgets.standings(...about);
    },
  };
  const meter = createMeter({ ...ports, store: { ...ports.store, budgets } }, await row());
  await assert.rejects(meter.read([usage(300)]), StoreFault);
  isFull = false;
  await meter.read([usage(300)]);
  assert.equal((await row()).stop, "budget");
});

test("a model without a price is stopped where there is a budget of money, and nowhere else", async (t) => {
  for (const [budget, stop] of [
    [MONEY, "budget"],
    [TOKENS, null],
  ] as const) {
    const { ports, row, log } = await scene(t, { budget });
    await createMeter(ports, await row()).read([usage(1)]);
    assert.equal((await row()).stop, stop);
    if (stop !== null) assert.match(String(log.lines[0]?.["reason"]), /model acme-1 has no price/);
  }
});

test("the end of a run that was stopped for a budget names it; one that was raised meanwhile holds nobody", async (t) => {
  const { ports, row } = await scene(t, { budget: TOKENS });
  const stopped = failure("budget_limit", "a budget was reached", "killed");
  const named = await nameBudget(ports, await row(), [usage(300)], stopped);
  assert.ok(named.status === "killed");
  assert.match(named.reason, /250/);
  assert.equal(named.passes, false);
  const raised = await nameBudget(ports, await row(), [usage(10)], stopped);
  assert.deepEqual(raised, { ...stopped, passes: true });
  const crashed = failure("interrupted", "it is gone", "lost");
  assert.equal(await nameBudget(ports, await row(), [usage(300)], crashed), crashed);
});
