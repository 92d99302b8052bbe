/**
 * By which accounts the runs of an agent profile may be paid.
 *
 * A profile without `accounts` uses the one that its backend has by default, which is named like the backend. That of a
 * profile that gives the whole command is named like the agent, too, because two commands have nothing in common.
 */

import type { AgentProfile } from "../workflow/project.ts";
import { findBackend } from "./registry.ts";

/** Its own in their order, or the one by default. */
export function accountsOf(profile: Pick<AgentProfile, "backend" | "name" | "accounts">): readonly string[] {
  return profile.accounts.length === 0 ? [defaultAccount(profile)] : profile.accounts;
}

/** Whether runs of this profile can be given the environment of this account. */
export function isReachable(
  accounts: ReadonlyMap<string, unknown>,
  profile: AgentProfile,
  account: string,
): boolean {
  return accounts.has(account) || account === defaultAccount(profile);
}

function defaultAccount({ backend, name }: Pick<AgentProfile, "backend" | "name">): string {
  return findBackend(backend)?.commandLine === "given" ? `${backend}:${name}` : backend;
}
