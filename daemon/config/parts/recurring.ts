/** Recurring tasks: which task is made when, and what becomes of a slot that was missed or comes too soon. */

import { z } from "zod";
import { textTrouble } from "../../../scheduler/recurring/text.ts";
import { nextN, patternTrouble } from "../../../scheduler/slots.ts";
import {
  type ConfigPart,
  type ConfigTree,
  type Entry,
  type Fault,
  type Fields,
  keys,
} from "../../../system/config/part.ts";
import { absence } from "../../../system/config/suggestion.ts";
import { duration, text } from "../../../system/config/values.ts";
import { zoneTrouble } from "../../../system/time-zone.ts";
import {
  BODY_CHARS_MAX,
  MISSED_SLOTS_MAX,
  SLOT_GRACE_MS,
  TITLE_CHARS_MAX,
} from "../../../workflow/limits.ts";
import type { MissedPolicy, RecurringTask } from "../../../workflow/recurring/recurring.ts";

const DAY_MS = 86_400_000;
/** Each is looked at whenever a slot of one has come. */
const RECURRING_MAX = 1_000;

const all = z.strictObject({
  max: z.int().min(1).max(MISSED_SLOTS_MAX).describe("how many are made up for at most, the newest ones"),
  max_age: duration.describe("older ones are skipped"),
});

const missed = z
  .union(
    [z.enum(["skip", "latest"]), z.strictObject({ all })],
    "must be skip, latest, or { all: { max: 5, max_age: 2d } }",
  )
  .default("latest")
  .describe("what becomes of slots that came while the daemon was away");

const recurringTask = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9][\w.-]{0,63}$/, "must be letters, digits, dots, dashes and underscores, at most 64"),
  project: text.describe("name of the project that the task is made in"),
  every: text.describe("five fields of cron: minute, hour, day, month, day of the week"),
  timezone: text.describe('IANA time zone by whose clock it is, such as "Europe/Berlin"'),
  title: text.max(TITLE_CHARS_MAX).describe("a Liquid template for the title of the task"),
  body: z.string().max(BODY_CHARS_MAX).optional().describe("a Liquid template for its body"),
  agent: text.optional().describe("name of the agent profile that plays instead of the project's"),
  workflow: text
    .optional()
    .describe("built in, the path of a workflow file, or repository; without it, the project's"),
  priority: z.int().min(-1_000).max(1_000).default(0).describe("higher goes first"),
  missed,
  overlap: z
    .enum(["skip", "queue"])
    .default("skip")
    .describe("what becomes of a slot while the task of an earlier one is not finished"),
  jitter: duration
    .prefault("0s")
    .describe("a slot is acted on up to so much later, always the same for a slot"),
});

export const recurring = {
  keys: {
    "": keys(
      { recurring: z.array(recurringTask).max(RECURRING_MAX, `at most ${RECURRING_MAX}`).default([]) },
      (parsed) => ({
        recurring: parsed.recurring.map(taskOf),
      }),
    ),
  },
  rules: [checkNames, checkReferences, checkPatterns, checkTexts, checkPolicies],
} satisfies ConfigPart;

/** With its workflow by the name that it has here; `null` for the project's. */
export type NamedRecurring = Omit<RecurringTask, "workflow"> & { readonly workflow: string | null };

function taskOf(parsed: z.output<typeof recurringTask>): NamedRecurring {
  const { name, project, every, timezone, title, body = "", agent, priority, overlap, jitter } = parsed;
  const missedPolicy: MissedPolicy =
    typeof parsed.missed === "string"
      ? { kind: parsed.missed }
      : { kind: "all", max: parsed.missed.all.max, maxAgeMs: parsed.missed.all.max_age };
  return {
    ...{ name, project, title, body, priority, overlap },
    pattern: { cron: every.trim(), timezone },
    agent: agent ?? null,
    workflow: parsed.workflow ?? null,
    missed: missedPolicy,
    jitterMs: jitter,
  };
}

function entries(file: ConfigTree): readonly Entry[] {
  return file.at("recurring[]");
}

