/**
 * `isolation` of the configuration: the walls around each agent, and the scope with its limits around either.
 *
 * B1. What is to be had is tried once at the start, and told: in the log, in `status`. Nothing changes it until the
 *     next start, but that a sandbox which is required and missing is tried again, so that jobs go on when it is there.
 * B2. Required means required: without it nothing is claimed, and nobody runs without walls instead.
 */

import { sandboxTrouble } from "../agents/sandbox/probe.ts";
import { shownSystem } from "../agents/sandbox/shown.ts";
import { hiddenOf, NO_WALLS, sandboxWalls, type Walls } from "../agents/sandbox/walls.ts";
import type { Clock } from "../system/clock.ts";
import { type Commands, systemCommands } from "../system/commands.ts";
import { systemTree } from "../system/files/tree.ts";
import type { Files } from "../system/files.ts";
import type { Log } from "../system/log.ts";
import type { Processes } from "../system/process/processes.ts";
import { inScopes, type ScopePorts, scopeTrouble } from "../system/process/scopes.ts";
import { RUN_MARK } from "../workflow/run.ts";
import { inOneLine, type Why } from "../workflow/why.ts";
import type { Config } from "./config/config.ts";

const RENAMED = {
  reason: "isolation: scope has become two settings: scopes stand around runs wherever there is limits.run",
  remedy: "write isolation: auto, sandbox or none; scope counts as none, with limits.run",
};

/** How often a sandbox that is required and missing is tried again. */
const TRY_EVERY_MS = 30_000;

interface Settings {
  readonly config: Pick<Config, "isolation" | "limits" | "dataDir" | "file">;
  /** The daemon's environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface IsolationPorts extends Settings {
  readonly clock: Pick<Clock, "monotonic">;
  readonly files: Pick<Files, "read">;
  readonly log: Log;
  /** Of the probe; the machine's where it is left out. */
  readonly commands?: Commands;
}

/** How the walls of this daemon stand. */
export interface Isolation {
  readonly walls: Walls;
  /** Says in the log how they stand; for a daemon that starts, because one that is refused says why and no more. */
  tell(): void;
  /** Why there are none, or none of the kind that is asked for; `null` where all is as asked. */
  trouble(): Why | null;
  /** Why nothing may be claimed now, or `null` (B2). */
  refusal(): Why | null;
}

/** Tries what is asked for. */
export async function createIsolation(ports: IsolationPorts): Promise<Isolation> {
  const { config, log, clock } = ports;
  const asked = config.isolation;
  if (asked === "none" || asked === "scope") {
    const tellNone = (): void => {
      if (asked === "scope") log.warn({ event: "isolation.renamed", ...RENAMED });
      log.info({ event: "isolation.none", asked });
    };
    return { walls: NO_WALLS, tell: tellNone, trouble: () => null, refusal: () => null };
  }
  const tree = systemTree();
  const shown = shownSystem(tree);
  const commands = ports.commands ?? systemCommands();
  const path = ports.env["PATH"] ?? "/usr/bin:/bin";
  const setting = async (name: string): Promise<string | null> =>
    (await ports.files.read("probe", `/proc/sys/${name}`, 64))?.trim() ?? null;
  const probe = (): Promise<Why | null> => sandboxTrouble({ commands, path, setting }, shown);
  let trouble = await probe();
  const hidden = hiddenOf(config.dataDir, config.file, ports.env["HOME"]);
  const walls = trouble !== null && asked === "auto" ? NO_WALLS : sandboxWalls(tree, shown, hidden, clock);
  let tried = clock.monotonic();
  const tryAgain = async (): Promise<void> => {
    trouble = await probe();
    if (trouble === null) tell(log, asked, trouble);
  };
  return {
    walls,
    tell: () => tell(log, asked, trouble),
    trouble: () => trouble,
    refusal(): Why | null {
      if (trouble === null || asked === "auto") return null;
      if (clock.monotonic() - tried >= TRY_EVERY_MS) {
        tried = clock.monotonic();
        void tryAgain();
      }
      return { reason: `isolation: sandbox is asked for, and ${trouble.reason}`, remedy: trouble.remedy };
    },
  };
}

function tell(log: Log, asked: "auto" | "sandbox", trouble: Why | null): void {
  if (trouble === null) log.info({ event: "isolation.sandbox", asked });
  else if (asked === "auto") log.warn({ event: "isolation.none", asked, ...trouble });
  else log.warn({ event: "isolation.missing", asked, ...trouble });
}

/** Why runs cannot have the limits that the configuration asks for: what, and what to do. `null` when they can. */
export async function limitsTrouble(settings: Settings): Promise<string | null> {
  if (!wantsScopes(settings)) return null;
  const trouble = await scopeTrouble(scopePorts(settings));
  if (trouble === null) return null;
  const asked = settings.config.isolation === "scope" ? "isolation: scope" : "limits.run";
  const reason = `${asked} needs a service manager of the daemon's user. ${trouble}`;
  const remedy =
    "`loginctl enable-linger` for its user starts one, and docs/systemd.md says what else it takes";
  return inOneLine({ reason, remedy });
}

/**
 * {@link Processes} with the limits of `limits.run` around each, where there are any.
 *
 * @param settings may be the ground: limits are read at every launch, and so follow a reload
 */
export function limited(processes: Processes, settings: Settings): Processes {
  const scoped = inScopes(processes, scopePorts(settings));
  let everScoped = false;
  const present = (): Processes => {
    // What was started in a scope is swept with it, though the limits have gone from the configuration meanwhile.
    everScoped ||= wantsScopes(settings);
    return everScoped ? scoped : processes;
  };
  return {
    ...processes,
    launch: (operation, spec) => (wantsScopes(settings) ? scoped : processes).launch(operation, spec),
    sweep: (operation, mark, directory) => present().sweep(operation, mark, directory),
  };
}

function wantsScopes({ config }: Settings): boolean {
  return config.isolation === "scope" || Object.values(config.limits.run).some((limit) => limit !== null);
}

function scopePorts(settings: Settings): ScopePorts {
  const limits = (): ReturnType<ScopePorts["limits"]> => settings.config.limits.run;
  return { commands: systemCommands(), env: settings.env, markedBy: RUN_MARK, limits };
}
