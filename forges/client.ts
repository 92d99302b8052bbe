/** A forge or tracker as one object: what is told there, and what is asked. */

import type { ForgeAsk, TrackerAsk } from "./ask.ts";
import type { Forge, Tracker } from "./tell.ts";

export interface TrackerClient {
  readonly tell: Tracker;
  readonly ask: TrackerAsk;
  /** As `ask`, for whoever can wait: it leaves the last fifth of the host's limit to what is told. */
  readonly spare: TrackerAsk;
}

export interface ForgeClient extends TrackerClient {
  readonly tell: Forge;
  readonly ask: ForgeAsk;
  readonly spare: ForgeAsk;
}
