/** Recurring tasks in the configuration: what they become, and what is refused, with a remedy. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { reading } from "../reading.ts";
import { refusesAlone } from "../refusals.ts";

const { load } = reading();

const HEAD = `agents: { a: { backend: claude }, b: { backend: codex } }
projects: [{ name: shop, prefix: SHOP, clone_url: ./shop.git, agent: a }]
`;
const FIELDS: Readonly<Record<string, string>> = {
  name: "nightly",
  project: "shop",
  every: '"0 3 * * 1-5"',
  timezone: "Europe/Berlin",
  title: '"Update {{ slot.date }}"',
};

/** The good one with some fields changed, or left out (`undefined`). */
function recurring(more: Readonly<Record<string, string | undefined>> = {}): string {
  const fields = Object.entries({ ...FIELDS, ...more }).filter(([, value]) => value !== undefined);
  return `${HEAD}recurring: [{ ${fields.map(([key, value]) => `${key}: ${value}`).join(", ")} }]\n`;
}

test("a recurring task is what the file says, and cautious where it says nothing", async () => {
  const { config } = await load(`data_dir: data\n${recurring()}`);
  assert.deepEqual(config.recurring, [
    {
      ...{
        name: "nightly",
        project: "shop",
        title: "Update {{ slot.date }}",
        body: "",
        agent: null,
        priority: 0,
      },
      pattern: { cron: "0 3 * * 1-5", timezone: "Europe/Berlin" },
      ...{ missed: { kind: "latest" }, overlap: "skip", jitterMs: 0 },
    },
  ]);
  const full = {
    missed: "{ all: { max: 3, max_age: 2d } }",
    overlap: "queue",
    jitter: "10m",
    agent: "b",
    priority: "5",
  };
  const [one] = (await load(`data_dir: data\n${recurring(full)}`)).config.recurring;
  assert.deepEqual(one?.missed, { kind: "all", max: 3, maxAgeMs: 172_800_000 });
  assert.deepEqual([one?.overlap, one?.jitterMs, one?.agent, one?.priority], ["queue", 600_000, "b", 5]);
});

test("a configuration without recurring tasks has none", async () => {
  assert.deepEqual((await load("data_dir: data\n")).config.recurring, []);
});

refusesAlone([
  [
    recurring({ every: '"0 3 * * * *"' }),
    /\.every: "0 3 \* \* \* \*" has more than five fields; seconds .*write such as/,
  ],
  [
    recurring({ every: '"2027-01-01T00:00:00"' }),
    /\.every: "2027-01-01T00:00:00" is a date; .*write such as/,
  ],
  [recurring({ every: '"0 0 31 2 *"' }), /\.every: "0 0 31 2 \*" never falls due/],
  [recurring({ every: '"0 25 * * *"' }), /\.every: "0 25 \* \* \*" is no pattern of cron: /],
  [
    recurring({ every: '"@reboot"' }),
    /\.every: "@reboot" is no pattern of cron; of those with an @ there are/,
  ],
  [recurring({ every: undefined }), /\.every: is missing: five fields of cron/],
  [
    recurring({ timezone: "Europe/Berlim" }),
    /\.timezone: "Europe\/Berlim" is no IANA time zone; did you mean/,
  ],
  [recurring({ timezone: undefined }), /\.timezone: is missing/],
  [recurring({ project: "shpo" }), /\.project: there is no project "shpo"; did you mean "shop"\?/],
  [recurring({ agent: "nobody" }), /\.agent: there is no agent "nobody"; known are a, b/],
  [recurring({ title: '"{{ slot.dat }}"' }), /\.title: names "slot\.dat", which is not there; did you mean/],
  [
    recurring({ title: '"{{ slot.date | shout }}"' }),
    /\.title: cannot be filled in: undefined filter: shout/,
  ],
  [
    recurring({ body: "\"{% include '/etc/passwd' %}\"" }),
    /\.body: cannot be filled in: tag "include" not found/,
  ],
  [recurring({ missed: "all" }), /\.missed: must be skip, latest, or \{ all: \{ max: 5, max_age: 2d \} \}/],
  [
    recurring({ missed: "{ all: { max: 0, max_age: 2d } }", overlap: "queue" }),
    /\.all\.max: must be at least 1/,
  ],
  [recurring({ missed: "{ all: { max: 5 } }", overlap: "queue" }), /\.missed: must be skip, latest, or/],
  [
    recurring({ missed: "{ all: { max: 5, max_age: 5m } }", overlap: "queue" }),
    /\.max_age: is within the 5 min/,
  ],
  [
    recurring({ missed: "{ all: { max: 5, max_age: 2d } }" }),
    /\.missed\.all: .* overlap: skip .*write overlap: queue/,
  ],
  [recurring({ overlap: "never" }), /\.overlap: must be one of skip, queue/],
  [recurring({ jitter: "24h" }), /\.jitter: is as long as the time from a slot to the next/],
  [recurring({ workflow: "reviw" }), /recurring\[0\]\.workflow: .*did you mean "review"/],
  [recurring({ cron: '"0 3 * * *"' }), /\.cron: unknown key; known here: name, project, every/],
  [
    `${recurring().trimEnd().slice(0, -1)}, { name: nightly, project: shop, every: "@daily", timezone: UTC, title: x }]\n`,
    /recurring\[1\]\.name: "nightly" is already the name of recurring\[0\]/,
  ],
  [
    `${recurring()}schedules: [{ name: nightly, start: "22:00", duration: 8h, timezone: UTC }]\n`,
    /recurring\[0\]\.name: "nightly" is already the name of schedules\[0\]/,
  ],
]);
