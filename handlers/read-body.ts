/**
 * Reads the bodies of requests that nobody has vouched for yet, and trusts nothing that they say about themselves.
 *
 * B1. Never more than the limit is kept of one body, whether its length was announced or it comes in pieces.
 * B2. All bodies together have one budget of memory. Each grows against it as it arrives, and gives everything back
 *     when it ends, however it ends. Where the budget is spent, the body that has brought nothing for longest makes
 *     room: one that arrives is never refused for the sake of those that stall.
 * B3. A body that stalls, or comes slower than any sender's patience, is given up.
 */

import type { Readable } from "node:stream";
import type { Clock } from "../system/clock.ts";
import { BODY_BYTES_PER_SECOND_MIN, BODY_LOOK_MS, BODY_PATIENCE_MS } from "../workflow/limits.ts";

export type ReadBody =
  | { readonly kind: "body"; readonly raw: Buffer }
  | { readonly kind: "too_large" }
  | { readonly kind: "too_slow" }
  /** It stood still while others needed its memory. */
  | { readonly kind: "overloaded" }
  /** The connection broke, or the announced length was wrong. */
  | { readonly kind: "broken"; readonly reason: string };

export interface BodyReader {
  /**
   * Never rejects. Of a body that was given up the stream is paused, not destroyed, so that it can still be answered.
   *
   * @param limit bytes
   * @param announced the header `content-length`
   */
  read(body: Readable, limit: number, announced: string | undefined): Promise<ReadBody>;
}

export interface BodyReaderOptions {
  /** Bytes that all bodies may take together. A single one always fits, whatever its limit. */
  readonly memory: () => number;
  readonly clock: Pick<Clock, "monotonic" | "sleep">;
  readonly pace?: Pace;
}

/** How fast a body must come. */
export interface Pace {
  /** So long it may take in any case … */
  readonly patienceMs: number;
  /** … and a second more for so many bytes that have come. */
  readonly bytesPerSecond: number;
  /** Between two looks. */
  readonly lookMs: number;
}

const PACE: Pace = {
  patienceMs: BODY_PATIENCE_MS,
  bytesPerSecond: BODY_BYTES_PER_SECOND_MIN,
  lookMs: BODY_LOOK_MS,
};

/** Of the first buffer that is larger than what came, so that single bytes do not grow it one by one. */
const GROWN_BYTES_MIN = 1_024;
const NOTHING = Buffer.alloc(0);

/** A body that is being read. */
interface Reading {
  /** Milliseconds, of the monotonic clock. */
  readonly since: number;
  /** What came, and room for more behind it: pieces that are kept one by one take many times what is in them. */
  held: Buffer;
  size: number;
  end(outcome: ReadBody): void;
}

export function createBodyReader({ memory, clock, pace = PACE }: BodyReaderOptions): BodyReader {
  const budget = createBudget(memory);
  const reading = new Set<Reading>();
  let isWatched = false;
  const watch = async (): Promise<void> => {
    isWatched = true;
    while (reading.size > 0) {
      await clock.sleep(pace.lookMs);
      const now = clock.monotonic();
      for (const one of reading)
        if (isTooSlow(now - one.since, one.size, pace)) one.end({ kind: "too_slow" });
    }
    isWatched = false;
  };
  return {
    read(body, limit, announced): Promise<ReadBody> {
      if (Number(announced) > limit) return Promise.resolve({ kind: "too_large" });
      return new Promise((resolve) => {
        const one: Reading = {
          since: clock.monotonic(),
          held: NOTHING,
          size: 0,
          end(outcome): void {
            if (!reading.delete(one)) return;
            body.off("data", take).pause();
            budget.release(one);
            one.held = NOTHING;
            resolve(outcome);
          },
        };
        const take = (piece: Buffer): void => {
          if (one.size + piece.length > limit) {
            one.end({ kind: "too_large" });
            return;
          }
          append(one, piece, limit);
          budget.charge(one);
        };
        reading.add(one);
        body.on("data", take);
        body.once("end", () => one.end({ kind: "body", raw: one.held.subarray(0, one.size) }));
        // It stays: what breaks after the answer is nobody's trouble, and must not be the process's.
        body.on("error", (error) => one.end(broken(error.name)));
        body.once("close", () => one.end(broken("it ended early")));
        if (!isWatched) void watch();
      });
    },
  };
}

/** A sender that goes away in the middle is ordinary; whoever is still there is told. */
function broken(why: string): ReadBody {
  return { kind: "broken", reason: `the body could not be read: ${why}` };
}

/** Pure. @param size bytes that have come in `elapsedMs` */
export function isTooSlow(elapsedMs: number, size: number, { patienceMs, bytesPerSecond }: Pace): boolean {
  return elapsedMs > patienceMs + (size * 1_000) / bytesPerSecond;
}

function append(one: Reading, piece: Buffer, limit: number): void {
  const size = one.size + piece.length;
  if (one.size === 0) {
    // Nearly all bodies are one piece, and need no copy.
    one.held = piece;
  } else {
    if (size > one.held.length) {
      const larger = Buffer.allocUnsafeSlow(
        Math.min(limit, Math.max(size, 2 * one.held.length, GROWN_BYTES_MIN)),
      );
      one.held.copy(larger, 0, 0, one.size);
      one.held = larger;
    }
    piece.copy(one.held, one.size);
  }
  one.size = size;
}

interface Budget {
  /** Counts all that it holds now, and has others make room where that is too much. */
  charge(one: Reading): void;
  release(one: Reading): void;
}

function createBudget(memory: () => number): Budget {
  /** What each takes, in bytes; in front who has brought nothing for longest. */
  const charged = new Map<Reading, number>();
  let used = 0;
  const release = (one: Reading): void => {
    used -= charged.get(one) ?? 0;
    charged.delete(one);
  };
  return {
    charge(one): void {
      release(one);
      charged.set(one, one.held.length);
      used += one.held.length;
      for (const other of charged.keys()) {
        if (used <= memory() || other === one) return;
        other.end({ kind: "overloaded" });
      }
    },
    release,
  };
}
