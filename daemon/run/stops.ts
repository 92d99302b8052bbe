/**
 * Which live runs somebody asked to stop. One small read of the store serves all supervised runs: at every ring of
 * the bell, and as a net once a second while anything runs.
 */

import { StoreFault } from "../../store/engine/engine.ts";
import type { RunStore } from "../../store/runs.ts";
import type { Log } from "../../system/log.ts";
import type { Wake } from "../../system/wake.ts";
import type { StopReason } from "../../workflow/run.ts";
import type { Stops } from "./ports.ts";

const POLL_MS = 1_000;

/** The knowledge, and the loop that renews it. */
export interface StopWatch extends Stops {
  /** Looks until `signal` aborts, and at once when the bell rings. */
  watch(bell: Wake, signal: AbortSignal): Promise<void>;
}

export function createStops(runs: RunStore, log: Log): StopWatch {
  let asked: ReadonlyMap<string, StopReason> = new Map();
  return {
    reasonFor: (run) => asked.get(run) ?? null,
    async watch(bell, signal): Promise<void> {
      while (!signal.aborted) {
        try {
          asked = new Map((await runs.stopsAsked()).map(({ id, reason }) => [id, reason]));
        } catch (error) {
          if (!(error instanceof StoreFault)) throw error;
          log.error({ event: "stops.faulted", reason: error.message, hint: error.hint });
        }
        await bell.wait(POLL_MS, signal);
      }
    },
  };
}
