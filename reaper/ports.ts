/** What the reaper is given by the composition root. It knows no runner and no configuration. */

import type { RunStore } from "../store/runs.ts";
import type { Clock } from "../system/clock.ts";
import type { Log } from "../system/log.ts";
import type { Processes } from "../system/process/processes.ts";
import type { ProcessTable } from "../system/process/table.ts";
import type { Wake } from "../system/wake.ts";
import type { Run, RunOutcome } from "../workflow/run.ts";

/** The runner, as far as the reaper may reach it. None of these waits for the work it begins, and none throws. */
export interface Hands {
  /** Whether the runner has this run: it is being prepared, supervised or concluded. */
  holds(run: string): boolean;
  /** Hands it to the runner, which goes on where the row stands. */
  adopt(run: Run): void;
  /** The same for a run whose supervisor hangs: the hung one keeps the next one waiting no longer. */
  takeOver(run: Run): void;
  /** Ends it with this outcome, without looking at its process or its log again. */
  conclude(run: Run, outcome: RunOutcome): void;
}

/** What a run's row alone does not say. */
export interface RunKnowledge {
  timeoutMs(run: Run): number;
  /** How long the stop sequence of its backend may take, ms. */
  stopMs(run: Run): number;
  /** Its directory, with `exit.json`. */
  directory(run: Run): string;
  /** How long git has done nothing for its repository, ms; infinite where it never did. */
  gitIdleMs(run: Run): number;
  /** Where its agent works. */
  worktree(run: Run): string;
  /** How long ago its log was written to, ms. */
  logSilentMs(run: Run): number;
  /** Tool calls open when its log was last understood. */
  openTools(run: Run): number;
}

export interface ReaperPorts {
  readonly runs: Pick<RunStore, "live" | "get" | "askToStop" | "exited">;
  readonly processes: Pick<
    Processes,
    "isAlive" | "ageMs" | "isLauncherAlive" | "exitRecord" | "signal" | "sweep" | "bootId"
  >;
  readonly table: ProcessTable;
  readonly hands: Hands;
  readonly knowledge: RunKnowledge;
  readonly clock: Clock;
  readonly log: Log;
  /** Rung to have it look before its time. */
  readonly wake: Wake;
}
