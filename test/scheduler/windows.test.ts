/** The scheduler over a real store: what it writes when windows open and close, whatever the clock does. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { showWindows } from "../../scheduler/shown.ts";
import { createWindows, type Windows } from "../../scheduler/windows.ts";
import type { Store } from "../../store/store.ts";
import { nullLog } from "../../system/log.ts";
import type { Crash } from "../../workflow/windows/crashes.ts";
import type { Override } from "../../workflow/windows/schedule.ts";
import { creation } from "../conformance/database.ts";
import { schedule } from "../workflow/windows/schedules.ts";
import { HOUR, NOON, scene } from "./scene.ts";

const byAnn = (at: number, verdict: Override["verdict"], hours: number): Override => ({
  ...{ schedule: "nights", verdict, cause: "person", since: at, until: at + hours * HOUR },
  ...{ by: "ann", reason: null },
});

/** Whatever can go on has done so. */
async function turn(): Promise<void> {
  for (let times = 0; times < 100; times++) await new Promise((resolve) => setImmediate(resolve));
}

test("a project is held outside its windows, with the window that opens next, and opens by time alone", async (t) => {
  const here = await scene(t, [schedule({ timezone: "Europe/Berlin" })]);
  await here.store.commit([creation("shop", 1), creation("shop", 2)], null, NOON);
  assert.equal(
    await here.look(NOON),
    "window: outside its windows; window nights opens Mon 2027-03-01 22:00 (Europe/Berlin)",
  );
  assert.equal(await here.claim("a"), false);
  here.at = NOON + 9 * HOUR;
  assert.equal(await here.claim("a"), true, "nobody has looked, and it is open");
  assert.equal(await here.look(NOON + 9 * HOUR), "open");
  here.at = NOON + 17 * HOUR;
  assert.equal(await here.claim("b"), false, "nobody has looked, and it is closed");
  assert.match(await here.look(here.at), /^window: outside its windows; window nights opens Tue 2027-03-02/);
});

test("a window that is open when the daemon starts is open, and a clock that was set back is believed", async (t) => {
  const here = await scene(t, [schedule()]);
  await here.store.commit([creation("shop", 1)], null, NOON);
  assert.equal(await here.look(NOON + 11 * HOUR), "open");
  assert.match(await here.look(NOON), /^window:/);
  assert.equal(await here.claim("a"), false);
});

test("a project without a schedule is open, and so is one whose schedule was taken out of the configuration", async (t) => {
  const here = await scene(t, [schedule()]);
  assert.match(await here.look(NOON), /^window:/);
  here.schedules = [];
  assert.equal(await here.look(NOON), "open");
  here.schedules = [schedule({ enabled: false })];
  assert.equal(await here.look(NOON), "open");
});

test("an override lasts until it ends, survives a restart, and goes with its schedule", async (t) => {
  const here = await scene(t, [schedule()]);
  await here.store.windows.override(byAnn(NOON, "open", 2));
  assert.equal(await here.look(NOON), "open");
  const again = await scene(t, [schedule()]);
  await again.store.windows.override(byAnn(NOON, "open", 2));
  assert.equal(await again.look(NOON + HOUR), "open");
  assert.match(await again.look(NOON + 2 * HOUR), /^window:/);
  await again.store.windows.override(byAnn(NOON + 11 * HOUR, "closed", 5));
  assert.equal(
    await again.look(NOON + 12 * HOUR),
    "window: window nights was closed by ann; window nights opens Tue 2027-03-02 04:00 (UTC)",
  );
  again.schedules = [schedule({ name: "others" })];
  await again.look(NOON + 12 * HOUR);
  assert.deepEqual(await again.store.windows.overrides(), []);
});

test("a look that was under way when a person closed a window does not open it again", async (t) => {
  const { store } = await scene(t, []);
  const at = NOON + 12 * HOUR;
  let [goOn, asked] = [(): void => undefined, 0];
  const gate = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const overrides = async (): Promise<readonly Override[]> => {
    const said = await store.windows.overrides();
    asked += 1;
    if (asked === 1) await gate;
    return said;
  };
  const windows = createWindows({
    store: { ...store, windows: { ...store.windows, overrides } },
    clock: { now: () => at, monotonic: () => at, sleep: async () => undefined },
    log: nullLog(),
    configured: () => [schedule()],
    projects: () => new Map([["shop", { name: "shop", concurrency: 3 }]]),
  });
  const early = windows.look();
  await turn();
  await store.windows.override(byAnn(at, "closed", 5));
  const late = windows.look();
  await turn();
  goOn();
  await Promise.all([early, late]);
  assert.equal((await store.windows.stretches()).get("shop")?.from, at + 5 * HOUR);
});

/** A daemon whose look is interrupted once it has read everything, by what another has just done. */
function interrupted(
  store: Store,
  at: number,
  crashLimit: number,
  meanwhile: () => Promise<unknown>,
): Windows {
  let isFirst = true;
  const crashed = [{ project: "shop", at: NOON + 10.5 * HOUR }];
  const crashes = async (): Promise<readonly Crash[]> => {
    if (isFirst) {
      isFirst = false;
      await meanwhile();
    }
    return crashLimit === 0 ? [] : crashed;
  };
  return createWindows({
    store: { ...store, windows: { ...store.windows, crashes } },
    clock: { now: () => at, monotonic: () => at, sleep: async () => undefined },
    log: nullLog(),
    configured: () => [schedule({ crashLimit: crashLimit || 9 })],
    projects: () => new Map([["shop", { name: "shop", concurrency: 3 }]]),
  });
}

