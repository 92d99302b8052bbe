/** What tests and benchmarks make known to a store: projects without limits, agents with an account each. */

import type { ClaimConfig } from "../store/claim/config.ts";

/** Every agent has one account, named like itself. */
export function plainClaimConfig(
  projects: readonly { readonly name: string; readonly concurrency: number }[],
  agents: readonly string[] = ["developer"],
): ClaimConfig {
  return {
    projects: projects.map((project) => ({ ...project, budget: [] })),
    accounts: agents.map((name) => ({ name, concurrency: null })),
    routes: agents.map((agent) => ({ agent, via: agent, account: agent })),
  };
}
