/**
 * What happened in Plane, whichever of its formats told it (`v1.ts`, `v2.ts`): the common language of the three formats
 * in the field.
 */

import type { Named } from "../triggers.ts";

export interface StateNow extends Named {
  readonly id: string;
  /** `null` where the payload gives the id only (v2). */
  readonly group: string | null;
}

export interface Item {
  readonly id: string;
  readonly project: string;
  readonly title: string;
  /** `null` when the payload has no description at all (v2 may leave it out). */
  readonly body: string | null;
  readonly number: number | null;
  /** User id of whoever created it. */
  readonly author: string | null;
}

/** A work item's text, wherever it was found. */
export interface ItemText {
  readonly title: string;
  readonly body: string;
  readonly number: number | null;
}

export type PlaneEvent =
  | {
      readonly kind: "item";
      readonly item: Item;
      /** `null` when the event does not say who caused it (v2). */
      readonly actor: string | null;
      /** In words, for reasons: `created`, `updated: sort_order`. */
      readonly what: string;
      /** Separates this change from the item's later ones. */
      readonly stamp: string;
      readonly isNew: boolean;
      /** Its title or its description was changed. */
      readonly isEdited: boolean;
      /** The state it has come to; `null` when the state did not change. */
      readonly state: StateNow | null;
      /** Labels it has got. */
      readonly labels: readonly Named[];
      /** Ids of the people it was assigned to. */
      readonly assignees: readonly string[];
    }
  | {
      readonly kind: "comment";
      readonly id: string;
      readonly itemId: string;
      /** `null` when the event does not say it (v2). */
      readonly project: string | null;
      readonly actor: string | null;
      readonly text: string;
      /** When it was written (ms); `null` where the event does not say. */
      readonly saidAt: number | null;
    }
  | {
      readonly kind: "gone";
      readonly itemId: string;
      readonly project: string | null;
      readonly actor: string | null;
    }
  /** What it waits for is another thing; the event does not say who has changed that. */
  | {
      readonly kind: "relations";
      readonly itemId: string;
      readonly project: string;
      readonly stamp: string;
      readonly actor: null;
    }
  | { readonly kind: "ignore"; readonly reason: string }
  | { readonly kind: "failed"; readonly reason: string };

/**
 * A time as a key part. The formats write the same moment in different ways, and a change that comes in two formats
 * must have one key.
 */
export function stampOf(time: string): string {
  const ms = Date.parse(time);
  return Number.isNaN(ms) ? time.slice(0, 64) : String(ms);
}

/** What `now` has and `before` had not. */
export function added(now: readonly string[], before: readonly string[]): readonly string[] {
  return now.filter((id) => !before.includes(id));
}
