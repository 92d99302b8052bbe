/** Schedules over the API: made by hand, read-only where the configuration makes them, and judged at once. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { schedule } from "../../../workflow/windows/schedules.ts";
import { scene } from "../served.ts";

const NEW = { name: "nights", start: "22:00", duration: "8h", timezone: "Europe/Berlin" };

test("a schedule is made, listed, edited and removed, and comes into force at once", async (t) => {
  const { get, post, patch, remove, store } = await scene(t);
  const { status, body } = await post("/schedules", NEW);
  assert.equal(status, 200, JSON.stringify(body));
  assert.deepEqual(
    [body["made"], body["duration_s"], body["projects"], body["on_close"]],
    ["hand", 28_800, null, "drain"],
  );
  const listed = (await get("/schedules")).body["schedules"];
  assert.ok(Array.isArray(listed) && listed.length === 1);
  const [stretch] = [...(await store.windows.stretches()).values()];
  assert.notEqual(stretch, null, "its project has a window now");
  const edited = await patch("/schedules/nights", { days: ["sun", "mon"], concurrency: 2 });
  assert.deepEqual([edited.body["days"], edited.body["concurrency"]], [["mon", "sun"], 2]);
  assert.equal(edited.body["start"], "22:00");
  const spread = await patch("/schedules/nights", { budget: { usd: 2.5, spread: true } });
  assert.deepEqual(spread.body["budget"], { usd: 2.5, spread: true });
  assert.deepEqual((await patch("/schedules/nights", { enabled: true })).body["budget"], {
    usd: 2.5,
    spread: true,
  });
  assert.deepEqual((await patch("/schedules/nights", { budget: { runs: 3 } })).body["budget"], { runs: 3 });
  assert.equal((await patch("/schedules/nights", { budget: null })).body["budget"], null);
  assert.ok(Array.isArray((await get("/schedules/nights/next?count=2")).body["windows"]));
  assert.equal((await remove("/schedules/nights")).status, 200);
  assert.equal((await get("/schedules/nights")).status, 404);
  assert.deepEqual([...(await store.windows.stretches()).values()], [null]);
});

test("what the configuration makes is shown, and changed nowhere else", async (t) => {
  const { get, post, patch, remove } = await scene(t, { schedules: [schedule()] });
  assert.equal((await get("/schedules/nights")).body["made"], "configuration");
  for (const answer of [
    await patch("/schedules/nights", { start: "21:00" }),
    await remove("/schedules/nights"),
    await post("/schedules", NEW),
  ])
    assert.equal(answer.status, 409);
});

test("a schedule that cannot be is refused with every fault, and nothing is stored", async (t) => {
  const { post, patch, store } = await scene(t);
  for (const [fields, path] of [
    [{ start: "25:00" }, "start"],
    [{ timezone: "Mars/Olympus" }, "timezone"],
    [{ duration: "25h" }, "duration"],
    [{ duration: "-1h" }, "duration"],
    [{ days: [] }, "days"],
    [{ concurrency: 65 }, "concurrency"],
    [{ name: "-x" }, "name"],
    [{ model: "--yolo" }, "model"],
    [{ budget: { spread: true } }, "budget"],
    [{ budget: { usd: 1, spread: "evenly" } }, "budget.spread"],
    [{ colour: "red" }, "colour"],
  ] as const) {
    const { status, body } = await post("/schedules", { ...NEW, ...fields });
    assert.equal(status, 400, JSON.stringify(fields));
    assert.equal((body["errors"] as { path: string }[])[0]?.path, path);
  }
  assert.equal((await post("/schedules", { ...NEW, projects: ["barn"] })).status, 404);
  assert.equal((await patch("/schedules/nights", { start: "21:00" })).status, 404);
  assert.deepEqual(await store.windows.schedules(), []);
});
