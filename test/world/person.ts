/** The person who looks after a simulated daemon, now and then: opens what is broken and raises what is used up. */

import { ask } from "../../store/settle.ts";
import type { Store } from "../../store/store.ts";
import type { RaiseBudget } from "../../workflow/decide/budget-raised.ts";

const MORE = { tokens: 400, runs: 5 } as const;

export async function mend(store: Store, now: number): Promise<void> {
  for (const { scope, subject, kind } of await store.holds.wide()) {
    if (scope === "account" && kind === "broken") await store.accounts.clear(subject);
    if (scope === "project" && kind === "budget")
      await store.budgets.raise(subject, "day", "tokens", 2_000, now);
  }
  const { items } = await store.jobs.list({ limit: 500, before: null, status: "held" });
  for (const { task, project, holds } of items) {
    if (!holds.some(({ kind }) => kind === "budget")) continue;
    for (const unit of ["tokens", "runs"] as const) {
      const intent: RaiseBudget = {
        kind: "raise_budget",
        project,
        by: { kind: "cli", name: "operator" },
        key: `raise:${task}:${unit}:${now}`,
        because: "it is worth it",
        target: { key: task },
        scope: "task",
        unit,
        amount: MORE[unit],
      };
      await ask(store, [intent], null, now);
    }
  }
}
