/** `isolation` of the configuration: what stands around each agent. */

import { systemCommands } from "../system/commands.ts";
import type { Processes } from "../system/process/processes.ts";
import { inScopes, type ScopePorts, scopeTrouble } from "../system/process/scopes.ts";
import { RUN_MARK } from "../workflow/run.ts";
import type { Start } from "./wiring/ground.ts";

/** Why agents cannot be isolated as the configuration asks for: what, and what to do. `null` when they can. */
export async function isolationTrouble(start: Start): Promise<string | null> {
  if (start.config.isolation === "none") return null;
  const trouble = await scopeTrouble(scopePorts(start));
  if (trouble === null) return null;
  const remedy =
    "`loginctl enable-linger` for its user starts one, and docs/systemd.md says what else it takes";
  return `isolation: scope needs a service manager of the daemon's user. ${trouble}; ${remedy}`;
}

/** `start` may be the ground: limits are read at every launch, and so follow a reload. */
export function isolate(processes: Processes, start: Start): Processes {
  return start.config.isolation === "none" ? processes : inScopes(processes, scopePorts(start));
}

function scopePorts(start: Start): ScopePorts {
  const limits = (): ReturnType<ScopePorts["limits"]> => start.config.limits.run;
  return { commands: systemCommands(), env: start.env, markedBy: RUN_MARK, limits };
}
