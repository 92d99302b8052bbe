/**
 * The bells of the daemon: one for each word by which the store tells of work (`store/engine/work.ts`). A loop waits on
 * its own; this is the only place that rings, so that whoever commits something need not know who waits for it.
 *
 * Level-triggered: a ring that is lost costs the time until the loop looks by itself, and never work.
 */

import type { Tell, Work } from "../../store/engine/work.ts";
import type { Wake } from "../../system/wake.ts";

/** What a chat shows is what is told outside. */
export type Bells = Readonly<Record<Work | "outside", Wake>>;

export function createBells(create: () => Wake): Bells {
  return {
    jobs: create(),
    stops: create(),
    pauses: create(),
    gates: create(),
    merges: create(),
    windows: create(),
    pace: create(),
    workflows: create(),
    deliveries: create(),
    cards: create(),
    outbox: create(),
    outside: create(),
  };
}

/** What the store tells, as rings. */
export function ringer(bells: Bells): Tell {
  return (work) => {
    bells[work].ring();
    if (work === "cards") bells.outside.ring();
  };
}
