/**
 * Budgets and prices that have changed: jobs that are held by the old ones are judged by the new ones.
 *
 * Only what has really changed lets a job go. A limit on a single run, or a model without a price, cannot be seen in
 * any sum, so that every restart would grant such a job another run.
 */

import { createHash } from "node:crypto";
import { countedSchedules } from "../../scheduler/recurring/counted.ts";
import type { Page } from "../../store/engine/page.ts";
import { ask } from "../../store/settle.ts";
import type { Store } from "../../store/store.ts";
import type { ReconsiderBudget } from "../../workflow/decide/budget-raised.ts";
import type { Job } from "../../workflow/job.ts";
import type { Project } from "../../workflow/project.ts";
import { claimConfigOf } from "./claim-config.ts";
import type { Config } from "./config.ts";

const PAGE = 200;

/**
 * Brings the database in line with the configuration. May be repeated: a crash in between leaves the old digest written
 * down, and the jobs are judged again.
 *
 * @param now calendar time, ms
 */
export async function configure(store: Store, config: Config, now: number): Promise<void> {
  await store.projects.configure(claimConfigOf(config), now);
  await store.recurring.configure(countedSchedules(config.recurring), now);
  const before = await store.projects.budgetDigests();
  const digests = config.projects.map((project) => [project.name, digestOf(project, config.prices)] as const);
  // Of a project that is new no job was judged; a thousand of them are one transaction, and not as many.
  const fresh = digests.filter(([name]) => !before.has(name));
  if (fresh.length > 0) await store.projects.keepBudgetDigests(new Map(fresh));
  for (const [name, digest] of digests) {
    const old = before.get(name);
    if (old === undefined || old === digest) continue;
    await reconsider(store, name, now);
    await store.projects.keepBudgetDigests(new Map([[name, digest]]));
  }
}

/** Changes with the budgets and the prices, and with nothing else. */
function digestOf({ budget }: Project, prices: Config["prices"]): string {
  return createHash("sha256")
    .update(JSON.stringify([budget, [...prices]]))
    .digest("base64url");
}

async function reconsider(store: Store, project: string, now: number): Promise<void> {
  for (const task of await tasksHeld(store, project)) {
    const intent: ReconsiderBudget = {
      kind: "reconsider_budget",
      project,
      by: { kind: "daemon", name: "configuration" },
      key: `budgets:${now}`,
      because: "budgets or prices have changed in the configuration",
      target: { key: task },
    };
    await ask(store, [intent], null, now);
  }
}

/** Keys of the project's tasks whose job a budget holds. */
async function tasksHeld(store: Store, project: string): Promise<readonly string[]> {
  const found: string[] = [];
  let before: string | null = null;
  do {
    const page: Page<Job> = await store.jobs.list({
      ...{ limit: PAGE, before, status: "held", project },
    });
    const held = page.items.filter(({ holds }) => holds.some(({ kind }) => kind === "budget"));
    found.push(...held.map(({ task }) => task));
    before = page.next;
  } while (before !== null);
  return found;
}
