/**
 * What a daemon does before it claims anything: it goes on with every run that an earlier one left (I6).
 *
 * Never a second process beside a living one (I4): each live row is handed to the runner, which finds out whether the
 * process still lives, has left its exit record, or is gone without a word.
 */

import { StoreFault } from "../../store/engine/engine.ts";
import type { RunStore } from "../../store/runs.ts";
import type { Log } from "../../system/log.ts";
import type { Run } from "../../workflow/run.ts";

/**
 * Adopts all live runs; returns how many. The runner looks after them from here on. Never rejects for a fault of the
 * store: a daemon that cannot start helps nobody, and what is not adopted here the reaper finds.
 */
export async function recover(
  runs: Pick<RunStore, "live">,
  adopt: (run: Run) => Promise<void>,
  log: Log,
): Promise<number> {
  const left = await liveRuns(runs, log);
  for (const run of left) void adopt(run);
  if (left.length > 0) log.info({ event: "daemon.recovered", runs: left.length });
  return left.length;
}

async function liveRuns(runs: Pick<RunStore, "live">, log: Log): Promise<readonly Run[]> {
  try {
    // One row that is damaged must not keep the agents of all others from being adopted.
    return await runs.live((fault) =>
      log.error({ event: "run.unreadable", reason: fault.message, hint: fault.hint }),
    );
  } catch (error) {
    if (!(error instanceof StoreFault)) throw error;
    log.error({ event: "daemon.unrecovered", reason: error.message, hint: error.hint });
    return [];
  }
}
