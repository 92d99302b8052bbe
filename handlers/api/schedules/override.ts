/**
 * Overrides over the API: a person opens or closes a schedule until an instant, whatever its times say, or takes that
 * back.
 *
 * Without an end it lasts until the schedule would change by itself: what is open until the end of its window, what is
 * closed until its next start.
 */

import { createRoute, z } from "@hono/zod-openapi";
import { timeOfDay } from "../../../system/config/times.ts";
import { duration } from "../../../system/config/values.ts";
import { type Override, VERDICTS } from "../../../workflow/windows/schedule.ts";
import { askerOf } from "../../asker.ts";
import { type Api, type ApiOptions, newApi, type ShownSchedule } from "../base.ts";
import { problem } from "../problem.ts";
import { BODY_PROBLEMS, json, NOT_FOUND, PROBLEMS, REFUSED } from "../route.ts";
import { iso } from "../shapes.ts";
import { findSchedule, showSchedule } from "./schedules.ts";
import { ScheduleView } from "./view.ts";

/** Whoever means longer changes the schedule. */
const OVERRIDE_MS_MAX = 366 * 86_400_000;

const OverrideBody = z
  .strictObject({
    verdict: z.enum(VERDICTS),
    for: duration.optional().openapi({ description: "how long, such as 2h" }),
    until: z
      .union(
        [z.iso.datetime({ offset: true }), timeOfDay],
        "must be an instant such as 2027-03-29T05:00:00Z, or HH:MM",
      )
      .optional()
      .openapi({ description: "an instant, or HH:MM by the clock of the schedule's zone" }),
    by: z.string().min(1).max(100).default("the API"),
    reason: z.string().min(1).max(500).optional(),
  })
  .refine((body) => body.for === undefined || body.until === undefined, {
    message: "either for or until",
    path: ["until"],
  })
  .openapi("NewOverride");

const params = z.object({ name: z.string() });

const SAY = createRoute({
  method: "post",
  path: "/schedules/{name}/override",
  operationId: "overrideSchedule",
  summary: "Open or close a schedule by hand",
  request: { params, body: { ...json("", OverrideBody), required: true } },
  responses: {
    200: json("It is in force", ScheduleView),
    ...PROBLEMS,
    ...BODY_PROBLEMS,
    ...NOT_FOUND,
    ...REFUSED,
  },
});

const CLEAR = createRoute({
  method: "delete",
  path: "/schedules/{name}/override",
  operationId: "clearOverride",
  summary: "Let a schedule go by its times again",
  request: { params },
  responses: { 200: json("It goes by its times", ScheduleView), ...PROBLEMS, ...NOT_FOUND, ...REFUSED },
});

export function overrideRoutes(options: ApiOptions): Api {
  const { clock } = options;
  const api = newApi();
  api.openapi(SAY, async (c) => {
    const found = findSchedule(options, c.req.valid("param").name);
    if (found instanceof Response) return found;
    const { name, enabled } = found.schedule;
    if (!enabled)
      return problem(409, {
        detail: `schedule ${name} is not enabled, so there is nothing to override`,
        state: "disabled",
      });
    const body = c.req.valid("json");
    const now = clock.now();
    const until = endOf(options, found, body, now);
    if (until === null || until <= now || until > now + OVERRIDE_MS_MAX) {
      const message =
        until === null
          ? "must be given: the schedule never changes by itself"
          : "must be within a year from now";
      return problem(400, { detail: "the request is not valid", errors: [{ path: "until", message }] });
    }
    const { verdict, reason = null } = body;
    const by = askerOf(c, body.by).by.name;
    return say(options, { schedule: name, verdict, cause: "person", since: now, until, by, reason });
  });
  api.openapi(CLEAR, async (c) => {
    const found = findSchedule(options, c.req.valid("param").name);
    if (found instanceof Response) return found;
    const { schedule, override } = found;
    if (override === null) {
      const detail = `schedule ${schedule.name} has no override; it goes by its times`;
      return problem(409, { detail, state: found.isOpen ? "open" : "closed" });
    }
    return clear(options, override, found);
  });
  return api;
}

function endOf(
  { schedules }: ApiOptions,
  { schedule, changes }: ShownSchedule,
  { for: span, until }: z.output<typeof OverrideBody>,
  now: number,
): number | null {
  if (span !== undefined) return now + span;
  if (until === undefined) return changes;
  return /^\d\d:\d\d$/.test(until) ? schedules.nextTime(until, schedule.timezone) : Date.parse(until);
}

async function say(options: ApiOptions, override: Override): Promise<Response> {
  const { store, schedules, log } = options;
  await store.windows.override(override);
  await schedules.look();
  const { schedule, verdict, until, by, reason } = override;
  log.info({ event: "override.said", schedule, verdict, until: iso(until), by, reason });
  return showSchedule(options, schedule);
}

/**
 * Crashes are counted from when a window opened. One that a crash limit has closed is opened anew, until it would have
 * closed, so that they count from now.
 */
async function clear(
  options: ApiOptions,
  override: Override,
  { schedule }: ShownSchedule,
): Promise<Response> {
  const { store, schedules, clock, log } = options;
  const closes = override.cause === "crash_limit" ? schedules.closes(schedule) : null;
  if (closes !== null) {
    const lifted = { verdict: "open", cause: "person", since: clock.now(), until: closes } as const;
    return say(options, { ...override, ...lifted, by: "the API", reason: "the crash limit was lifted" });
  }
  await store.windows.clearOverride(schedule.name);
  await schedules.look();
  log.info({ event: "override.cleared", schedule: schedule.name });
  return showSchedule(options, schedule.name);
}