/** What became of slots is written down by the name, and people name them beside schedules. */
function checkNames(file: ConfigTree): readonly Fault[] {
  const names = entries(file).map(({ fields }) => fields["name"]);
  const windows = file.at("schedules[]").map(({ fields }) => fields["name"]);
  return entries(file).flatMap(({ path, fields: { name } }, index) => {
    if (typeof name !== "string") return [];
    const [first, window] = [names.indexOf(name), windows.indexOf(name)];
    const owner = first < index ? `recurring[${first}]` : window < 0 ? null : `schedules[${window}]`;
    return owner === null
      ? []
      : [{ path: [...path, "name"], message: `"${name}" is already the name of ${owner}` }];
  });
}

function checkReferences(file: ConfigTree): readonly Fault[] {
  const projects = file.at("projects[]").map(({ fields: { name } }) => String(name));
  const agents = file.at("agents.*").map(({ name }) => name);
  return entries(file).flatMap(({ path, fields }) =>
    [
      { key: "project", known: projects },
      { key: "agent", known: agents },
    ].flatMap(({ key, known }): Fault[] => {
      const value = fields[key];
      if (typeof value !== "string" || value === "" || known.includes(value)) return [];
      return [{ path: [...path, key], message: absence(key, value, known) }];
    }),
  );
}

/** Patterns have no years, so any instant will do to ask whether one ever comes. */
const SOME_DAY = Date.UTC(2026, 0, 1);
/** Enough to see the shortest time between two slots of what people write. */
const SLOTS_COMPARED = 50;

function checkPatterns(file: ConfigTree): readonly Fault[] {
  return entries(file).flatMap(({ path, fields }): Fault[] => {
    const { every: cron, timezone, jitter } = fields;
    if (typeof timezone !== "string" || timezone === "") return [];
    const zone = zoneTrouble(timezone);
    if (zone !== null) return [{ path: [...path, "timezone"], message: `"${timezone}" ${zone}` }];
    if (typeof cron !== "string" || cron === "") return [];
    const trouble = patternTrouble({ cron, timezone }, SOME_DAY);
    if (trouble !== null)
      return [{ path: [...path, "every"], message: `"${cron}" ${trouble}; write such as "0 3 * * 1-5"` }];
    const slots = nextN({ cron, timezone }, SOME_DAY, SLOTS_COMPARED);
    const gap = Math.min(...slots.slice(1).map((at, index) => at - (slots[index] ?? 0)), DAY_MS);
    const spread = spanOf(jitter);
    if (spread === null || spread < gap) return [];
    const message = `is as long as the time from a slot to the next (${gap / 60_000} min), or a day; use less`;
    return [{ path: [...path, "jitter"], message }];
  });
}

function checkTexts(file: ConfigTree): readonly Fault[] {
  return entries(file).flatMap(({ path, fields }) =>
    ["title", "body"].flatMap((key): Fault[] => {
      const template = fields[key];
      const trouble = typeof template === "string" ? textTrouble(template) : null;
      return trouble === null ? [] : [{ path: [...path, key], message: trouble }];
    }),
  );
}

function checkPolicies(file: ConfigTree): readonly Fault[] {
  return entries(file).flatMap(({ path, fields }): Fault[] => {
    const policy: Fields = isFields(fields["missed"]) ? fields["missed"] : {};
    if (!isFields(policy["all"])) return [];
    const at = [...path, "missed", "all"];
    const age = spanOf(policy["all"]["max_age"]);
    const within = `is within the ${SLOT_GRACE_MS / 60_000} min in which a slot is on time anyway; use more`;
    const young: Fault[] =
      age !== null && age <= SLOT_GRACE_MS ? [{ path: [...at, "max_age"], message: within }] : [];
    if (fields["overlap"] === "queue") return young;
    const message =
      "makes several tasks at once, and overlap: skip lets only the first be made; " +
      "write overlap: queue, or missed: latest";
    return [{ path: at, message }, ...young];
  });
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A duration of the file in ms; `null` for what is none, which the schema refuses. */
function spanOf(value: unknown): number | null {
  return duration.safeParse(value).data ?? null;
}
