/**
 * The bells of the daemon: one for each word by which the store tells of work (`store/engine/work.ts`). A loop waits on
 * its own; this is the only place that rings, so that whoever commits something need not know who waits for it.
 *
 * Level-triggered: a ring that is lost costs the time until the loop looks by itself, and never work.
 */

import type { Tell, Work } from "../../store/engine/work.ts";
import { createPeal, type Peal, type Wake } from "../../system/wake.ts";

/** What a chat shows is what is told outside. Deliveries are waited for by each lane of the inbox. */
export type Bells = Readonly<Record<Exclude<Work, "deliveries"> | "outside", Wake>> & {
  readonly deliveries: Peal;
};

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
    deliveries: createPeal(create),
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
