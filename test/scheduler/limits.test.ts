/** What closes a window before its time: runs that crash, and a budget that is used up; over a real store. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { openingLimits } from "../../workflow/windows/budget.ts";
import { changeOf, creation } from "../conformance/database.ts";
import { schedule } from "../workflow/windows/schedules.ts";
import { HOUR, NOON, scene } from "./scene.ts";

const NIGHT = NOON + 10 * HOUR;
const SPENT = /^window: window nights: the opening's budget of 2 runs is used up \(2 runs used\)$/;

test("I8: an opening whose budget is used up holds its projects until it ends; the next has its own", async (t) => {
  const here = await scene(t, [schedule({ budget: openingLimits({ runs: 2 }) })]);
  await here.store.commit(
    [1, 2, 3, 4].map((number) => creation("shop", number)),
    null,
    NOON,
  );
  assert.equal(await here.look(NIGHT), "open");
  assert.deepEqual(
    [await here.claim("a"), await here.claim("b"), await here.claim("c")],
    [true, true, false],
  );
  assert.match(await here.look(NIGHT + 1), SPENT);
  const [hold] = await here.store.holds.wide();
  assert.equal(hold?.until, NIGHT + 8 * HOUR);
  assert.match(await here.look(NIGHT + 2), SPENT, "it stays");
  // A restart, and a larger budget.
  here.schedules = [schedule({ budget: openingLimits({ runs: 3 }) })];
  await here.look(NIGHT + 3);
  assert.equal(await here.look(NIGHT + 4), "open");
  here.at = NIGHT + 24 * HOUR;
  await here.look(here.at);
  assert.equal(await here.claim("c"), true);
});

test("I8, I9: a budget that is spread over the night lets work start as time passes, and its hold says when", async (t) => {
  const budget = openingLimits({ runs: 4 });
  const here = await scene(t, [schedule({ budget, budgetSpread: true, concurrency: 9 })]);
  await here.store.commit(
    [1, 2, 3, 4, 5].map((number) => creation("shop", number)),
    null,
    NOON,
  );
  assert.equal(await here.look(NIGHT), "open");
  assert.deepEqual([await here.claim("a"), await here.claim("b")], [true, false]);
  assert.match(
    await here.look(NIGHT + 1),
    /^pace: window nights: the opening's budget of 4 runs is spread over it, and no more of it is there yet \(1 run used\)$/,
  );
  const [hold] = await here.store.holds.wide();
  const opens = NIGHT + 8 * HOUR * (1 / 4 - 1 / 20);
  assert.equal(hold?.until, opens + 1_000);
  here.at = opens;
  assert.equal(await here.claim("b"), false);
  here.at = opens + 1_000;
  assert.equal(await here.claim("b"), true, "the claim alone is enough");
  assert.match(await here.look(opens + 2_000), /2 runs used/);
  // A restart late in the night, and then without spread.
  assert.equal(await here.look(NIGHT + 7 * HOUR), "open");
  assert.equal(await here.claim("c"), true);
  here.schedules = [schedule({ budget, concurrency: 9 })];
  await here.look(NIGHT + 7 * HOUR + 1);
  assert.equal(await here.look(NIGHT + 7 * HOUR + 2), "open");
  assert.deepEqual([await here.claim("d"), await here.claim("e")], [true, false]);
  assert.match(await here.look(NIGHT + 7 * HOUR + 3), /^window: .* is used up/);
});

test("opened by hand, a window whose budget is used up has a new one", async (t) => {
  const here = await scene(t, [schedule({ budget: openingLimits({ runs: 1 }) })]);
  await here.store.commit(
    [1, 2].map((number) => creation("shop", number)),
    null,
    NOON,
  );
  await here.look(NIGHT);
  assert.equal(await here.claim("a"), true);
  assert.match(await here.look(NIGHT + 1), /budget of 1 run is used up/);
  await here.store.windows.override({
    ...{ schedule: "nights", verdict: "open", cause: "person", since: NIGHT + 2, until: NIGHT + HOUR },
    ...{ by: "ann", reason: null },
  });
  assert.equal(await here.look(NIGHT + 2), "open");
  assert.equal(await here.claim("b"), true);
});

test("the crash limit closes a window until its next start, and a person is told once", async (t) => {
  const here = await scene(t, [schedule({ crashLimit: 1 })]);
  await here.store.commit([creation("shop", 1)], null, NOON);
  await here.look(NIGHT);
  assert.equal(await here.claim("a"), true);
  const crash = { id: "a", failure: "agent_error", reason: "exit 3", summary: null, session: null } as const;
  const run = (await here.store.runs.get("a")) ?? assert.fail();
  const jobs = [{ change: "complete", id: run.job, fence: run.fence } as const];
  const crashed = changeOf(run.task, { run: { change: "kill", ...crash }, jobs });
  assert.equal((await here.store.commit([crashed], null, NIGHT + 1)).kind, "committed");
  assert.match(
    await here.look(NIGHT + 2),
    /^crash_limit: 1 run crashed in window nights, which stays closed until Tue/,
  );
  await here.look(NIGHT + 3);
  const { items } = await here.store.outbox.list({ limit: 9, before: null });
  const [call, ...others] = items.filter(({ kind }) => kind === "window.closed");
  assert.deepEqual([call?.subject, others], [{ kind: "schedule", name: "nights" }, []]);
  assert.match(String(call?.payload["remedy"]), /chargehand schedules clear nights$/);
  assert.equal(await here.look(NIGHT + 24 * HOUR), "open");
});
