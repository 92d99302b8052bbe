/**
 * The words that the shapes of the API are made of (DESIGN §8): snake_case, times as ISO 8601 UTC, money in USD.
 *
 * Each noun has its shape beside its view (`views/run.ts`, `views/task.ts`, …). Requests are checked by these schemas,
 * `/openapi.json` is generated from them, and the command line takes the types of its answers from them: what is
 * published is what is enforced.
 */

import { z } from "@hono/zod-openapi";

export const time = z.iso.datetime();
export const maybeTime = time.nullable();
export const words = z.string().nullable();
export const count = z.int().nonnegative();
/** Null where nobody has counted. */
export const maybeCount = count.nullable();
export const counts = z.record(z.string(), count);
export const remedy = words.openapi({
  description: "what a person can do about it; null when time or another event brings the change",
});

export const ProblemView = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    state: z
      .string()
      .optional()
      .openapi({ description: "the status that forbids it; `pruned` of what was there" }),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .openapi("Problem", { description: "RFC 9457" });

/** Keys are written in capitals, and read in any case. */
export const taskKey = z.string().toUpperCase();

export const EmptyBody = z.strictObject({}).openapi("Nothing");

/** `limit` and `cursor` of every list. */
export const PageParams = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(50).openapi({ type: "integer" }),
  cursor: z
    .string()
    .regex(/^\d{1,15}$/, "this is no next_cursor")
    .optional(),
});

const NANOS_PER_USD = 1e9;

export function iso(ms: number): string {
  return new Date(ms).toISOString();
}

export function isoOrNull(ms: number | null): string | null {
  return ms === null ? null : iso(ms);
}

export function usd(nanos: number | null): number | null {
  return nanos === null ? null : nanos / NANOS_PER_USD;
}
