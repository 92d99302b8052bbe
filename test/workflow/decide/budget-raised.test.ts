/** What becomes of a job that its budget holds: a person raises, or the configuration changes. */

import assert from "node:assert/strict";
import test from "node:test";
import type { Standing } from "../../../workflow/budget.ts";
import type { RaiseBudget, ReconsiderBudget } from "../../../workflow/decide/budget-raised.ts";
import { decide } from "../../../workflow/decide/decide.ts";
import type { Decision, Snapshot } from "../../../workflow/decide/decision.ts";
import { held, snapshot, task } from "./snapshot.ts";

const USD = 1e9;
const RUN: Standing = {
  ...{ scope: "run", unit: "nanos", amount: USD, raised: 0 },
  ...{ used: 0, reserved: 0, reserve: USD },
};
const TASK: Standing = { ...RUN, scope: "task", amount: 5 * USD, used: 3 * USD };

function asked(scope: RaiseBudget["scope"], dollars: number): RaiseBudget {
  return {
    ...{ kind: "raise_budget", project: "shop", key: "k", because: "b", target: { key: "SHOP-12" } },
    ...{ by: { kind: "cli", name: "operator" }, unit: "nanos", scope, amount: dollars * USD },
  };
}

const CHANGED: ReconsiderBudget = {
  ...{ kind: "reconsider_budget", project: "shop", key: "k", because: "b", target: { key: "SHOP-12" } },
  by: { kind: "daemon", name: "configuration" },
};

function world(standings: readonly Standing[]): Snapshot {
  return snapshot({ task: task("active"), jobs: [held("budget")], standings });
}

/** What is added to which budgets, and what becomes of the job's hold. */
function brief(decision: Decision): readonly unknown[] {
  assert.ok(decision.kind === "change", JSON.stringify(decision));
  const [job] = decision.jobs;
  const fate = job?.change === "hold" ? job.hold.reason : job?.change;
  return [decision.raises.map(({ scope, amount }) => [scope, amount / USD]), fate];
}

test("F5: a raise for runs adds to what each run of the task may take, and to nothing else", () => {
  assert.deepEqual(brief(decide(world([RUN, TASK]), asked("run", 1))), [[["run", 1]], "release"]);
  assert.deepEqual(brief(decide(world([RUN, TASK]), asked("task", 1))), [[["task", 1]], "release"]);
});

test("F5: a run that may take more must still fit below the task's budget, and the job says so", () => {
  const [raises, fate] = brief(decide(world([RUN, TASK]), asked("run", 4)));
  assert.deepEqual(raises, [["run", 4]]);
  assert.match(
    String(fate),
    /^the task's budget of \$5\.00 is used up \(\$3\.00 used, a run may take \$5\.00\)/,
  );
});

test("F5: what is not limited cannot be raised", () => {
  const { kind } = decide(world([TASK]), asked("run", 1));
  assert.equal(kind, "refuse");
});

test("F5: other budgets or prices in the configuration free a job, unless a limit still forbids its next run", () => {
  assert.deepEqual(brief(decide(world([RUN, TASK]), CHANGED)), [[], "release"]);
  const [, fate] = brief(decide(world([{ ...TASK, used: 5 * USD }]), CHANGED));
  assert.match(String(fate), /^the task's budget of \$5\.00 is used up/);
  const free = snapshot({ task: task("active"), jobs: [held("backoff")], standings: [TASK] });
  assert.equal(decide(free, CHANGED).kind, "ignore");
});
