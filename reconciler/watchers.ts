/** Who looks at which source. A new one is a folder beside this, and a line here. */

import type { ForgeAsk, TrackerAsk } from "../forges/ask.ts";
import { watchGithub } from "./github/watch.ts";
import { watchPlane } from "./plane/watch.ts";
import type { Watcher } from "./ports.ts";

export interface Asked {
  readonly tracker: TrackerAsk;
  /** The same, where it keeps code. */
  readonly forge: ForgeAsk | null;
}

const WATCHERS: Readonly<Record<string, (asked: Asked) => Watcher | null>> = {
  github: ({ forge }) => (forge === null ? null : watchGithub(forge)),
  plane: ({ tracker }) => watchPlane(tracker),
};

/** `null` where nobody knows how. @param asked on behalf of those who can wait */
export function watcherOf(source: string, asked: Asked): Watcher | null {
  return Object.hasOwn(WATCHERS, source) ? (WATCHERS[source]?.(asked) ?? null) : null;
}
