/**
 * Asking a forge or tracker for a fact: one answer type, the reading of refusals and rate limits, and a short memory.
 *
 * A lookup that fails is `retry`: it is asked again later, and never counts as a yes.
 */

import type { z } from "zod";
import type { Clock } from "../system/clock.ts";
import type { Http, HttpResponse } from "../system/http.ts";

export type Lookup<T> =
  | { readonly kind: "ok"; readonly value: T }
  /** The other side will not tell, now or later: no right to ask, or no such thing. */
  | { readonly kind: "refused"; readonly reason: string }
  /** Ask again after `afterMs`. */
  | { readonly kind: "retry"; readonly reason: string; readonly afterMs: number };

const SECOND = 1_000;
/** Where nobody says how long to wait. */
const PAUSE_MS = 15 * SECOND;
/** The longest wait that is believed of a rate limit. */
const PAUSE_MS_MAX = 3_600 * SECOND;
/** Permissions change rarely, but a person who lost theirs should not keep them for long. */
const MEMORY_MS = 120 * SECOND;
const MEMORY_ENTRIES_MAX = 1_000;

export interface Asker {
  /** GETs `url` and reads the answer by `schema`. `missing` is the value of a 404; without it a 404 is a refusal. */
  get<T>(url: string, schema: z.ZodType<T>, missing?: T): Promise<Lookup<T>>;
}

/** @param name what it is called in reasons, such as `GitHub` */
export function createAsker(
  name: string,
  http: Http,
  clock: Clock,
  headers: Readonly<Record<string, string>>,
): Asker {
  return {
    async get<T>(url: string, schema: z.ZodType<T>, missing?: T): Promise<Lookup<T>> {
      const result = await http.request("lookup", { method: "GET", url, headers });
      if (result.kind === "unreachable")
        return { kind: "retry", reason: `${name}: ${result.reason}`, afterMs: PAUSE_MS };
      const { response } = result;
      if (response.status === 404 && missing !== undefined) return { kind: "ok", value: missing };
      if (response.status !== 200) return refusal(name, response, clock.now());
      return read(name, response.body, schema);
    },
  };
}

function read<T>(name: string, body: string, schema: z.ZodType<T>): Lookup<T> {
  try {
    const parsed = schema.safeParse(JSON.parse(body));
    if (parsed.success) return { kind: "ok", value: parsed.data };
    const where = parsed.error.issues[0]?.path.join(".") ?? "";
    return { kind: "retry", reason: `${name} answered in an unknown shape at $.${where}`, afterMs: PAUSE_MS };
  } catch (error) {
    if (error instanceof SyntaxError)
      return { kind: "retry", reason: `${name} answered with broken JSON`, afterMs: PAUSE_MS };
    throw error;
  }
}

/** A 403 may be a rate limit in disguise: then a header says so (GitHub's primary and secondary limits). */
function refusal(name: string, response: HttpResponse, now: number): Lookup<never> {
  const { status, headers } = response;
  const limited =
    status === 429 ||
    (status === 403 && (headers["retry-after"] !== undefined || headers["x-ratelimit-remaining"] === "0"));
  if (limited)
    return {
      kind: "retry",
      reason: `${name} limits our requests (${status})`,
      afterMs: waitOf(headers, now),
    };
  if (status >= 500 || status === 408)
    return { kind: "retry", reason: `${name} answered ${status}`, afterMs: PAUSE_MS };
  const meaning = status === 401 || status === 403 ? "the token may not ask this" : "there is no such thing";
  return { kind: "refused", reason: `${name} answered ${status}: ${meaning}` };
}

function waitOf(headers: Readonly<Record<string, string>>, now: number): number {
  const after = Number(headers["retry-after"]) * SECOND;
  const reset = Number(headers["x-ratelimit-reset"]) * SECOND - now;
  const wait = Number.isFinite(after) ? after : Number.isFinite(reset) ? reset : 60 * SECOND;
  return Math.min(PAUSE_MS_MAX, Math.max(SECOND, wait));
}

/** Remembers good answers for two minutes, and at most a thousand of them. */
export function remembering<T>(
  clock: Clock,
): (key: string, look: () => Promise<Lookup<T>>) => Promise<Lookup<T>> {
  const memory = new Map<string, { readonly answer: Lookup<T>; readonly until: number }>();
  return async (key, look) => {
    const known = memory.get(key);
    if (known !== undefined && known.until > clock.monotonic()) return known.answer;
    const answer = await look();
    memory.delete(key);
    if (answer.kind === "ok") memory.set(key, { answer, until: clock.monotonic() + MEMORY_MS });
    const [oldest] = memory.keys();
    if (memory.size > MEMORY_ENTRIES_MAX && oldest !== undefined) memory.delete(oldest);
    return answer;
  };
}
