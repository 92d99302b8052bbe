/** What is asked of sources, as people see it. */

import { z } from "@hono/zod-openapi";
import type { PlaceStanding } from "../../../workflow/outside/watched.ts";
import type { UnknownLogin } from "../../own.ts";
import { iso, isoOrNull, maybeTime, time } from "../shapes.ts";

export const WatchedView = z
  .object({
    source: z.string(),
    place: z.string().openapi({ description: "such as acme/shop" }),
    projects: z.array(z.string()),
    every_s: z.int().openapi({ description: "from one look to the next" }),
    looked_at: maybeTime.openapi({ description: "when it was looked at last, to the end, since the start" }),
    faults: z.array(z.object({ what: z.string(), reason: z.string(), since: time })),
  })
  .openapi("Watched");

export function viewWatched({
  source,
  place,
  projects,
  everyMs,
  lookedAt,
  faults,
}: PlaceStanding): z.infer<typeof WatchedView> {
  return {
    ...{ source, place, projects: [...projects], every_s: Math.round(everyMs / 1_000) },
    looked_at: isoOrNull(lookedAt),
    faults: faults.map(({ what, reason, since }) => ({ what, reason, since: iso(since) })),
  };
}

export const UnknownLoginView = z.object({ source: z.string(), since: time, reason: z.string() }).openapi({
  description:
    "a source that has not said who the daemon is there: until then its own events are known by their marker alone",
});

export function viewUnknown({ source, since, reason }: UnknownLogin): z.infer<typeof UnknownLoginView> {
  return { source, since: iso(since), reason };
}
