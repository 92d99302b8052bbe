/** What tests and benchmarks make known to a store: projects without limits, agents with an account each. */

import type { Setup } from "../store/projects.ts";

/** Every agent has one account, named like itself. */
export function plainSetup(
  projects: readonly { readonly name: string; readonly concurrency: number }[],
  agents: readonly string[] = ["developer"],
): Setup {
  return {
    projects: projects.map((project) => ({ ...project, budget: [] })),
    accounts: agents.map((name) => ({ name, concurrency: null })),
    routes: agents.map((agent) => ({ agent, via: agent, account: agent })),
  };
}
