/**
 * What claims need to know of the configuration: projects with their limits, accounts, and the routes by which agents
 * reach them.
 */

import { accountsOf } from "../../agents/accounts.ts";
import type { ClaimConfig, Route } from "../../store/claim/config.ts";
import { repoOf } from "../../workflow/between/freeze.ts";
import type { AgentProfile } from "../../workflow/project.ts";
import type { Config } from "./config.ts";

export function claimConfigOf(config: Pick<Config, "projects" | "accounts" | "agents">): ClaimConfig {
  const agents = Object.values(config.agents);
  const routes = agents.flatMap((agent) => routesOf(agent, config.agents));
  const named = new Map(config.accounts.map((account) => [account.name, account]));
  const accounts = [...new Set(routes.map(({ account }) => account))].map((name) => {
    return { name, concurrency: named.get(name)?.concurrency ?? null };
  });
  const projects = config.projects.map(({ name, concurrency, budget, cloneUrl, serial }) => {
    return { name, concurrency, budget, repo: repoOf(cloneUrl), serial };
  });
  return { projects, accounts, routes };
}

/** Its own accounts in their order, then those of its fallbacks. A circle is refused by the configuration. */
function routesOf(agent: AgentProfile, agents: Readonly<Record<string, AgentProfile>>): readonly Route[] {
  const routes: Route[] = [];
  const seen = new Set<string>();
  let via: AgentProfile | undefined = agent;
  while (via !== undefined && !seen.has(via.name)) {
    const { name } = via;
    seen.add(name);
    routes.push(...accountsOf(via).map((account) => ({ agent: agent.name, via: name, account })));
    via = via.fallback === null ? undefined : agents[via.fallback];
  }
  return routes;
}
