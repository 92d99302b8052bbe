/** Schedules as the API shows and takes them. Pure. */

import { z } from "@hono/zod-openapi";
import type { OpeningUse } from "../../../store/windows/openings.ts";
import { durationBetween, timeOfDay, timeZone, weekdays } from "../../../system/config/times.ts";
import { entryName } from "../../../system/config/values.ts";
import { NANOS_PER_USD, openingAmounts, openingLimits } from "../../../workflow/windows/budget.ts";
import {
  ON_CLOSE,
  type Override,
  type Schedule,
  VERDICTS,
  WEEKDAYS,
  WINDOW_CONCURRENCY_MAX,
  WINDOW_MS_MAX,
  WINDOW_MS_MIN,
} from "../../../workflow/windows/schedule.ts";
import type { ShownSchedule } from "../base.ts";
import { count, iso, isoOrNull, maybeTime, time, words } from "../shapes.ts";

const SPREAD = "whether it grows evenly while the opening lasts; it is there at once otherwise";

const OverrideView = z
  .object({
    verdict: z.enum(VERDICTS),
    cause: z.enum(["person", "crash_limit"]),
    since: time,
    until: time.openapi({ description: "when it ends by itself" }),
    by: z.string(),
    reason: words,
  })
  .openapi("Override", { description: "the last word on a schedule, whatever its times say" });

const amount = z.number();

const OpeningUseView = z
  .object({
    from: time,
    until: time,
    limits: z.array(
      z.object({
        unit: z.enum(["usd", "tokens", "runs"]),
        amount,
        used: amount,
        reserved: amount.openapi({ description: "set aside for runs at work, beyond what they have used" }),
      }),
    ),
  })
  .openapi("OpeningUse");

export const ScheduleView = z
  .object({
    name: z.string(),
    made: z.enum(["configuration", "hand"]).openapi({
      description: "configuration: it is changed in the file, and nowhere else",
    }),
    projects: z.array(z.string()).nullable().openapi({ description: "null: all of them" }),
    start: z.string(),
    duration_s: count,
    days: z.array(z.enum(WEEKDAYS)),
    timezone: z.string(),
    enabled: z.boolean(),
    concurrency: count.nullable(),
    agent: words.openapi({ description: "null: the project's" }),
    model: words,
    effort: words,
    permissions: words,
    on_close: z.enum(ON_CLOSE),
    crash_limit: count,
    budget: z
      .object({
        ...{ usd: z.number().optional(), tokens: count.optional(), runs: count.optional() },
        spread: z.boolean().optional().openapi({ description: SPREAD }),
      })
      .nullable()
      .openapi({ description: "what all that starts in one opening may use together; null: no limit" }),
    opening: OpeningUseView.nullable().openapi({
      description: "the opening that is on and has a budget, and how much of that is used",
    }),
    override: OverrideView.nullable(),
    open: z.boolean(),
    changes: maybeTime.openapi({ description: "when it closes, or opens" }),
  })
  .openapi("Schedule");

export type ScheduleAnswer = z.infer<typeof ScheduleView>;

/** @param uses of all openings that the store knows */
export function viewSchedule(
  { schedule, made, override, opening, isOpen, changes }: ShownSchedule,
  uses: readonly OpeningUse[],
): ScheduleAnswer {
  const { name, projects, start, days, timezone, enabled, concurrency } = schedule;
  const { agent, model, effort, permissions } = schedule;
  return {
    ...{ name, made, start, timezone, enabled, concurrency, agent, model, effort, permissions },
    projects: projects === null ? null : [...projects],
    days: [...days],
    duration_s: schedule.durationMs / 1_000,
    on_close: schedule.onClose,
    crash_limit: schedule.crashLimit,
    budget: schedule.budget.length === 0 ? null : openingAmounts(schedule.budget, schedule.budgetSpread),
    override: override === null ? null : viewOverride(override),
    opening: opening === null ? null : viewOpening(schedule, opening, uses),
    open: isOpen,
    changes: isoOrNull(changes),
  };
}

function viewOpening(
  { budget }: Schedule,
  { key, from, until }: NonNullable<ShownSchedule["opening"]>,
  uses: readonly OpeningUse[],
): z.infer<typeof OpeningUseView> {
  const limits = budget.map(({ unit, amount: limit }) => {
    const use = uses.find(({ opening, unit: of }) => opening === key && of === unit);
    const told = (sum: number): number => (unit === "nanos" ? sum / NANOS_PER_USD : sum);
    return {
      ...{ unit: unit === "nanos" ? ("usd" as const) : unit, amount: told(limit) },
      ...{ used: told(use?.used ?? 0), reserved: told(use?.reserved ?? 0) },
    };
  });
  return { from: iso(from), until: iso(until), limits };
}

function viewOverride({ verdict, cause, since, until, by, reason }: Override): z.infer<typeof OverrideView> {
  return { verdict, cause, since: iso(since), until: iso(until), by, reason };
}

