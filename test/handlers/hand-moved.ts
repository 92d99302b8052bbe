/** The world of a handler, moved by hand: a store in memory, a clock that stands, a log that is heard. */

import { createStore } from "../../store/build.ts";
import { migrate } from "../../store/engine/migrate.ts";
import { openSqlite } from "../../store/engine/sqlite.ts";
import type { Tell } from "../../store/engine/work.ts";
import type { Store } from "../../store/store.ts";
import type { Clock } from "../../system/clock.ts";
import { type Log, type LogLine, nullLog } from "../../system/log.ts";

export const NOW = 1_790_000_000_000;

/** @param tell hears what the store has made to do */
export async function memoryStore(tell?: Tell): Promise<Store> {
  const engine = await openSqlite(":memory:");
  await migrate(engine, NOW);
  return createStore(engine, tell);
}

/** A clock that stands until it is moved; naps of no time let the event loop turn once. */
export interface HandClock extends Clock {
  move(ms: number): void;
}

export function handClock(): HandClock {
  let now = NOW;
  return {
    now: () => now,
    monotonic: () => now,
    sleep: () => new Promise((resolve) => setImmediate(resolve)),
    move: (ms) => {
      now += ms;
    },
  };
}

export interface HeardLog extends Log {
  readonly lines: readonly LogLine[];
}

export function heardLog(): HeardLog {
  const lines: LogLine[] = [];
  const hear = (line: LogLine): void => void lines.push(line);
  return { ...nullLog(), lines, debug: hear, info: hear, warn: hear, error: hear };
}
