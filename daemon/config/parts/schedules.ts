/** Schedules: at what times of the week work on projects may start. */

import { z } from "zod";
import { settingTroubles } from "../../../agents/window-settings.ts";
import {
  type ConfigPart,
  type ConfigTree,
  type Entry,
  type Fault,
  keys,
} from "../../../system/config/part.ts";
import { absence, suggestion } from "../../../system/config/suggestion.ts";
import { durationBetween, timeOfDay, timeZone, weekdays } from "../../../system/config/times.ts";
import { entryName, text } from "../../../system/config/values.ts";
import { openingLimits } from "../../../workflow/windows/budget.ts";
import {
  ON_CLOSE,
  type Schedule,
  WEEKDAYS,
  WINDOW_CONCURRENCY_MAX,
  WINDOW_MS_MAX,
  WINDOW_MS_MIN,
} from "../../../workflow/windows/schedule.ts";

/** More than anybody draws on a wall. */
const SCHEDULES_MAX = 1_000;

/** It becomes an argument of the agent's program: a word that is no flag. */
const word = text.regex(
  /^[A-Za-z0-9][\w.:/@+,=[\]-]{0,199}$/,
  "must be a name without blanks that begins with a letter or digit",
);

const USD_MAX = 1e6;
const COUNT_MAX = 1e15;
const NAMES_SOME = "must be the name of a project, or a list of at least one";

const budget = z
  .strictObject({
    usd: z.number().positive().max(USD_MAX).optional().describe("US dollars"),
    tokens: z.int().positive().max(COUNT_MAX).optional().describe("tokens; cache reads count a tenth"),
    runs: z.int().positive().max(COUNT_MAX).optional().describe("runs"),
    spread: z
      .boolean()
      .default(false)
      .describe("whether it grows evenly while the opening lasts; it is there at once otherwise"),
  })
  .refine((written) => openingLimits(written).length > 0, "must hold at least one of usd, tokens and runs");

const schedule = z.strictObject({
  name: entryName.describe("unique among schedules"),
  projects: z
    .union([text, z.array(text).min(1, NAMES_SOME)], NAMES_SOME)
    .optional()
    .describe("its projects; without it, all of them"),
  start: timeOfDay.describe('when its windows open, by the clock of the zone, such as "22:00"'),
  duration: durationBetween(WINDOW_MS_MIN, WINDOW_MS_MAX, "1m to 24h").describe(
    "how long they stay open, in real time: 1m to 24h",
  ),
  days: weekdays.optional().describe("on which they open; without it, every day"),
  timezone: timeZone.describe("an IANA zone, such as Europe/Berlin, or UTC"),
  enabled: z.boolean().default(true).describe("one that is not counts as if it were not there"),
  concurrency: z
    .int()
    .min(1)
    .max(WINDOW_CONCURRENCY_MAX)
    .optional()
    .describe("how many agents may work on each of its projects while it is open"),
  agent: text
    .optional()
    .describe("name of the agent profile that plays instead of the project's while it is open"),
  model: word.optional().describe("in place of the agent's own while it is open"),
  effort: word.optional().describe("in place of the agent's own while it is open"),
  permissions: z
    .enum(["full", "workspace", "read_only"])
    .optional()
    .describe("in place of the agent's own while it is open"),
  on_close: z
    .enum(ON_CLOSE)
    .default("drain")
    .describe("drain: what runs finishes; stop: it is stopped at no cost and goes on when it opens"),
  crash_limit: z
    .int()
    .min(0)
    .max(1_000)
    .default(3)
    .describe("so many crashes within one window close it until its next start; 0 for no limit"),
  budget: budget
    .optional()
    .describe("what all that starts in one opening may use together: usd, tokens, runs"),
});

export const schedules = {
  keys: {
    "": keys(
      { schedules: z.array(schedule).max(SCHEDULES_MAX).default([]) },
      (parsed): { readonly schedules: readonly Schedule[] } => ({
        schedules: parsed.schedules.map(scheduleOf),
      }),
    ),
  },
  rules: [checkNames, checkProjects, checkAgents, checkSettings],
} satisfies ConfigPart;