/** It becomes an argument of the agent's program: a word that is no flag. */
const word = z
  .string()
  .regex(
    /^[A-Za-z0-9][\w.:/@+,=[\]-]{0,199}$/,
    "must be a name without blanks that begins with a letter or digit",
  );

/** Sums stay exact far beyond this, and nobody means more. */
const COUNT_MAX = 1e12;

const fields = {
  projects: z
    .array(z.string().min(1).max(64))
    .min(1)
    .max(1_000)
    .nullable()
    .openapi({ description: "null: all of them" }),
  start: timeOfDay,
  duration: durationBetween(WINDOW_MS_MIN, WINDOW_MS_MAX, "1m to 24h").openapi({
    description: "such as 8h; 1m to 24h of real time",
  }),
  days: weekdays,
  timezone: timeZone,
  enabled: z.boolean(),
  concurrency: z.int().min(1).max(WINDOW_CONCURRENCY_MAX).nullable(),
  agent: z.string().min(1).max(200).nullable().openapi({ description: "null: the project's" }),
  model: word.nullable(),
  effort: word.nullable(),
  permissions: z.enum(["full", "workspace", "read_only"]).nullable(),
  on_close: z.enum(ON_CLOSE),
  crash_limit: z.int().min(0).max(1_000),
  budget: z
    .strictObject({
      usd: z.number().positive().min(0.01).max(1_000_000).nullable().optional(),
      tokens: z.int().positive().max(COUNT_MAX).nullable().optional(),
      runs: z.int().positive().max(COUNT_MAX).nullable().optional(),
      spread: z.boolean().optional().openapi({ description: SPREAD }),
    })
    .refine((budget) => Object.keys(budget).length > 0, "one of usd, tokens, runs and spread at least")
    .nullable()
    .openapi({
      description:
        "what all that starts in one opening may use together; null: no limit, and so for each of its fields",
    }),
};

const edits = z.strictObject(fields).partial();
export const EditBody = edits.openapi("EditSchedule", { description: "what is left out stays" });
export const NewBody = edits
  .extend({ name: entryName, start: fields.start, duration: fields.duration, timezone: fields.timezone })
  .openapi("NewSchedule");

type Edits = z.output<typeof edits>;

/** What a schedule is where nothing is said. */
export const PLAIN: Omit<Schedule, "name" | "start" | "durationMs" | "timezone"> = {
  projects: null,
  days: WEEKDAYS,
  enabled: true,
  concurrency: null,
  agent: null,
  model: null,
  effort: null,
  permissions: null,
  onClose: "drain",
  crashLimit: 3,
  budget: [],
  budgetSpread: false,
};

export function edited(schedule: Schedule, edits: Edits): Schedule {
  const given = <T>(value: T | undefined, before: T): T => (value === undefined ? before : value);
  const { days, budget } = edits;
  return {
    name: schedule.name,
    projects: given(edits.projects, schedule.projects),
    start: given(edits.start, schedule.start),
    durationMs: given(edits.duration, schedule.durationMs),
    days: days === undefined ? schedule.days : WEEKDAYS.filter((day) => days.includes(day)),
    timezone: given(edits.timezone, schedule.timezone),
    enabled: given(edits.enabled, schedule.enabled),
    concurrency: given(edits.concurrency, schedule.concurrency),
    agent: given(edits.agent, schedule.agent),
    model: given(edits.model, schedule.model),
    effort: given(edits.effort, schedule.effort),
    permissions: given(edits.permissions, schedule.permissions),
    onClose: given(edits.on_close, schedule.onClose),
    crashLimit: given(edits.crash_limit, schedule.crashLimit),
    budget: budget === undefined ? schedule.budget : editedBudget(schedule, budget ?? NO_LIMIT),
    budgetSpread: editedSpread(schedule, budget),
  };
}

/** It goes with the last limit, unless somebody wants it in so many words, which is refused then. */
function editedSpread(schedule: Schedule, budget: Edits["budget"]): boolean {
  if (budget === undefined) return schedule.budgetSpread;
  if (budget?.spread !== undefined) return budget.spread;
  return schedule.budgetSpread && editedBudget(schedule, budget ?? NO_LIMIT).length > 0;
}

const NO_LIMIT = { usd: null, tokens: null, runs: null };

/** As of the schedule itself: what is left out stays, and `null` takes a limit away. */
function editedBudget(schedule: Schedule, edits: NonNullable<Edits["budget"]>): Schedule["budget"] {
  const before = openingAmounts(schedule.budget, false);
  const given = (unit: "usd" | "tokens" | "runs"): number | undefined =>
    edits[unit] === undefined ? before[unit] : (edits[unit] ?? undefined);
  return openingLimits({ usd: given("usd"), tokens: given("tokens"), runs: given("runs") });
}
