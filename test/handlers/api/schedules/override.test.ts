/** Overrides over the API: until when they last, what they change, and how they end. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { schedule } from "../../../workflow/windows/schedules.ts";
import { scene } from "../served.ts";

const HOUR = 3_600_000;

test("an override without an end lasts until the schedule changes by itself, and is cleared", async (t) => {
  const { get, post, remove, clock } = await scene(t, { schedules: [schedule()] });
  const before = (await get("/schedules/nights")).body;
  const verdict = before["open"] === true ? "closed" : "open";
  const { status, body } = await post("/schedules/nights/override", {
    verdict,
    by: "ann",
    reason: "a release",
  });
  assert.equal(status, 200, JSON.stringify(body));
  assert.equal(body["open"], verdict === "open");
  const override = body["override"] as Record<string, unknown>;
  assert.deepEqual(
    [override["by"], override["reason"], override["until"]],
    ["ann", "a release", before["changes"]],
  );
  assert.equal(Date.parse(String(override["since"])), clock.now());
  const cleared = await remove("/schedules/nights/override");
  assert.deepEqual([cleared.body["override"], cleared.body["open"]], [null, before["open"]]);
  assert.equal((await remove("/schedules/nights/override")).status, 409);
});

test("it lasts for a span, until an instant, or until a time of the day in the schedule's zone", async (t) => {
  const { post, clock } = await scene(t, { schedules: [schedule({ timezone: "Asia/Kathmandu" })] });
  const untilOf = async (fields: object): Promise<number> => {
    const { body } = await post("/schedules/nights/override", { verdict: "open", ...fields });
    return Date.parse(String((body["override"] as Record<string, unknown>)["until"]));
  };
  assert.equal(await untilOf({ for: "2h" }), clock.now() + 2 * HOUR);
  const instant = new Date(clock.now() + 5 * HOUR).toISOString();
  assert.equal(await untilOf({ until: instant }), Date.parse(instant));
  const until = await untilOf({ until: "07:00" });
  assert.ok(until > clock.now() && until <= clock.now() + 25 * HOUR);
  assert.equal(new Date(until).toISOString().slice(11, 16), "01:15");
});

test("an end that is over, too far, or said twice is refused, and so is a schedule that is not there or not enabled", async (t) => {
  const disabled = schedule({ name: "off", enabled: false });
  const { post, store, clock } = await scene(t, { schedules: [schedule(), disabled] });
  for (const fields of [
    { until: new Date(clock.now() - 1).toISOString() },
    { until: "24:00" },
    { until: "tomorrow" },
    { for: "400d" },
    { for: "2h", until: "07:00" },
    { verdict: "ajar" },
  ])
    assert.equal((await post("/schedules/nights/override", { verdict: "open", ...fields })).status, 400);
  assert.equal((await post("/schedules/barn/override", { verdict: "open" })).status, 404);
  assert.equal((await post("/schedules/off/override", { verdict: "open" })).status, 409);
  assert.deepEqual(await store.windows.overrides(), []);
});
