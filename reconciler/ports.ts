/** What the reconciler is given by the composition root. It knows no configuration file, and decodes nothing. */

import type { Store } from "../store/store.ts";
import type { Watch } from "../store/watch/watches.ts";
import type { Clock } from "../system/clock.ts";
import type { Log } from "../system/log.ts";
import type { Wake } from "../system/wake.ts";
import type { NewDelivery, Source } from "../workflow/delivery.ts";
import type { Project } from "../workflow/project.ts";

/** Something at a source that projects live in, and that is asked about in turns. */
export interface Place {
  readonly source: Source;
  /** As the source names it: `acme/shop`, or the id of a project. */
  readonly name: string;
  readonly projects: readonly Project[];
  /** From one look to the next (ms). */
  readonly everyMs: number;
  /** Whether webhooks of it are expected, too. */
  readonly hears: boolean;
  readonly watcher: Watcher;
}

/** The same door as for webhooks: what is stored there is understood, trusted and decided as they are. */
export type Record = (delivery: NewDelivery) => Promise<{
  readonly kind: "recorded" | "overloaded" | "unavailable";
}>;

export interface ReconcilerPorts {
  readonly store: Pick<
    Store,
    | "watches"
    | "waiting"
    | "changes"
    | "tasks"
    | "between"
    | "events"
    | "pulls"
    | "ci"
    | "runs"
    | "deliveries"
  >;
  readonly record: Record;
  /** As the configuration in force has them. */
  readonly places: () => readonly Place[];
  readonly clock: Clock;
  readonly log: Log;
  /** Rung to have it look before its time. */
  readonly wake: Wake;
}

/** How a source is looked at: a folder beside this for each. */
export interface Watcher {
  look(at: Look): Promise<readonly StepEnd[]>;
}

/** One look at one place. */
export interface Look {
  readonly ports: ReconcilerPorts;
  readonly place: Place;
  /** At the start, and now and then: what no list shows is asked for, too. */
  readonly isFull: boolean;
  /** ms. */
  readonly now: number;
  /** By kind. */
  readonly marks: ReadonlyMap<string, Watch>;
}

export type Step = { readonly kind: "ok" } | Failed;

export interface Failed {
  readonly kind: "failed";
  readonly reason: string;
  /** How long to leave it alone (ms), where somebody has said it. */
  readonly afterMs: number;
  /** `host`: the other steps would meet the same. */
  readonly fault: "host" | "call";
}

export interface StepEnd {
  /** Such as `items`. */
  readonly name: string;
  readonly end: Step;
}
