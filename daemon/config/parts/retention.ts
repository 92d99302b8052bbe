/** How long what is over is kept. */

import type { z } from "zod";
import { type ConfigPart, keys } from "../../../system/config/part.ts";
import { duration } from "../../../system/config/values.ts";

const DAY_MS = 86_400_000;

/** Less would forget deliveries that their senders still repeat, and logs before anybody has read them. */
const days: z.ZodType<number, string> = duration.refine((span) => span >= DAY_MS, "must be at least 1d");

export const retention = {
  opens: { retention: (mapping) => mapping.prefault({}) },
  keys: {
    retention: keys(
      {
        deliveries: days.default(30 * DAY_MS).describe("deliveries, once they were handled"),
        events: days.default(30 * DAY_MS).describe("the history of a task, once it is finished"),
        runs: days.default(14 * DAY_MS).describe("logs of a run, once it and its task are finished"),
      },
      ({ deliveries, events, runs }) => ({ deliveriesMs: deliveries, eventsMs: events, runsMs: runs }),
    ),
  },
} satisfies ConfigPart;
