/**
 * What systemd hears of this daemon: that it serves, reloads, stops; one line about its work; and, for its watchdog,
 * that every loop moves.
 *
 * O1. A loop that hangs silences the watchdog, and thereby has the daemon restarted; agents live on and are adopted.
 * O2. It is told in the log first, by name: the manager will only say that nothing was heard.
 * O3. The database not answering is no reason to be silent: that is for the loops to feel.
 */

import type { Totals } from "../store/counters.ts";
import { StoreFault } from "../store/engine/engine.ts";
import type { Clock } from "../system/clock.ts";
import type { Log } from "../system/log.ts";
import type { Pulses } from "../system/pulse.ts";
import type { ServiceManager } from "../system/service-manager.ts";

/** How often the line is brought up to date. */
const STATUS_EVERY_MS = 10_000;
/** Three chances to be heard within the watchdog's time. */
const BEATS_PER_WATCHDOG = 3;

export interface WatchdogPorts {
  readonly serviceManager: ServiceManager;
  readonly pulses: Pulses;
  readonly totals: () => Promise<Totals>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Runs until `signal` aborts; where no manager listens it ends at once. Never rejects for a fault of the store. */
export async function watchdogLoop(ports: WatchdogPorts, signal: AbortSignal): Promise<void> {
  const { serviceManager, clock } = ports;
  const every = Math.min(
    STATUS_EVERY_MS,
    (serviceManager.watchdogMs ?? Number.POSITIVE_INFINITY) / BEATS_PER_WATCHDOG,
  );
  let line = "";
  let late = "";
  while (serviceManager.isHeard && !signal.aborted) {
    late = await tellLife(ports, late);
    const next = await lineOf(ports, line);
    if (next !== line) await serviceManager.status(next);
    line = next;
    await clock.sleep(every, signal);
  }
}

/** O1, O2: told when it changes. Answers who is late. */
async function tellLife({ serviceManager, pulses, log }: WatchdogPorts, before: string): Promise<string> {
  const late = pulses.late().join(", ");
  if (late !== before && late !== "")
    log.error({ event: "loop.hangs", loops: late, watchdog: serviceManager.watchdogMs });
  if (late !== before && late === "") log.info({ event: "loop.moves_again", loops: before });
  if (late === "" && serviceManager.watchdogMs !== null) await serviceManager.watchdog();
  return late;
}

async function lineOf({ totals }: WatchdogPorts, before: string): Promise<string> {
  try {
    return statusLine(await totals());
  } catch (error) {
    if (!(error instanceof StoreFault)) throw error;
    return before;
  }
}

/** Such as `2 running, 5 queued, 1 held`. */
export function statusLine({ jobs, runs }: Pick<Totals, "jobs" | "runs">): string {
  const running = (runs["starting"] ?? 0) + (runs["running"] ?? 0) + (runs["exited"] ?? 0);
  return `${running} running, ${jobs["queued"] ?? 0} queued, ${jobs["held"] ?? 0} held`;
}
