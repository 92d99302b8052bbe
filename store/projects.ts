/**
 * Projects as claims know them: what the configuration says of lanes, accounts and routes.
 *
 * P1. A project that left the configuration keeps its row, so that what comes free for it can be held again, visibly
 *     (I7; H4 of `holds.ts`).
 */

import { configureAccounts } from "./accounts/accounts.ts";
import { configureBudgets } from "./budgets.ts";
import type { ClaimConfig } from "./claim/config.ts";
import type { Engine, Statement } from "./engine/engine.ts";
import { decode } from "./engine/row.ts";
import { clearKind, holdUnconfigured, releaseConfigured } from "./holds.ts";

export interface ProjectStore {
  /** Of all that are configured or ever had a job, in order. */
  names(): Promise<readonly string[]>;
  /**
   * Makes known what the configuration says. Queued jobs of projects that are gone are held (`unconfigured`), those of
   * projects that came back are released.
   */
  configure(config: ClaimConfig, now: number): Promise<void>;
  /** By project: the digest of budgets and prices by which its jobs were judged last. */
  budgetDigests(): Promise<ReadonlyMap<string, string>>;
  keepBudgetDigests(digests: ReadonlyMap<string, string>): Promise<void>;
}

const NAMES = "select name from projects union select project from lanes order by name";
const BUDGET_DIGESTS = "select name, terms from projects where terms is not null";
const KEEP_BUDGET_DIGEST = "update projects set terms = $2 where name = $1";

const FORGET_PROJECTS = "update projects set configured = 0 where configured = 1";
/** Jobs may have been made for projects that never had a row here. */
const CONFIGURE_PROJECT = `
insert into projects (name, concurrency, configured, repo, serial) values ($1, $2, 1, $3, $4)
on conflict (name) do update set concurrency = excluded.concurrency, configured = 1,
  repo = excluded.repo, serial = excluded.serial`;

export function projectStore(engine: Engine): ProjectStore {
  return {
    names: async () => (await engine.all(NAMES, [])).map((row) => decode("projects", row).text("name")),
    configure: async (config, now) => {
      const lanes = config.projects.map(
        ({ name, concurrency, repo, serial }): Statement => ({
          sql: CONFIGURE_PROJECT,
          params: [name, concurrency, repo ?? name, serial === true ? 1 : 0],
          makes: "jobs",
        }),
      );
      await engine.atomic([
        { sql: FORGET_PROJECTS, params: [] },
        ...lanes,
        ...configureAccounts(config),
        ...configureBudgets(config),
        // Changed limits and mended profiles are a person's word; what still stands is found out by the next claim.
        clearKind("project", "budget"),
        clearKind("agent", "broken"),
        holdUnconfigured(now),
        releaseConfigured(),
      ]);
    },
    budgetDigests: () => readBudgetDigests(engine),
    keepBudgetDigests: async (digests) => {
      await engine.atomic([...digests].map((params): Statement => ({ sql: KEEP_BUDGET_DIGEST, params })));
    },
  };
}

async function readBudgetDigests(engine: Engine): Promise<ReadonlyMap<string, string>> {
  const rows = (await engine.all(BUDGET_DIGESTS, [])).map((row) => decode("projects", row));
  return new Map(rows.map(({ text }) => [text("name"), text("terms")]));
}
