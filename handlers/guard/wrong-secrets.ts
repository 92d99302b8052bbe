/**
 * Requests that no secret proves genuine, counted by source with the last time: what somebody looks for who has set up
 * a webhook and hears nothing. They are counted in memory, since strangers may send as many as they like.
 */

import type { Clock } from "../../system/clock.ts";

export interface WrongSecret {
  readonly source: string;
  /** Since the daemon has started. */
  readonly count: number;
  /** ms */
  readonly lastAt: number;
}

export interface WrongSecrets {
  /** @param source one of the configuration, so there are few */
  count(source: string): void;
  /** Those of whom there is one at least. */
  all(): readonly WrongSecret[];
}

export function createWrongSecrets(clock: Pick<Clock, "now">): WrongSecrets {
  const counted = new Map<string, WrongSecret>();
  return {
    count: (source) => {
      const count = (counted.get(source)?.count ?? 0) + 1;
      counted.set(source, { source, count, lastAt: clock.now() });
    },
    all: () => [...counted.values()],
  };
}
