/** What is open between two instants: of which schedules, and for how long one may ask. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { recurringTask } from "../../../scheduler/recurring/recurring-task.ts";
import { schedule } from "../../../workflow/windows/schedules.ts";
import { scene } from "../served.ts";

const DAY = "from=2027-03-01T00:00:00Z&until=2027-03-02T00:00:00Z";

const namesIn = (body: Readonly<Record<string, unknown>>): unknown =>
  Array.isArray(body["windows"]) ? body["windows"].map(({ schedule: name }) => name) : body;

test("the windows that touch a span are told, those of a schedule, or of those of a project", async (t) => {
  const { get } = await scene(t, {
    schedules: [
      schedule(),
      schedule({ name: "barn", projects: ["barn"] }),
      schedule({ name: "off", enabled: false }),
    ],
    recurring: [recurringTask()],
  });
  const nights = { schedule: "nights", from: "2027-02-28T22:00:00.000Z", until: "2027-03-01T06:00:00.000Z" };
  assert.deepEqual((await get(`/windows?${DAY}&schedule=nights`)).body["windows"], [
    nights,
    { schedule: "nights", from: "2027-03-01T22:00:00.000Z", until: "2027-03-02T06:00:00.000Z" },
  ]);
  assert.deepEqual(namesIn((await get(`/windows?${DAY}`)).body), ["nights", "nights", "barn", "barn"]);
  assert.deepEqual(namesIn((await get(`/windows?${DAY}&project=shop`)).body), ["nights", "nights"]);
});

test("a span that is none, or too long, is a problem, and so are names that nothing has", async (t) => {
  const { get } = await scene(t, { schedules: [schedule()], recurring: [recurringTask()] });
  for (const [query, status, said] of [
    ["from=2027-03-02T00:00:00Z&until=2027-03-02T00:00:00Z", 400, /later than from, by at most 8 days/],
    ["from=2027-03-01T00:00:00Z&until=2027-03-10T00:00:00Z", 400, /later than from, by at most 8 days/],
    ["from=tomorrow&until=2027-03-10T00:00:00Z", 400, /"path":"from"/],
    [`${DAY}&schedule=night`, 404, /there is no schedule night; did you mean \\"nights/],
    [`${DAY}&schedule=nightly`, 404, /nightly is a recurring task, and has no windows/],
    [`${DAY}&project=shp`, 404, /there is no project shp/],
  ] as const) {
    const { status: answered, body } = await get(`/windows?${query}`);
    assert.deepEqual([answered, said.test(JSON.stringify(body))], [status, true], JSON.stringify(body));
  }
});
