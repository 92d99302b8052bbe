/**
 * The configuration in force. A reload replaces it as a whole, in one turn of the event loop: nobody sees half of one.
 *
 * Q1. Whoever needs a setting asks for it where it is used. What is read only once, at the start, needs a restart, and
 *     `reload.ts` says so.
 * Q2. The maps are the same ones for the daemon's whole life; what is in them changes.
 * Q3. A run ends in the project in which it began: `everKnown` forgets no project, so that the work of an agent is
 *     still published when its project was taken out meanwhile. Nothing new is started for such a project (the store
 *     holds its jobs), and `projects` has it no more.
 */

import type { AgentProfile, Project } from "../../workflow/project.ts";
import type { Config } from "./config.ts";
import type { AccountConfig } from "./parts/accounts.ts";
import type { ModelPrice } from "./parts/prices.ts";

export interface InForce {
  readonly config: Config;
  readonly profiles: ReadonlyMap<string, AgentProfile>;
  readonly accounts: ReadonlyMap<string, AccountConfig>;
  readonly prices: ReadonlyMap<string, ModelPrice>;
  readonly projects: ReadonlyMap<string, Project>;
  /** Every project that was in the configuration since the start (Q3). */
  readonly everKnown: ReadonlyMap<string, Project>;
  /** Aborts when the configuration that is in force now is replaced. */
  readonly replaced: AbortSignal;
  replace(config: Config): void;
}

export function createInForce(first: Config): InForce {
  const profiles = new Map<string, AgentProfile>();
  const accounts = new Map<string, AccountConfig>();
  const prices = new Map<string, ModelPrice>();
  const projects = new Map<string, Project>();
  const everKnown = new Map<string, Project>();
  let config = first;
  let replaced = new AbortController();
  const take = (next: Config): void => {
    config = next;
    fill(profiles, new Map(Object.entries(next.agents)));
    fill(accounts, byName(next.accounts));
    fill(prices, next.prices);
    fill(projects, byName(next.projects));
    for (const project of next.projects) everKnown.set(project.name, project);
  };
  take(first);
  return {
    profiles,
    accounts,
    prices,
    projects,
    everKnown,
    get config(): Config {
      return config;
    },
    get replaced(): AbortSignal {
      return replaced.signal;
    },
    replace(next): void {
      take(next);
      const before = replaced;
      replaced = new AbortController();
      before.abort();
    },
  };
}

function fill<T>(map: Map<string, T>, things: ReadonlyMap<string, T>): void {
  map.clear();
  for (const [name, thing] of things) map.set(name, thing);
}

function byName<T extends { readonly name: string }>(things: readonly T[]): ReadonlyMap<string, T> {
  return new Map(things.map((thing) => [thing.name, thing]));
}
