/**
 * `schedules show` and `next` of windows, against the real API; those of recurring tasks are in `recurring.test.ts`.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import { recurringTask } from "../../../scheduler/recurring/recurring-task.ts";
import { schedule } from "../../../workflow/windows/schedules.ts";
import { servedDaemon } from "../../served-daemon.ts";

const WEEKDAY_NIGHTS = schedule({
  ...{ days: ["mon", "tue", "wed", "thu", "fri"], timezone: "Europe/Berlin", durationMs: 27_000_000 },
  ...{ projects: ["shop"], concurrency: 4, model: "opus", onClose: "stop" },
});

test("one name space: show and next find windows and recurring tasks by the name alone", async (t) => {
  const { run } = await servedDaemon(t, { schedules: [WEEKDAY_NIGHTS], recurring: [recurringTask()] });
  const { out } = await run("show", "nights");
  for (const line of [
    /^ +is +closed$/m,
    /^ +opens next +\d{4}-\d\d-\d\d \d\d:\d\d \(in 9h\)$/m,
    /^ +opens +22:00 Europe\/Berlin, mon-fri$/m,
    /^ +for +7h 30m$/m,
    /^ +agents +4 at work on a project$/m,
    /^ +model +opus$/m,
    /^ +on close +stop$/m,
    /^ +made by +the configuration; it is changed there$/m,
  ])
    assert.match(out, line);
  assert.match((await run("show", "nightly")).out, /^ +every +0 3 \* \* \* \(Europe\/Berlin\)$/m);
  const none = await run("show", "nightli");
  assert.deepEqual(
    [none.code, none.err],
    [4, 'chargehand: there is no schedule nightli; did you mean "nightly"?\n'],
  );
});

test("next tells windows by the clock of the zone, and over the weekend", async (t) => {
  const { run } = await servedDaemon(t, { schedules: [WEEKDAY_NIGHTS], recurring: [recurringTask()] });
  assert.equal(
    (await run("next", "nights", "--count", "3")).out,
    [
      "OPENS (Europe/Berlin)  CLOSES                FOR     IN",
      "Thu 2026-01-15 22:00   Fri 2026-01-16 05:30  7h 30m  in 9h",
      "Fri 2026-01-16 22:00   Sat 2026-01-17 05:30  7h 30m  in 1d",
      "Mon 2026-01-19 22:00   Tue 2026-01-20 05:30  7h 30m  in 4d",
      "",
    ].join("\n"),
  );
  const told: unknown = JSON.parse((await run("next", "nights", "--count", "1", "--json")).out);
  assert.deepEqual(told, {
    ...{ name: "nights", timezone: "Europe/Berlin", next_cursor: null },
    windows: [{ from: "2026-01-15T21:00:00.000Z", until: "2026-01-16T04:30:00.000Z" }],
  });
  assert.match(
    (await run("next", "nightly", "--count", "2")).out,
    /^NEXT +IN\nFriday 2026-01-16 03:00 .*\n.*\n$/,
  );
  assert.equal((await run("next", "nights", "--count", "0")).code, 2);
});

test("show tells the budget of an opening, and how much of it is used", async (t) => {
  const { run, newTask, claim } = await servedDaemon(t, { schedules: [WEEKDAY_NIGHTS] });
  const whole = ["--start", "00:00", "--for", "24h", "--timezone", "UTC", "--agent", "developer"];
  await run("add", "always", ...whole, "--budget-usd", "30", "--budget-runs", "20", "--budget-spread");
  const { out } = await run("show", "always");
  assert.match(out, /^ +agent +developer$/m);
  assert.match(out, /^ +budget +\$30.*, 20 runs in one opening, spread over it$/m);
  await run("edit", "always", "--no-budget-spread");
  assert.match((await run("show", "always")).out, /^ +budget +\$30.*, 20 runs in one opening$/m);
  assert.match(out, /^ +used +\$0.* of \$30.*, 0 runs of 20 runs, since 2026-/m);
  await newTask();
  await claim();
  assert.match((await run("show", "always")).out, /^ +used +\$0.* of \$30.*, 1 run of 20 runs, since 2026-/m);
  assert.doesNotMatch((await run("show", "nights")).out, /^ +(budget|used|agent) /m);
});
