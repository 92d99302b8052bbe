/** Schedules of the configuration: what they become, and what is refused, each with its place and what to do. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { schedule } from "../../../workflow/windows/schedules.ts";
import { reading } from "../reading.ts";
import { refuses } from "../refusals.ts";

const { load } = reading();

const AGENTS = "agents: { a: { backend: claude }, c: { backend: command, argv: [./x] } }";
const PROJECTS = `projects:
  - { name: shop, prefix: SHOP, clone_url: ./shop.git, agent: a }
  - { name: mill, prefix: MILL, clone_url: ./mill.git, agent: c }`;
const read = async (schedules: string) =>
  (await load(`data_dir: data\n${AGENTS}\n${PROJECTS}\nschedules:\n${schedules}`)).config.schedules;

test("a schedule is every day, for all projects, unless it says otherwise", async () => {
  const made = await read("  - { name: nights, start: 22:00, duration: 8h, timezone: UTC }\n");
  assert.deepEqual(made, [schedule()]);
});

test("everything that a schedule can say is kept, days in the order of the week", async () => {
  const made = await read(
    `  - { name: late, projects: shop, start: "23:30", duration: 90m, days: [sun, mon], timezone: Europe/Kyiv, enabled: false,
      concurrency: 64, agent: a, model: opus, effort: high, permissions: read_only, on_close: stop, crash_limit: 0 }\n`,
  );
  assert.deepEqual(made, [
    schedule({
      ...{ name: "late", projects: ["shop"], start: "23:30", durationMs: 5_400_000, days: ["mon", "sun"] },
      ...{
        timezone: "Europe/Kyiv",
        enabled: false,
        concurrency: 64,
        agent: "a",
        model: "opus",
        effort: "high",
      },
      ...{ permissions: "read_only", onClose: "stop", crashLimit: 0 },
    }),
  ]);
});

test("the budget of an opening is there at once, unless it says that it is spread", async () => {
  const nights = (budget: string): string =>
    `  - { name: nights, start: 22:00, duration: 8h, timezone: UTC, budget: ${budget} }\n`;
  const told = async (budget: string) =>
    (await read(nights(budget))).map((one) => [one.budget, one.budgetSpread]);
  const limits = [{ unit: "nanos", amount: 30e9 }];
  assert.deepEqual(await told("{ usd: 30 }"), [[limits, false]]);
  assert.deepEqual(await told("{ usd: 30, spread: true }"), [[limits, true]]);
});

const at = (key: string) => `schedules[0].${key}`;
const line = (fields: string): string =>
  `+schedules: [{ name: n, start: "22:00", duration: 8h, timezone: UTC, ${fields} }]`;
const instead = (key: string, value: string): string => {
  const fields = { name: "n", start: '"22:00"', duration: "8h", timezone: "UTC", [key]: value };
  const told = Object.entries(fields).map(([name, given]) => `${name}: ${given}`);
  return `+schedules: [{ ${told.join(", ")} }]`;
};

refuses(
  (
    [
      [instead("start", '"25:00"'), "start", /must be a time of the day from "00:00" to "23:59", in quotes/],
      [instead("start", '"9:00"'), "start", /must be a time of the day/],
      [instead("start", "2200"), "start", /must be a time of the day/],
      [
        instead("timezone", "Europe/Berlim"),
        "timezone",
        /"Europe\/Berlim" is no IANA time zone; did you mean "Europe\/Berlin"/,
      ],
      [instead("timezone", "CET"), "timezone", /"CET" does not tell of a place/],
      [instead("duration", '"-1h"'), "duration", /must be a duration such as/],
      [instead("duration", "25h"), "duration", /must be 1m to 24h/],
      [instead("duration", "30s"), "duration", /must be 1m to 24h/],
      [line("days: []"), "days", /must name at least one day/],
      [line("days: [mon, mon]"), "days", /names a day twice/],
      [line("days: [monday]"), "days[0]", /must be one of mon, tue/],
      [line("concurrency: 65"), "concurrency", /at most 64/],
      [line("concurrency: 0"), "concurrency", /at least 1/],
      [line("crash_limit: -1"), "crash_limit", /at least 0/],
      [line("projects: []"), "projects", /must be the name of a project, or a list of at least one/],
      [line("projects: shpo"), "projects", /there is no project "shpo"; did you mean "shop"/],
      [line("projects: [shop, barn]"), "projects[1]", /there is no project "barn"/],
      [line("on_close: kill"), "on_close", /must be one of drain, stop/],
      [line("model: --yolo"), "model", /must be a name without blanks/],
      [
        line("projects: mill, model: opus"),
        "model",
        /has no effect on agent script of project mill: a command agent/,
      ],
      [line("budget: { usd: 0 }"), "budget.usd", /must be more than 0/],
      [line("budget: { spread: true }"), "budget", /must hold at least one of usd, tokens and runs/],
      [line("budget: { usd: 1, spread: evenly }"), "budget.spread", /must be/],
      [line("agent: scrpt"), "agent", /there is no agent "scrpt"; did you mean "script"/],
      [line("agent: script, effort: high"), "effort", /has no effect on agent script: a command agent/],
      [line("budget: {}"), "budget", /must hold at least one of usd, tokens and runs/],
      [line("budget: { runs: 0 }"), "budget.runs", /must be/],
      [line("budget: { hours: 3 }"), "budget.hours", /unknown key/],
      [line("max_concurrency: 3"), "max_concurrency", /unknown key; did you mean "concurrency"/],
      [`+schedules: [{ start: "22:00", duration: 8h, timezone: UTC }]`, "name", /is missing/],
    ] as const
  ).map(([text, key, says]) => ({ line: 1, text, path: at(key), says, at: 2 })),
);

refuses([
  {
    line: 1,
    text: `+schedules: [{ name: n, start: "22:00", duration: 8h, timezone: UTC }, { name: n, start: "22:00", duration: 8h, timezone: UTC }]`,
    path: "schedules[1].name",
    says: /"n" is already the name of schedules\[0\]/,
    at: 2,
  },
]);

test("each recipe of the documentation is a configuration", async () => {
  const page = await readFile(new URL("../../../../docs/schedules.md", import.meta.url), "utf8");
  const [, recipes = ""] = page.split("\n## Recipes\n");
  const texts = [...recipes.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, text = ""]) => text);
  assert.ok(texts.length >= 6, `${texts.length}`);
  const agents = "agents: { developer: { backend: claude }, night-shift: { backend: claude } }\n";
  for (const text of texts) {
    const project = "{ name: shop, prefix: SHOP, clone_url: ./shop.git, agent: developer }";
    const rest = text.includes("agents:") ? text : agents + text;
    const { config } = await load(`data_dir: data\nprojects: [${project}]\n${rest}`);
    assert.ok(config.schedules.length > 0, text);
  }
});
