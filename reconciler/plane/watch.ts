/** How a project of Plane is looked at: its parts stand beside this. */

import type { TrackerAsk } from "../../forges/ask.ts";
import { createHandled } from "../handled.ts";
import { lookAtNeeds, type NeedsMemory } from "../needs.ts";
import type { Watcher } from "../ports.ts";
import { inTurn } from "../watcher.ts";
import { lookAtItems, lookForGone } from "./items.ts";
import { PLANE_NEEDS } from "./needs.ts";
import { lookForSilence } from "./silence.ts";

/** @param ask of whoever can wait */
export function watchPlane(ask: TrackerAsk): Watcher {
  const handled = createHandled();
  const needs: NeedsMemory = new Map();
  return {
    look(look) {
      const changed = new Set<string>();
      return inTurn([
        ["work items", () => lookAtItems(look, ask, handled, changed)],
        ["deleted work items", () => lookForGone(look, ask)],
        ["relations", () => lookAtNeeds(look, ask, PLANE_NEEDS, changed, needs)],
        ["webhooks", () => lookForSilence(look)],
      ]);
    },
  };
}
