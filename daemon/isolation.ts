/** `isolation` of the configuration: what stands around each agent. */

import { systemCommands } from "../system/commands.ts";
import type { Processes } from "../system/process/processes.ts";
import { inScopes, type ScopePorts, scopeTrouble } from "../system/process/scopes.ts";
import { RUN_MARK } from "../workflow/run.ts";
import type { Config } from "./config/config.ts";

interface Settings {
  readonly config: Pick<Config, "isolation" | "limits">;
  /** The daemon's environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Why agents cannot be isolated as the configuration asks for: what, and what to do. `null` when they can. */
export async function isolationTrouble(settings: Settings): Promise<string | null> {
  if (settings.config.isolation === "none") return null;
  const trouble = await scopeTrouble(scopePorts(settings));
  if (trouble === null) return null;
  const remedy =
    "`loginctl enable-linger` for its user starts one, and docs/systemd.md says what else it takes";
  return `isolation: scope needs a service manager of the daemon's user. ${trouble}; ${remedy}`;
}

/** `settings` may be the ground: limits are read at every launch, and so follow a reload. */
export function isolate(processes: Processes, settings: Settings): Processes {
  return settings.config.isolation === "none" ? processes : inScopes(processes, scopePorts(settings));
}

function scopePorts(settings: Settings): ScopePorts {
  const limits = (): ReturnType<ScopePorts["limits"]> => settings.config.limits.run;
  return { commands: systemCommands(), env: settings.env, markedBy: RUN_MARK, limits };
}
