/** Moments that requests name: when something begins, or is over. */

import { z } from "@hono/zod-openapi";
import { MOMENT_AHEAD_MAX_MS } from "../../workflow/limits.ts";
import { problem } from "./problem.ts";

/** An instant with its offset, such as `2026-12-01T07:00:00+01:00`: no clock has to be guessed at. */
export const moment = z.iso
  .datetime({ offset: true, error: "must be a time with its offset, such as 2026-12-01T07:00:00Z" })
  .openapi({ example: "2026-12-01T07:00:00Z" });

const DAY_MS = 86_400_000;

/**
 * @param path the field that named it
 * @param now ms
 * @returns the instant in ms, `null` where none was named, or what is wrong with it
 */
export function futureMoment(path: string, text: string | undefined, now: number): number | null | Response {
  if (text === undefined) return null;
  const at = momentOf(text);
  if (at > now && at - now <= MOMENT_AHEAD_MAX_MS) return at;
  const message =
    at <= now
      ? `it is over: it is ${new Date(now).toISOString()} now`
      : `it is more than ${MOMENT_AHEAD_MAX_MS / DAY_MS} days away`;
  return problem(400, { detail: "the request is not valid", errors: [{ path, message }] });
}

/** In ms. @param text as {@link moment} takes it */
export function momentOf(text: string): number {
  return Date.parse(text);
}
