/** `schedules` of recurring tasks: their slots, and running one now. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  chargehand,
  type Ended,
  json,
  knowing,
  problem,
  type ScriptedDaemon,
  scriptedDaemon,
  TASK,
} from "../../scripted-daemon.ts";

const SKIPPED = {
  ...{ at: "2026-01-01T02:00:00Z", by: "time", status: "skipped", task: null },
  ...{ reason: "SHOP-1 of an earlier slot is still \u001b[31mactive", settled_at: "2026-01-01T02:00:00Z" },
};
const FIRED = { ...SKIPPED, at: "2025-12-31T02:00:00Z", status: "fired", task: "SHOP-1", reason: null };
const NIGHTLY = {
  ...{
    name: "nightly",
    project: "shop",
    every: "0 3 * * *",
    timezone: "Europe/Berlin",
    title: "Update",
    agent: null,
  },
  ...{
    priority: 0,
    missed: "all",
    missed_max: 3,
    missed_max_age_s: 172_800,
    overlap: "queue",
    jitter_s: 600,
  },
  ...{ next_slot: "2999-01-01T02:00:00Z", last_slot: SKIPPED },
};
const WHOLE = {
  ...NIGHTLY,
  next_slots: [{ at: "2999-01-01T02:00:00Z", local: "Tuesday 2999-01-01 03:00 +01:00" }],
  slots: [SKIPPED, FIRED],
};

let daemon: ScriptedDaemon;
before(async () => {
  daemon = await scriptedDaemon({
    "GET /schedules": json({ schedules: [], next_cursor: null }),
    "GET /recurring": json({
      recurring: [NIGHTLY, { ...NIGHTLY, name: "idle", next_slot: null, last_slot: null }],
      next_cursor: null,
    }),
    "GET /recurring/nightly": json(WHOLE),
    "GET /recurring/idle": json({ ...WHOLE, missed: "latest", jitter_s: 0, next_slots: [], slots: [] }),
    "POST /recurring/nightly/run": json(TASK),
    "POST /recurring/idle/run": problem(409, "idle makes no task: its title cannot be filled in"),
    "GET /recurring/nightli": problem(404, 'there is no recurring task nightli; did you mean "nightly"?'),
  });
});
after(() => daemon.close());

const run = (...args: string[]): Promise<Ended> => chargehand(["schedules", ...args], knowing(daemon));

test("schedules lists recurring tasks with the next slot and what became of the last, safe for a terminal", async () => {
  const { out } = await run();
  assert.match(
    out,
    /^nightly +shop +0 3 \* \* \* +Europe\/Berlin +in \d+d +skipped: SHOP-1 of an earlier slot/m,
  );
  assert.match(out, /^idle .*–\s+–$/m);
  assert.doesNotMatch(out, /\u001b/);
});

test("schedules show has the rules, the next slots by the clock of the place, and what became of the last", async () => {
  const { out } = await run("show", "nightly");
  assert.match(out, /^ +missed +all \(at most 3, no older than 48 h\)$/m);
  assert.match(out, /^ +jitter +up to 10 min$/m);
  assert.match(out, /^Tuesday 2999-01-01 03:00 \+01:00 +in \d+d$/m);
  assert.match(out, /^2025-12-31T02:00:00Z +SHOP-1, /m);
  const idle = (await run("show", "idle")).out;
  assert.match(idle, /No slot comes any more\.\n\nNo slot has come yet\.\n$/);
  assert.match((await run("next", "nightly")).out, /^NEXT +IN\n/);
  assert.match((await run("next", "nightly", "--count", "1")).out, /^NEXT +IN\nTuesday.*\n$/);
});

test("schedules run makes a task now, or says why not", async () => {
  const { out } = await run("run", "nightly");
  assert.match(out, new RegExp(`^${TASK["key"]} was made: `));
  assert.equal((await run("run", "idle")).code, 5);
  assert.equal((await run("show", "nightli")).code, 4);
});
