/** How long what is over, and what could not be published, is kept. */

import type { z } from "zod";
import { type ConfigPart, keys } from "../../../system/config/part.ts";
import { duration } from "../../../system/config/values.ts";

const DAY_MS = 86_400_000;
const DAYS_MAX = 3_650;

/** Less would forget deliveries that their senders still repeat, and logs before anybody has read them. */
const days: z.ZodType<number, string> = duration.refine(
  (span) => span >= DAY_MS && span <= DAYS_MAX * DAY_MS,
  `must be 1d to ${DAYS_MAX}d`,
);

export const retention = {
  opens: { retention: (mapping) => mapping.prefault({}) },
  keys: {
    retention: keys(
      {
        deliveries: days.default(30 * DAY_MS).describe("deliveries, once they were handled"),
        events: days
          .default(30 * DAY_MS)
          .describe("the history of a task, once it is finished, and calls to the outside"),
        runs: days.default(14 * DAY_MS).describe("logs of a run, once it and its task are finished"),
        kept: days
          .default(30 * DAY_MS)
          .describe("work that could not be published; its task is told before it goes"),
      },
      ({ deliveries, events, runs, kept }) => ({
        deliveriesMs: deliveries,
        eventsMs: events,
        runsMs: runs,
        /** Of work that is kept from now on; what is kept already has its time. */
        keptForMs: kept,
      }),
    ),
  },
} satisfies ConfigPart;
