/**
 * Opens agent profiles whose program is there again. That it is missing is seen at a start (`run/prepare.ts`), which
 * closes the profile by a hold; nobody but this loop, or a person, takes that hold away.
 *
 * Level-triggered: it looks at the holds that there are, and at the profiles as they are configured now.
 */

import { accountsOf } from "../agents/accounts.ts";
import { missingProgram } from "../agents/program.ts";
import type { Store } from "../store/store.ts";
import type { Clock } from "../system/clock.ts";
import type { Tree } from "../system/files/tree.ts";
import type { Log } from "../system/log.ts";
import type { AgentProfile } from "../workflow/project.ts";

const LOOK_MS = 5_000;

export interface ProgramPorts {
  readonly store: Pick<Store, "holds">;
  readonly clock: Clock;
  readonly log: Log;
  readonly tree: Tree;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly profiles: ReadonlyMap<string, AgentProfile>;
  readonly accounts: ReadonlyMap<string, { readonly env: Readonly<Record<string, string>> }>;
}

/** Runs until `signal` aborts. Never rejects: what cannot be done now is tried again at the next look. */
export async function programsLoop(ports: ProgramPorts, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await lookForPrograms(ports);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      ports.log.error({ event: "programs.faulted", reason });
    }
    await ports.clock.sleep(LOOK_MS, signal);
  }
}

/** One look. A profile that nobody has configured any more is missing nothing. */
export async function lookForPrograms(ports: ProgramPorts): Promise<void> {
  const { store, log } = ports;
  for (const { scope, subject, kind } of await store.holds.wide()) {
    if (kind !== "program" || scope !== "agent" || isMissing(ports, subject)) continue;
    await store.holds.clear(scope, subject, kind);
    log.info({ event: "program.found", agent: subject });
  }
}

function isMissing({ profiles, accounts, tree, environment }: ProgramPorts, name: string): boolean {
  const profile = profiles.get(name);
  if (profile === undefined) return false;
  return accountsOf(profile).some((account) => {
    const { env = {} } = accounts.get(account) ?? {};
    return missingProgram({ tree, daemon: environment, account: env, profile, made: [] }) !== null;
  });
}
