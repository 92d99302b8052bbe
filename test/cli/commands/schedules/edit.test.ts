/** `schedules add`, `edit` and `remove`, against the real API. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { openingLimits } from "../../../../workflow/windows/budget.ts";
import { recurringTask } from "../../../scheduler/recurring/recurring-task.ts";
import { schedule } from "../../../workflow/windows/schedules.ts";
import { servedDaemon } from "../../served-daemon.ts";

const NIGHTS = ["nights", "--start", "22:00", "--for", "8h", "--timezone", "Europe/Berlin"];

test("a schedule is added with everything it can say, and comes into force", async (t) => {
  const { run, store } = await servedDaemon(t);
  const more = ["--days", "mon-fri", "--project", "shop", "--concurrency", "3", "--model", "opus"];
  const rest = ["--effort", "high", "--permissions", "workspace", "--on-close", "stop", "--crash-limit", "0"];
  const { code, out, err } = await run("add", ...NIGHTS, ...more, ...rest);
  assert.equal(code, 0, err);
  assert.match(out, /^nights is made: it is closed, and opens at \d{4}-\d\d-\d\d \d\d:\d\d \(in 9h\)\.\n$/);
  assert.deepEqual(await store.windows.schedules(), [
    schedule({
      ...{ timezone: "Europe/Berlin", projects: ["shop"], concurrency: 3, model: "opus", effort: "high" },
      ...{ permissions: "workspace", onClose: "stop", crashLimit: 0 },
      days: ["mon", "tue", "wed", "thu", "fri"],
    }),
  ]);
});

test("an edit changes what it names and nothing else, takes settings away, and disables and enables", async (t) => {
  const { run, store } = await servedDaemon(t);
  await run("add", ...NIGHTS, "--project", "shop", "--concurrency", "3", "--model", "opus");
  const before = { timezone: "Europe/Berlin", projects: ["shop"], concurrency: 3, model: "opus" };
  assert.match(
    (await run("edit", "nights", "--start", "9:30", "--for", "1h30m")).out,
    /^nights is changed: it is /,
  );
  const edited = { ...before, start: "09:30", durationMs: 5_400_000 };
  assert.deepEqual(await store.windows.schedules(), [schedule(edited)]);
  await run("edit", "nights", "--all-projects", "--concurrency", "none", "--model", "none");
  const plain = { ...edited, projects: null, concurrency: null, model: null };
  assert.deepEqual(await store.windows.schedules(), [schedule(plain)]);
  assert.match(
    (await run("edit", "nights", "--disabled")).out,
    /it is disabled, as if it were not there\.$/m,
  );
  assert.deepEqual(await store.windows.schedules(), [schedule({ ...plain, enabled: false })]);
  await run("edit", "nights", "--budget-usd", "4.50", "--budget-runs", "3", "--budget-tokens", "9");
  await run("edit", "nights", "--agent", "developer", "--budget-runs", "none", "--budget-tokens", "10");
  const budget = openingLimits({ usd: 4.5, tokens: 10 });
  const limited = { ...plain, enabled: false, agent: "developer", budget };
  assert.deepEqual(await store.windows.schedules(), [schedule(limited)]);
  const none = ["--budget-usd", "none", "--budget-tokens", "none", "--agent", "none"];
  await run("edit", "nights", ...none);
  assert.deepEqual(await store.windows.schedules(), [schedule({ ...plain, enabled: false })]);
  assert.doesNotMatch((await run("edit", "nights", "--enabled")).out, /disabled/);
  assert.match((await run("remove", "nights")).out, /^nights is removed\.$/m);
  assert.deepEqual(await store.windows.schedules(), []);
});

test("what cannot be is refused with what it should be, and nothing is stored", async (t) => {
  const { run, store } = await servedDaemon(t, {
    agents: { developer: { backend: "claude" }, script: { backend: "command" } },
    project: { budget: [{ scope: "run", unit: "nanos", amount: 2e9 }] },
  });
  for (const [more, said] of [
    [["--start", "25:00"], /It must be a time of the day from 00:00 to 23:59/],
    [["--timezone", "Europe/Berln"], /timezone: "Europe\/Berln" .*Europe\/Berlin/],
    [["--timezone", "EST"], /timezone: "EST"/],
    [["--days", ""], /It must be days of the week such as mon-fri/],
    [["--for", "-1h"], /It must be a span such as 90s/],
    [["--for", "25h"], /duration: must be 1m to 24h/],
    [["--for", "59s"], /duration: must be 1m to 24h/],
    [["--concurrency", "65"], /from 1 to 64/],
    [["--permissions", "root"], /It must be one of full, workspace, read_only/],
    [["--on-close", "kill"], /Allowed choices are drain, stop/],
    [["--model", "--yolo"], /model: must be a name without blanks/],
    [["--agent", "develper"], /agent: there is no agent "develper"; did you mean "developer"/],
    [["--agent", "script", "--model", "m"], /model: has no effect on agent script: a command agent/],
    [["--budget-usd", "0"], /It must be an amount from 0\.01/],
    [["--budget-runs", "0"], /It must be a whole number from 1/],
    [["--budget-usd", "1.99"], /budget\.usd: is less than run_usd of project shop, which every run reserves/],
    [["--all-projects", "--project", "shop"], /cannot be used with/],
  ] as const) {
    const { code, err } = await run("add", ...NIGHTS, ...more);
    assert.equal(code, 2, more.join(" "));
    assert.match(err, said);
  }
  for (const [args, exit, said] of [
    [["add", "nights", "--start", "22:00", "--for", "8h"], 2, /required option '--timezone <zone>'/],
    [["add", ...NIGHTS, "--project", "shp"], 4, /there is no project shp; did you mean "shop"\?/],
    [["edit", "nights", "--start", "21:00"], 4, /there is no schedule nights/],
    [["edit", "nights"], 2, /say what to change/],
    [["edit", "nights", "--enabled", "--disabled"], 2, /either --enabled or --disabled/],
    [["remove", "nights"], 4, /there is no schedule nights/],
  ] as const) {
    const { code, err } = await run(...args);
    assert.deepEqual([code, said.test(err)], [exit, true], `${args.join(" ")}: ${err}`);
  }
  assert.deepEqual(await store.windows.schedules(), []);
});

test("a schedule of the configuration is read-only, and a name is used once", async (t) => {
  const { run, store } = await servedDaemon(t, { schedules: [schedule()], recurring: [recurringTask()] });
  for (const args of [
    ["edit", "nights", "--start", "21:00"],
    ["remove", "nights"],
  ]) {
    const { code, err } = await run(...args);
    assert.equal(code, 5);
    assert.match(err, /schedule nights is made by the configuration; change it there, and reload/);
  }
  const taken = await run("add", ...NIGHTS);
  assert.deepEqual([taken.code, /there is a schedule nights already/.test(taken.err)], [5, true]);
  const slots = await run("add", "nightly", ...NIGHTS.slice(1));
  assert.deepEqual([slots.code, /there is a recurring task nightly already/.test(slots.err)], [5, true]);
  assert.deepEqual(await store.windows.schedules(), []);
});