test("of two daemons, the one that looked before a person said something does not undo it", async (t) => {
  const { look, store } = await scene(t, [schedule()]);
  const at = NOON + 11 * HOUR;
  const slow = interrupted(store, at, 0, async () => {
    await store.windows.override(byAnn(at, "closed", 2));
    await look(at);
  });
  await slow.look();
  assert.equal((await store.windows.stretches()).get("shop")?.from, at + 2 * HOUR);
  assert.match((await store.holds.wide())[0]?.reason ?? "", /was closed by ann/);
});

test("a crash limit that was judged before a person opened the window takes nothing back from them", async (t) => {
  const { store } = await scene(t, []);
  const at = NOON + 11 * HOUR;
  const opened = byAnn(at, "open", 3);
  await interrupted(store, at, 1, () => store.windows.override(opened)).look();
  assert.deepEqual(await store.windows.overrides(), [opened]);
  assert.deepEqual((await store.outbox.list({ limit: 9, before: null })).items, [], "and nobody is told");
});

test("an override that has ended is not forgotten together with the next one", async (t) => {
  const { store } = await scene(t, []);
  const at = NOON + 40 * HOUR;
  const next = byAnn(at, "closed", 5);
  await store.windows.override(byAnn(NOON, "closed", 1));
  const overrides = async (): Promise<readonly Override[]> => {
    const said = await store.windows.overrides();
    if (said[0]?.until === NOON + HOUR) await store.windows.override(next);
    return said;
  };
  await createWindows({
    store: { ...store, windows: { ...store.windows, overrides } },
    clock: { now: () => at, monotonic: () => at, sleep: async () => undefined },
    log: nullLog(),
    configured: () => [schedule()],
    projects: () => new Map([["shop", { name: "shop", concurrency: 3 }]]),
  }).look();
  assert.deepEqual(await store.windows.overrides(), [next]);
});

test("a window does not rest for crashes that lie ahead of a clock that was set back", async (t) => {
  const { store } = await scene(t, []);
  let now = NOON + 13 * HOUR;
  const windows = createWindows({
    store: {
      ...store,
      windows: { ...store.windows, crashes: async () => [{ project: "shop", at: NOON + 13 * HOUR }] },
    },
    clock: { now: () => now, monotonic: () => now, sleep: async () => undefined },
    log: nullLog(),
    configured: () => [schedule()],
    projects: () => new Map([["shop", { name: "shop", concurrency: 3 }]]),
  });
  await windows.look();
  assert.equal((await store.holds.wide()).length, 1);
  now -= HOUR;
  await windows.look();
  assert.equal((await store.holds.wide()).length, 0);
});

test("the concurrency and the settings of a window hold while it is open", async (t) => {
  const here = await scene(t, [schedule({ concurrency: 1, model: "small" })]);
  await here.store.commit([creation("shop", 1), creation("shop", 2)], null, NOON);
  await here.look(NOON + 11 * HOUR);
  assert.equal(await here.claim("a"), true);
  assert.equal(await here.claim("b"), false);
  assert.equal(here.windows.settings("shop", here.at)?.model, "small");
  assert.equal(here.windows.settings("shop", NOON), null);
});

test("I9: where a window says so, what still runs after its close is asked to stop, and nothing else is", async (t) => {
  const here = await scene(t, [schedule()]);
  await here.store.commit([creation("shop", 1)], null, NOON);
  await here.look(NOON + 11 * HOUR);
  await here.claim("a");
  await here.look(NOON + 19 * HOUR);
  assert.deepEqual(await here.store.runs.stopsAsked(), []);
  here.schedules = [schedule({ onClose: "stop" })];
  await here.look(NOON + 12 * HOUR);
  assert.deepEqual(await here.store.runs.stopsAsked(), []);
  await here.look(NOON + 19 * HOUR);
  assert.deepEqual(await here.store.runs.stopsAsked(), [{ id: "a", reason: "window" }]);
});

test("what people are shown is what the verdict says", async (t) => {
  const here = await scene(t, [schedule(), schedule({ name: "days", start: "06:00", durationMs: 2 * HOUR })]);
  await here.look(NOON + 11 * HOUR);
  const shown = showWindows(here.windows, {
    clock: { now: () => here.at, monotonic: () => 0, sleep: async () => undefined },
    configured: () => here.schedules,
  });
  assert.deepEqual(shown.project("shop"), {
    ...{ project: "shop", isOpen: true, until: NOON + 20 * HOUR, schedule: "nights" },
  });
  assert.deepEqual(
    shown.schedules().map(({ schedule: { name }, isOpen, changes }) => [name, isOpen, changes]),
    [
      ["days", false, NOON + 18 * HOUR],
      ["nights", true, NOON + 18 * HOUR],
    ],
  );
  assert.deepEqual(shown.next(schedule(), 1), [{ from: NOON + 34 * HOUR, until: NOON + 42 * HOUR }]);
  assert.equal(shown.closes(schedule()), NOON + 18 * HOUR);
  assert.equal(shown.nextTime("23:30", "UTC"), NOON + 11.5 * HOUR);
  const week = shown.openings(["nights"], { from: NOON, until: NOON + 24 * HOUR });
  assert.deepEqual(week, [{ schedule: "nights", from: NOON + 10 * HOUR, until: NOON + 18 * HOUR }]);
});
