/** The limits of Discord's API: buckets per route and channel, and all calls of a bot in a second. */

interface Bucket {
  readonly most: number;
  readonly windowMs: number;
}

/** By method, of the messages of one channel. Discord documents none; these are those it has told in headers. */
const BUCKETS: Readonly<Record<string, Bucket>> = {
  POST: { most: 5, windowMs: 5_000 },
  PATCH: { most: 5, windowMs: 5_000 },
  DELETE: { most: 5, windowMs: 1_000 },
  GET: { most: 5, windowMs: 5_000 },
};
const GLOBAL: Bucket = { most: 50, windowMs: 1_000 };
/** Edits of messages of a channel that are older than an hour. */
const OLD_EDITS: Bucket = { most: 3, windowMs: 20_000 };

export interface Verdict {
  readonly headers: Readonly<Record<string, string>>;
  /** How long to wait (ms); `null` where the call may pass. */
  readonly waitMs: number | null;
  readonly isGlobal: boolean;
}

export interface Limits {
  take(method: string, channel: string, now: number): Verdict;
  /** Wait (ms) before another edit of an old message; `null` where it may pass. */
  takeOldEdit(channel: string, now: number): number | null;
}

/** @param factor by which all windows are shorter than Discord's */
export function createLimits(factor: number): Limits {
  const begun = new Map<string, { readonly at: number; count: number }>();
  const take = (key: string, { most, windowMs }: Bucket, now: number): { left: number; waitMs: number } => {
    const length = windowMs / factor;
    const known = begun.get(key);
    const window = known === undefined || now - known.at >= length ? { at: now, count: 0 } : known;
    begun.set(key, window);
    window.count += 1;
    return { left: most - window.count, waitMs: window.at + length - now };
  };
  return {
    take(method, channel, now) {
      const bucket = BUCKETS[method] ?? GLOBAL;
      const all = take("global", GLOBAL, now);
      if (all.left < 0)
        return {
          headers: { "x-ratelimit-global": "true", "x-ratelimit-scope": "global" },
          waitMs: all.waitMs,
          isGlobal: true,
        };
      const own = take(`${method} ${channel}`, bucket, now);
      const seconds = (own.waitMs / 1_000).toFixed(3);
      const headers = {
        "x-ratelimit-limit": String(bucket.most),
        "x-ratelimit-remaining": String(Math.max(0, own.left)),
        "x-ratelimit-reset": ((now + own.waitMs) / 1_000).toFixed(3),
        "x-ratelimit-reset-after": seconds,
        "x-ratelimit-bucket": `bucket-${method.toLowerCase()}`,
        ...(own.left < 0 && { "x-ratelimit-scope": "user" }),
      };
      return { headers, waitMs: own.left < 0 ? own.waitMs : null, isGlobal: false };
    },
    takeOldEdit(channel, now) {
      const { left, waitMs } = take(`old ${channel}`, OLD_EDITS, now);
      return left < 0 ? waitMs : null;
    },
  };
}
