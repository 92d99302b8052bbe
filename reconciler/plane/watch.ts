/** How a project of Plane is looked at: its parts stand beside this. */

import type { TrackerAsk } from "../../forges/ask.ts";
import { createHandled } from "../handled.ts";
import type { Watcher } from "../ports.ts";
import { inTurn } from "../watcher.ts";
import { lookAtItems, lookForGone } from "./items.ts";
import { lookForSilence } from "./silence.ts";

/** @param ask of whoever can wait */
export function watchPlane(ask: TrackerAsk): Watcher {
  const handled = createHandled();
  return {
    look: (look) =>
      inTurn([
        ["work items", () => lookAtItems(look, ask, handled)],
        ["deleted work items", () => lookForGone(look, ask)],
        ["webhooks", () => lookForSilence(look)],
      ]),
  };
}
