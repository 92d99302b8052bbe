/**
 * What a daemon does before it claims anything: it goes on with every run that an earlier one left (I6).
 *
 * Never a second process beside a living one (I4): each live row is handed to the runner, which finds out whether the
 * process still lives, has left its exit record, or is gone without a word.
 */

import type { RunStore } from "../store/store.ts";
import type { Log } from "../system/log.ts";
import type { Runner } from "./runner.ts";

/** Adopts all live runs; returns how many. The runner looks after them from here on. */
export async function recover(runs: RunStore, runner: Runner, log: Log): Promise<number> {
  // One row that is damaged must not keep the agents of all others from being adopted.
  const left = await runs.live((fault) =>
    log.error({ event: "run.unreadable", reason: fault.message, hint: fault.hint }),
  );
  for (const run of left) void runner.adopt(run);
  if (left.length > 0) log.info({ event: "daemon.recovered", runs: left.length });
  return left.length;
}