function scheduleOf(written: z.output<typeof schedule>): Schedule {
  const { name, projects, start, duration, days = WEEKDAYS, timezone, enabled } = written;
  return {
    ...{ name, start, timezone, enabled },
    projects: projects === undefined ? null : typeof projects === "string" ? [projects] : projects,
    durationMs: duration,
    days: WEEKDAYS.filter((day) => days.includes(day)),
    concurrency: written.concurrency ?? null,
    agent: written.agent ?? null,
    model: written.model ?? null,
    effort: written.effort ?? null,
    permissions: written.permissions ?? null,
    onClose: written.on_close,
    crashLimit: written.crash_limit,
    budget: openingLimits(written.budget ?? {}),
    budgetSpread: written.budget?.spread === true,
  };
}

/** People name a schedule to open or close it. */
function checkNames(file: ConfigTree): readonly Fault[] {
  const firsts = new Map<string, number>();
  return file.at("schedules[]").flatMap(({ path, fields: { name } }, index): Fault[] => {
    if (typeof name !== "string") return [];
    const first = firsts.get(name) ?? index;
    firsts.set(name, first);
    if (first === index) return [];
    return [{ path: [...path, "name"], message: `"${name}" is already the name of schedules[${first}]` }];
  });
}

/** Names of projects that a schedule tells, each with its place. */
function namedBy({ path, fields: { projects } }: Entry): readonly { name: string; path: Entry["path"] }[] {
  if (typeof projects === "string") return [{ name: projects, path: [...path, "projects"] }];
  if (!Array.isArray(projects)) return [];
  return projects.flatMap((name: unknown, index) =>
    typeof name === "string" ? [{ name, path: [...path, "projects", index] }] : [],
  );
}

function checkProjects(file: ConfigTree): readonly Fault[] {
  const known = file
    .at("projects[]")
    .flatMap(({ fields: { name } }) => (typeof name === "string" ? [name] : []));
  const isKnown = new Set(known);
  return file.at("schedules[]").flatMap((entry) =>
    namedBy(entry).flatMap(({ name, path }): Fault[] => {
      if (name === "" || isKnown.has(name)) return [];
      const hint = suggestion(name, known) || (known.length > 0 ? `; known are ${known.join(", ")}` : "");
      return [{ path, message: `there is no project "${name}"${hint}` }];
    }),
  );
}

/** What has no effect on agents, or starts none, is refused: `agents/window-settings.ts`. */
function checkSettings(file: ConfigTree): readonly Fault[] {
  const backends = new Map(file.at("agents.*").map(({ name, fields }) => [String(name), fields["backend"]]));
  const budgets = file.at("schedules[].budget");
  const played = playedIn(file);
  return file.at("schedules[]").flatMap((entry, index): readonly Fault[] => {
    const { agent, model, effort, permissions, projects } = entry.fields;
    const asked = { agent, model, effort, permissions, budget: limitsIn(budgets[index], "") };
    const named = namedBy(entry).flatMap(({ name }) => played.get(name) ?? []);
    const ofIt = projects === undefined ? [...played.values()] : [...new Set(named)];
    return settingTroubles(asked, ofIt, backends).map(({ path, message }) => ({
      path: [...entry.path, ...path],
      message,
    }));
  });
}

/** By project, what its agents are and may use. */
function playedIn(file: ConfigTree) {
  const budgets = file.at("projects[].budget");
  const entries = file.at("projects[]").map(({ fields: { name, agent } }, index) => {
    const own = budgets[index];
    const isNotional = own?.fields["mode"] === "subscription";
    return [
      String(name),
      { name: String(name), agent, isNotional, runLimits: limitsIn(own, "run_") },
    ] as const;
  });
  return new Map(entries);
}

function limitsIn(budget: Entry | undefined, prefix: string): Schedule["budget"] {
  const amount = (unit: string): number | undefined => {
    const written = budget?.fields[`${prefix}${unit}`];
    return typeof written === "number" ? written : undefined;
  };
  return openingLimits({ usd: amount("usd"), tokens: amount("tokens"), runs: amount("runs") });
}

function checkAgents(file: ConfigTree): readonly Fault[] {
  const known = file.at("agents.*").map(({ name }) => String(name));
  return file.at("schedules[]").flatMap(({ path, fields: { agent } }): Fault[] => {
    if (typeof agent !== "string" || agent === "" || known.includes(agent)) return [];
    return [{ path: [...path, "agent"], message: absence("agent", agent, known) }];
  });
}
