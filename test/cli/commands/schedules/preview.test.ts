/** `schedules preview`, against the real API: which week, whose windows, by which clock. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { schedule } from "../../../workflow/windows/schedules.ts";
import { servedDaemon } from "../../served-daemon.ts";

const SETTING = {
  schedules: [
    schedule({ timezone: "Europe/Berlin", days: ["mon", "tue", "wed", "thu", "fri"] }),
    schedule({
      ...{ name: "weekends", timezone: "Europe/Berlin", start: "00:00", durationMs: 86_400_000 },
      days: ["sat", "sun"],
    }),
    schedule({ name: "brunch", timezone: "UTC", start: "10:15", durationMs: 3_600_000, projects: ["barn"] }),
    schedule({ name: "off", enabled: false }),
  ],
};

const linesOf = (out: string): readonly string[] => out.trimEnd().split("\n");

test("the week of a change of the clock is the one of the documentation", async (t) => {
  const { run } = await servedDaemon(t, SETTING);
  const { code, out, err } = await run("preview", "nights", "weekends", "--week", "2027-W12");
  assert.equal(code, 0, err);
  for (const line of linesOf(out)) assert.ok(line.length <= 80, line);
  const page = await readFile(new URL("../../../../docs/schedules.md", import.meta.url), "utf8");
  assert.ok(page.includes(`\`\`\`\n$ chargehand schedules preview --week 2027-W12\n${out}\`\`\``), out);
});

test("without a week it is the one of now, with an override in it, and now shown", async (t) => {
  const { run } = await servedDaemon(t, SETTING);
  const before = linesOf((await run("preview", "nights")).out);
  assert.equal(before[0], "Week 2026-W03, by the clock of Europe/Berlin");
  assert.equal(before[7], `Thu 2026-01-15  ${"█".repeat(12)}${"·".repeat(14)}◇${"·".repeat(17)}████`);
  await run("open", "nights", "--for", "2h");
  const after = linesOf((await run("preview", "nights")).out);
  assert.equal(after[7], `Thu 2026-01-15  ${"█".repeat(12)}${"·".repeat(14)}◆███${"·".repeat(14)}████`);
});

test("it is of a project, by another clock, or as JSON", async (t) => {
  const { run } = await servedDaemon(t, SETTING);
  assert.equal(
    linesOf((await run("preview", "--project", "shop")).out)[1],
    "nights, off (disabled), weekends",
  );
  const brunch = linesOf((await run("preview", "brunch", "--timezone", "Asia/Kolkata")).out);
  assert.equal(brunch[0], "Week 2026-W03, by the clock of Asia/Kolkata");
  assert.equal(brunch[4], `Mon 2026-01-12  ${"·".repeat(31)}▐█▌${"·".repeat(14)}`);
  const told: unknown = JSON.parse((await run("preview", "nights", "--week", "2027-W01", "--json")).out);
  assert.ok(typeof told === "object" && told !== null && "windows" in told && Array.isArray(told.windows));
  assert.deepEqual(
    { ...told, windows: told.windows.slice(0, 1) },
    {
      ...{ timezone: "Europe/Berlin", monday: "2027-01-04", schedules: [{ name: "nights", enabled: true }] },
      ...{ from: "2027-01-03T23:00:00.000Z", until: "2027-01-10T23:00:00.000Z" },
      windows: [{ schedule: "nights", from: "2027-01-04T21:00:00.000Z", until: "2027-01-05T05:00:00.000Z" }],
    },
  );
});

test("what cannot be drawn says why; without schedules there is nothing to draw", async (t) => {
  const { run } = await servedDaemon(t, SETTING);
  for (const [args, exit, said] of [
    [["--week", "2027-W53"], 2, /2027-W53 is no week of a year\n {2}such as 2027-W13/],
    [["--week", "soon"], 2, /soon is no week/],
    [["--timezone", "Mars/Olympus"], 2, /there is no time zone Mars\/Olympus/],
    [["night"], 4, /there is no schedule night; did you mean "nights"\?/],
    [["--project", "shp"], 4, /there is no project shp; did you mean "shop"\?/],
  ] as const) {
    const { code, err, out } = await run("preview", ...args);
    assert.deepEqual([code, said.test(err), out], [exit, true, ""], `${args.join(" ")}: ${err}`);
  }
  assert.equal(
    (await run("preview", "brunch", "--project", "shop")).out,
    "None of these schedules is of shop.\n",
  );
  const none = await servedDaemon(t);
  assert.equal((await none.run("preview")).out, "There is no schedule, so work may start at any time.\n");
  const disabled = await servedDaemon(t, { schedules: [schedule({ enabled: false })] });
  assert.equal(
    (await disabled.run("preview", "--project", "shop")).out,
    "Every schedule of shop is disabled, so work may start at any time.\n",
  );
});
