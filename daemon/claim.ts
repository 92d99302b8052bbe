/**
 * The claim loop: takes what is claimable, as long as there is room, and hands it to the runner.
 *
 * C1. Level-triggered: it looks at what is stored and does what is due. A lost ring costs latency, never work.
 * C2. No poll between a committed job and its spawn: the commit of a job rings the bell (`wiring/bells.ts`).
 * C3. It decides nothing: order, fairness and limits are one statement of the store.
 * C4. What is not claimed although it is queued gets its reason written down, once per change (`refusals.ts`).
 */

import type { Claim } from "../store/claim/claim.ts";
import { StoreFault } from "../store/engine/engine.ts";
import type { Store } from "../store/store.ts";
import type { Chance } from "../system/chance.ts";
import type { Clock } from "../system/clock.ts";
import type { Log } from "../system/log.ts";
import type { Wake } from "../system/wake.ts";
import type { Why } from "../workflow/why.ts";
import type { Host } from "./host.ts";
import { createRefusals } from "./refusals.ts";

/** The net under lost rings and clocks that jump. */
const POLL_MS = 5_000;
/** How often the reasons of what waits are looked at, however often the bell rings. */
const NOTE_EVERY_MS = 1_000;
/** How long the loop stands back when the database does not answer. */
const FAULT_PAUSE_MS = 1_000;

export interface ClaimPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
  readonly wake: Wake;
  /** How many runs may be live at once, over all projects. */
  readonly concurrency: () => number;
  /** Nothing is claimed while less is available; bytes, as the host counts them. */
  readonly memory?: { readonly floor: () => number; readonly available: () => number };
  /** Nothing is claimed while the walls that are asked for cannot be had: why, or `null`. */
  readonly walls?: () => Why | null;
  /** Nothing is claimed while it could not start an agent. */
  readonly host?: Host;
  /** Looks after one claim from here to its conclusion; never rejects. */
  readonly begin: (claim: Claim) => Promise<void>;
}

/** Runs until `signal` aborts. Claims already handed over go on. */
export async function claimLoop(ports: ClaimPorts, signal: AbortSignal): Promise<void> {
  const { clock, log, wake } = ports;
  const refusals = createRefusals(ports);
  let noted = Number.NEGATIVE_INFINITY;
  while (!signal.aborted) {
    try {
      const due = await claimAll(ports, signal);
      const now = clock.now();
      const rested = clock.monotonic() - noted;
      if (rested >= NOTE_EVERY_MS) {
        await refusals.note(now, refusalOf(ports));
        noted = clock.monotonic();
      }
      const pause = rested >= NOTE_EVERY_MS ? POLL_MS : NOTE_EVERY_MS - rested;
      await wake.wait(due === null ? pause : Math.max(0, Math.min(pause, due - now)), signal);
    } catch (error) {
      if (!(error instanceof StoreFault)) throw error;
      log.error({ event: "claim.faulted", reason: error.message, hint: error.hint });
      await clock.sleep(FAULT_PAUSE_MS, signal);
    }
  }
}

/** Claims until nothing is claimable; answers when time alone will make something claimable (ms), or `null`. */
async function claimAll(ports: ClaimPorts, signal: AbortSignal): Promise<number | null> {
  const { store, clock, chance, log } = ports;
  await store.holds.releaseDue(clock.now());
  const refusal = memoryRefusal(ports);
  if (refusal !== null) log.warn({ event: "claim.low_memory", ...refusal });
  while (!signal.aborted && refusalOf(ports) === null) {
    const claim = await store.jobs.claim({
      run: chance.id(),
      concurrency: ports.concurrency(),
      now: clock.now(),
    });
    if (claim === null) break;
    ports.host?.claimed();
    const { job, run } = claim;
    log.info({
      event: "job.claimed",
      job: job.id,
      task: job.task,
      project: job.project,
      run: run.id,
      agent: run.agent,
      account: run.account,
      fence: job.fence,
    });
    void ports.begin(claim);
  }
  return await store.holds.nextDue();
}

/** Why nothing at all is claimed now, or `null`. */
function refusalOf(ports: ClaimPorts): Why | null {
  return ports.walls?.() ?? ports.host?.refusal() ?? memoryRefusal(ports);
}

/** Why the host has no room for one more agent, or `null`; looked at again at every claim. */
function memoryRefusal({ memory }: ClaimPorts): Why | null {
  const floor = memory?.floor() ?? 0;
  if (memory === undefined || floor === 0) return null;
  const available = memory.available();
  if (available >= floor) return null;
  const reason = `the host has ${mebibytes(available)} of memory available, and limits.memory_floor is ${mebibytes(floor)}`;
  return { reason, remedy: "free memory, or lower limits.memory_floor" };
}

function mebibytes(bytes: number): string {
  return `${Math.floor(bytes / 1_048_576)} MiB`;
}
