/**
 * How a daemon that was asked to end does so (DESIGN §5, *Shutdown*).
 *
 * First the agents, as `shutdown` says: `detach` leaves them running, `drain` waits until they have ended, `stop` asks
 * them to stop. Then the doors, the loops, the database, in this order.
 *
 * E1. Nothing new is started from the first moment on, in every mode.
 * E2. While agents are waited for, deliveries are still accepted, stored and understood (I1), and the API answers: no
 *     forge repeats what met a closed port, and agents may ask. What follows from them waits for the next daemon.
 * E3. An agent is stopped as ever, by its supervisor and with its backend's own sequence; the reason is written down
 *     first, what it has used is kept, and its job is queued again.
 * E4. It may be cut off anywhere. What is left is what a crash would leave, and the next daemon goes on from there.
 * E5. Once the agents are no matter any more it takes less than 10 s, whatever hangs: a sender, git, the other side of
 *     a look-up.
 */

import { StoreFault } from "../store/engine/engine.ts";
import type { RunStore } from "../store/runs.ts";
import type { Clock } from "../system/clock.ts";
import type { Log } from "../system/log.ts";
import type { Config } from "./config/config.ts";

/** The longest stop sequence of a backend takes half of it; systemd kills after 90 s by default. */
const STOP_PATIENCE_MS = 60_000;
/** How often the waiting asks again. */
const LOOK_MS = 1_000;
/** A run whose worktree is being made gets this long to be started, because cutting it off costs a try. */
const SETTLE_MS = 2_000;
const SETTLE_LOOK_MS = 50;

export interface Departure {
  readonly runs: Pick<RunStore, "live" | "askToStop">;
  /** Claims nothing more; resolves when every claim is with the runner. */
  readonly quiet: () => Promise<void>;
  readonly runsInHand: () => number;
  /** Resolves when the next run in hand has ended. */
  readonly nextEnd: () => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Does with the agents what the mode says, and resolves when they are no matter any more: over, or left to the next
 * daemon. `hurry` aborts when somebody does not want to wait any longer.
 *
 * @returns the runs that are left
 */
export async function departFromRuns(
  mode: Config["shutdown"],
  departure: Departure,
  hurry: AbortSignal,
): Promise<number> {
  const { log, runsInHand } = departure;
  await departure.quiet();
  log.info({ event: "daemon.leaving", shutdown: mode, runs: runsInHand() });
  switch (mode) {
    case "detach":
      await settle(departure, hurry);
      break;
    case "drain":
      await untilNone(departure, hurry, async () => undefined);
      break;
    case "stop":
      await stopAll(departure, hurry);
      break;
    default:
      return mode satisfies never;
  }
  const left = runsInHand();
  if (left > 0) log.info({ event: "daemon.left", runs: left, reason: "the next daemon adopts them" });
  return left;
}

/** E3. Asked again as long as there are any: a row that could not be written to is no reason to give up on it. */
async function stopAll(departure: Departure, hurry: AbortSignal): Promise<void> {
  const { clock, log } = departure;
  const enough = new AbortController();
  const over = new AbortController();
  void clock.sleep(STOP_PATIENCE_MS, over.signal).then(() => enough.abort());
  await untilNone(departure, AbortSignal.any([hurry, enough.signal]), () => askAll(departure));
  if (enough.signal.aborted)
    log.warn({ event: "daemon.impatient", waited_ms: STOP_PATIENCE_MS, runs: departure.runsInHand() });
  over.abort();
}

async function askAll({ runs, log }: Departure): Promise<void> {
  try {
    const live = await runs.live();
    for (const run of live.filter(({ stop }) => stop === null)) {
      await runs.askToStop(run.id, "shutdown");
      log.info({ event: "run.asked_to_stop", run: run.id, task: run.task, reason: "shutdown" });
    }
  } catch (error) {
    if (!(error instanceof StoreFault)) throw error;
    log.error({ event: "stops.faulted", reason: error.message, hint: error.hint });
  }
}

async function untilNone(departure: Departure, enough: AbortSignal, act: () => Promise<void>): Promise<void> {
  while (departure.runsInHand() > 0 && !enough.aborted) {
    await act();
    const looked = new AbortController();
    const pause = departure.clock.sleep(LOOK_MS, AbortSignal.any([enough, looked.signal]));
    await Promise.race([departure.nextEnd(), pause]);
    looked.abort();
  }
}

/** A run that has its process is safe; one that is still being prepared would be lost, and counted as interrupted. */
async function settle({ runs, clock, runsInHand, log }: Departure, hurry: AbortSignal): Promise<void> {
  const until = clock.monotonic() + SETTLE_MS;
  try {
    while (runsInHand() > 0 && !hurry.aborted && clock.monotonic() < until) {
      const live = await runs.live();
      if (!live.some(({ status }) => status === "starting")) return;
      await clock.sleep(SETTLE_LOOK_MS, hurry);
    }
  } catch (error) {
    if (!(error instanceof StoreFault)) throw error;
    log.error({ event: "stops.faulted", reason: error.message, hint: error.hint });
  }
}
