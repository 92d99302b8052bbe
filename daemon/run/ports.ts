/** What the runner needs, in one place; built by `daemon/build.ts`, and by the simulation. */

import type { PriceOverrides } from "../../agents/prices/prices.ts";
import type { Workspaces } from "../../forges/git/workspace.ts";
import { StoreFault } from "../../store/engine/engine.ts";
import type { Store } from "../../store/store.ts";
import type { Chance } from "../../system/chance.ts";
import type { Clock } from "../../system/clock.ts";
import type { Files } from "../../system/files.ts";
import type { Log } from "../../system/log.ts";
import type { Processes } from "../../system/process/processes.ts";
import type { Turns } from "../../system/turns.ts";
import type { AgentProfile, Project } from "../../workflow/project.ts";
import type { Host } from "../host.ts";
import type { Progress } from "./progress.ts";
import type { Stops } from "./stops.ts";

export interface RunnerPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly processes: Processes;
  readonly files: Files;
  readonly log: Log;
  readonly workspaces: Workspaces;
  readonly stops: Stops;
  readonly progress: Progress;
  readonly host: Host;
  /** One at a time per task: runs, and the putting away of worktrees. */
  readonly turns: Turns;
  readonly profiles: ReadonlyMap<string, AgentProfile>;
  readonly projects: ReadonlyMap<string, Project>;
  /** Environment sets of the configured accounts, by name. */
  readonly accounts: ReadonlyMap<string, { readonly env: Readonly<Record<string, string>> }>;
  /** Prices of the configuration, by model; they win over every other. */
  readonly prices: PriceOverrides;
  /** Where run directories live. */
  readonly runsDirectory: string;
  /** The daemon's environment, of which agents see an allow-listed part. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The admin URL that agents are told. */
  readonly adminUrl: () => string;
}

/** How long to stand back when the database does not answer. */
const FAULT_PAUSE_MS = 1_000;

/**
 * Does a piece of store work until it succeeds: what a run has done must be written down however long the disk is
 * full. Answers `null` when the daemon stops first; the next one goes on from the rows.
 */
export async function insist<T>(
  ports: RunnerPorts,
  run: string,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T | null> {
  while (!signal.aborted) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof StoreFault)) throw error;
      ports.log.error({ event: "run.unwritten", run, reason: error.message, hint: error.hint });
      await ports.clock.sleep(FAULT_PAUSE_MS, signal);
    }
  }
  return null;
}

export function runDirectory(ports: RunnerPorts, run: string): string {
  return `${ports.runsDirectory}/${run}`;
}
