/**
 * Whether this machine can start agents. It may be short of something for a moment (disk space, processes, file
 * descriptors), and then every job that is claimed fails, one after another, until none is left.
 *
 * H1. After a start that failed nothing is claimed for a while: five seconds, doubled up to a minute as long as it goes
 *     on. Jobs that were not tried have lost nothing (I9).
 * H2. Then one job is claimed, as a probe. Once an agent is seen at work, everything is as before.
 */

import type { Clock } from "../system/clock.ts";
import type { Why } from "../workflow/why.ts";
import type { HostWitness } from "./run/ports.ts";

const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 60_000;

export interface Host extends HostWitness {
  /** Why nothing is claimed now, or `null`. */
  refusal(): Why | null;
  /** What the last start of an agent has failed by, until another one was seen at work; or `null`. */
  trouble(): Why | null;
  /** A run was claimed. */
  claimed(): void;
}

/** @param recovered called when agents can be started again */
export function createHost(clock: Pick<Clock, "monotonic">, recovered: () => void): Host {
  let trouble: string | null = null;
  let pauseMs = FIRST_PAUSE_MS;
  let until = 0;
  let isProbing = false;
  const standBack = (): void => {
    until = clock.monotonic() + pauseMs;
  };
  return {
    refusal() {
      if (trouble === null || clock.monotonic() >= until) return null;
      const often = `one is tried at most every ${pauseMs / 1_000} s`;
      return {
        reason: `this machine could not start the last agent, and ${often}: ${trouble}`,
        remedy: null,
      };
    },
    trouble: () =>
      trouble === null
        ? null
        : { reason: trouble, remedy: "mend it on this machine; until then one start is tried every minute" },
    claimed() {
      if (trouble === null) return;
      isProbing = true;
      standBack();
    },
    failed(reason) {
      // Those that were claimed together fail together, and are one trouble.
      if (trouble === null) pauseMs = FIRST_PAUSE_MS;
      else if (isProbing) pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
      isProbing = false;
      trouble = reason;
      standBack();
    },
    works() {
      if (trouble === null) return;
      trouble = null;
      isProbing = false;
      recovered();
    },
  };
}
