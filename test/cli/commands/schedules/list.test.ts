/** `schedules list`, against the real API. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { recurringTask } from "../../../scheduler/recurring/recurring-task.ts";
import { schedule } from "../../../workflow/windows/schedules.ts";
import { servedDaemon } from "../../served-daemon.ts";

test("windows and recurring tasks are listed, each in a table of 80 columns", async (t) => {
  const { run } = await servedDaemon(t, {
    schedules: [
      schedule({ timezone: "Europe/Berlin", days: ["mon", "wed", "thu", "fri"], durationMs: 5_400_000 }),
      schedule({ name: "off", enabled: false, projects: ["shop"] }),
    ],
    recurring: [recurringTask()],
  });
  await run("open", "nights");
  const { code, out } = await run();
  assert.equal(code, 0);
  assert.match(out, /^nights +open by hand +in 1[01]h +22:00 +1h 30m +mon,wed-fri /m);
  assert.match(out, /^off +disabled +(–|in \w+) +22:00 +8h +daily /m);
  assert.match(out, /^RECURRING .*\nnightly +shop +0 3 \* \* \* /m);
  for (const line of out.split("\n")) assert.ok(line.length <= 80, line);
  const told: unknown = JSON.parse((await run("list", "--json")).out);
  assert.ok(typeof told === "object" && told !== null);
  assert.deepEqual(Object.keys(told), ["schedules", "next_cursor", "recurring"]);
});

test("where there is none, it says what that means", async (t) => {
  const { run } = await servedDaemon(t);
  assert.equal((await run("list")).out, "There is no schedule of windows, so work may start at any time.\n");
});
