/**
 * A scope of systemd's for each agent: a control group of its own, with limits that hold for it and all it starts.
 *
 * S1. `systemd-run --scope` moves itself into a new scope and then execs what it was given (systemd-run(1)), so that
 *     pid, kernel start time, streams, directory and sandbox are those of the process behind the start gate.
 * S2. Scopes are made by the service manager of the daemon's own user. The right to make them at the system's manager
 *     is the right to become root, and agents, being the same user, would have it, too.
 * S3. A scope that cannot be made starts nothing: an agent without its limits is not what was asked for.
 * S4. Nothing leaves a scope, but through the manager that made it. So a sweep ends the scope first: it reaches those,
 *     too, who have dropped their mark, and those whose environment is hidden.
 */

import type { Commands } from "../commands.ts";
import type { Processes } from "./processes.ts";

/** What one agent and all its children may use together; `null` for no limit. */
export interface ScopeLimits {
  /** Bytes, without swap. */
  readonly memory: number | null;
  /** Processes and threads. */
  readonly tasks: number | null;
  /** Processors' worth of time: 1.5 is one and a half. */
  readonly cpus: number | null;
}

export interface ScopePorts {
  readonly commands: Commands;
  /** The daemon's environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The variable that names what a process belongs to; its value names the scope. */
  readonly markedBy: string;
  readonly limits: () => ScopeLimits;
}

const COMMAND_MS = 10_000;
/** Properties of systemd.resource-control(5). */
const SLICE = "chargehand.slice";

/** {@link Processes} that launch every process in a scope of its own. */
export function inScopes(processes: Processes, ports: ScopePorts): Processes {
  const manager = managerOf(ports.env);
  return {
    ...processes,
    launch(operation, spec) {
      const scope = scopeCommand(nameOf(spec.env[ports.markedBy]), ports.limits());
      const wrapper = [...scope, ...(spec.wrapper ?? [])];
      return processes.launch(operation, { ...spec, wrapper, env: { ...manager, ...spec.env } });
    },
    async sweep(operation, mark, directory) {
      const unit = `${nameOf(mark.slice(mark.indexOf("=") + 1))}.scope`;
      // Most often it has gone already, which is no failure.
      await ask(ports, ["systemctl", "--user", "kill", "--signal=SIGKILL", unit]);
      return processes.sweep(operation, mark, directory);
    },
  };
}

/** Tries to make a scope with these limits. Why it cannot be done, or `null`. */
export async function scopeTrouble(ports: ScopePorts): Promise<string | null> {
  const result = await ask(ports, [...scopeCommand(`chargehand-try-${process.pid}`, ports.limits()), "true"]);
  if (result.kind === "failed") return `systemd-run could not be run: ${result.reason}`;
  return result.code === 0 ? null : `systemd-run says: ${result.stderr.trim()}`;
}

/** What execs the words after it in a new scope (S1). Unit names as in systemd.unit(5). */
export function scopeCommand(name: string, { memory, tasks, cpus }: ScopeLimits): readonly string[] {
  const properties = [
    ...(memory === null ? [] : [`MemoryMax=${memory}`, "MemorySwapMax=0"]),
    ...(tasks === null ? [] : [`TasksMax=${tasks}`]),
    ...(cpus === null ? [] : [`CPUQuota=${Math.round(cpus * 100)}%`]),
  ];
  const options = ["--user", "--scope", "--quiet", "--collect", `--slice=${SLICE}`, `--unit=${name}`];
  return ["systemd-run", ...options, ...properties.map((property) => `--property=${property}`), "--"];
}

function nameOf(mark: string | undefined): string {
  return `chargehand-${mark ?? "unknown"}`;
}

/** Where the user's manager is found: its socket lies in the run-time directory (file-hierarchy(7)). */
function managerOf(env: ScopePorts["env"]): { readonly XDG_RUNTIME_DIR: string } {
  return { XDG_RUNTIME_DIR: env["XDG_RUNTIME_DIR"] ?? `/run/user/${process.getuid?.()}` };
}

function ask({ commands, env }: ScopePorts, argv: readonly string[]): ReturnType<Commands["run"]> {
  const own = { PATH: env["PATH"] ?? "/usr/bin:/bin", LC_ALL: "C.UTF-8", ...managerOf(env) };
  return commands.run("scope", { argv, cwd: "/", env: own, timeoutMs: COMMAND_MS });
}
