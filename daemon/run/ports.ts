/** What the runner needs, in one place; put together by `daemon/wiring/runner.ts`, and by the simulation. */

import type { HomePorts, HomeSeed } from "../../agents/home.ts";
import type { PriceOverrides } from "../../agents/prices/prices.ts";
import type { Walls } from "../../agents/sandbox/walls.ts";
import type { Workspaces } from "../../forges/git/workspace.ts";
import { StoreFault } from "../../store/engine/engine.ts";
import type { RunProgress } from "../../store/progress.ts";
import type { Store } from "../../store/store.ts";
import type { Chance } from "../../system/chance.ts";
import type { Clock } from "../../system/clock.ts";
import type { Tree } from "../../system/files/tree.ts";
import type { Files } from "../../system/files.ts";
import type { Log } from "../../system/log.ts";
import type { Processes } from "../../system/process/processes.ts";
import type { Turns } from "../../system/turns.ts";
import type { AgentProfile, Project } from "../../workflow/project.ts";
import type { StopReason, Usage } from "../../workflow/run.ts";
import type { Why } from "../../workflow/why.ts";
import type { WindowSettings } from "../../workflow/windows/schedule.ts";
import type { ImagePorts } from "./told/images.ts";

export interface RunnerPorts extends HomePorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly processes: Processes;
  /** What proves the work of agents. */
  readonly checks: Checks;
  readonly files: Files;
  readonly log: Log;
  readonly workspaces: Workspaces;
  /** Why the work of a project would not be let through where it is published; left out, nobody is asked. */
  readonly preflight?: (project: Project) => Promise<Why | null>;
  /** How images of items are had; left out, there are none. */
  readonly images?: ImagePorts;
  readonly stops: Stops;
  readonly progress: Progress;
  readonly host: HostWitness;
  /** One at a time per task: runs, and the putting away of worktrees. */
  readonly turns: Turns;
  /** A few at a time per remote: what is published. */
  readonly publishing: Turns;
  readonly profiles: ReadonlyMap<string, AgentProfile>;
  readonly projects: ReadonlyMap<string, Project>;
  /** What the open window of a project says in place of profiles, at an instant (ms); `null` when it says nothing. */
  readonly windowSettings: (project: string, at: number) => WindowSettings | null;
  /** What stands around agents. */
  readonly walls: Walls;
  readonly tree: Tree;
  readonly homes: HomeSeed;
  readonly dataDir: string;
  /** What a folder takes up (bytes), or a half-sentence on why that cannot be told. */
  readonly measure: (folder: string) => Promise<number | string>;
  /** Prices of the configuration, by model; they win over every other. */
  readonly prices: PriceOverrides;
  /** How long work that could not be published is kept (ms). */
  readonly keptForMs: () => number;
  /** Where run directories live. */
  readonly runsDirectory: string;
  /** The daemon's environment, of which agents see an allow-listed part. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The admin URL that agents are told. */
  readonly adminUrl: () => string;
}

/** Which live runs somebody asked to stop (`stops.ts`). */
export interface Stops {
  /** Why this run was asked to stop, as of the last look. */
  reasonFor(run: string): StopReason | null;
}

export type Report = RunProgress & { readonly usage: readonly Usage[] };

/** Reports of runs at work, as they are written (`progress.ts`). */
export interface Progress {
  /**
   * Writes one run's report.
   *
   * @param isLast the process is gone, and its end waits for this
   * @returns whether the run was live
   * @throws StoreFault when nothing could be written
   */
  write(run: string, report: Report, isLast: boolean): Promise<boolean>;
}

/** What the runner sees of this machine (`daemon/host.ts`). */
export interface HostWitness {
  /** The machine could not start an agent. @param reason what it said, without secrets */
  failed(reason: string): void;
  /** An agent is at work. */
  works(): void;
}

/** In the folder of a check: all that it has written, in the order of writing. */
export const CHECK_OUTPUT = "stdout.log";

export interface CheckSpec {
  /** For a shell. */
  readonly command: string;
  readonly timeoutMs: number;
  /** Where it works: nobody else works there now, and what still does is killed with it. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** `NAME=value` in its environment, by which what it has started is found. */
  readonly mark: string;
  /** Words in front of it; none where there are no walls. */
  readonly walls: readonly string[];
  /** An empty folder for its output ({@link CHECK_OUTPUT}) and its end. Absolute. */
  readonly directory: string;
}

/** How a check has ended. */
export type CheckEnd =
  | { readonly kind: "exit"; readonly code: number }
  | { readonly kind: "signal"; readonly signal: string }
  | { readonly kind: "timeout"; readonly afterMs: number }
  /** It has written more than anybody would keep. */
  | { readonly kind: "flood"; readonly bytes: number };

export type CheckRun =
  | CheckEnd
  /** Nobody wants it any more, or the daemon stops. */
  | { readonly kind: "dropped" }
  /** It was not run, through no fault of the work that it would prove. */
  | { readonly kind: "unable"; readonly reason: string };

/** What runs checks; the simulation has its own. */
export interface Checks {
  /**
   * Runs one check to its end, after which nothing of it is left.
   *
   * @param isUnwanted asked about twice a second
   */
  run(
    operation: string,
    spec: CheckSpec,
    isUnwanted: () => Promise<boolean>,
    signal: AbortSignal,
  ): Promise<CheckRun>;
  /** Whether one with this mark is being run: its run has ended, and is not forgotten. */
  isAtWork(mark: string): boolean;
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
