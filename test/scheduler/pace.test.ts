/** The loop of paces over a real store, moved by hand: who waits, who is freed, and when it looks again. */

import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { createPaces, type Paces } from "../../scheduler/pace.ts";
import { StoreFault } from "../../store/engine/engine.ts";
import type { Store } from "../../store/store.ts";
import type { PaceSetting } from "../../workflow/pace/pace.ts";
import type { LimitUse } from "../../workflow/pace/period.ts";
import { creation } from "../conformance/database.ts";
import {
  type HandClock,
  type HeardLog,
  handClock,
  heardLog,
  memoryStore,
  NOW,
} from "../handlers/hand-moved.ts";
import { reportOne } from "../report-one.ts";

const HOUR = 3_600_000;
const WEEK: PaceSetting = { account: "first", per: "week", share: 0.5, reserve: 0, capacity: null };
/** Half of the week that is reported is over. */
const HALF: LimitUse = { per: "week", used: 0.3, resetsAt: NOW + 84 * HOUR };

interface Scene {
  readonly store: Store;
  readonly clock: HandClock;
  readonly log: HeardLog;
  readonly paces: Paces;
  settings: readonly PaceSetting[];
  /** A task's run on the best open account, which it answers. */
  begin(number: number): Promise<string | null>;
  report(number: number, limit: LimitUse, offset?: number): Promise<void>;
  /** Looks; answers what holds accounts by their pace. */
  look(): Promise<readonly string[]>;
  again(store: Store): Paces;
}

async function scene(t: TestContext, settings: readonly PaceSetting[]): Promise<Scene> {
  const [store, clock, log] = [await memoryStore(), handClock(), heardLog()];
  t.after(() => store.close());
  await store.projects.configure(
    {
      projects: [{ name: "shop", concurrency: 9, budget: [] }],
      accounts: ["first", "second"].map((name) => ({ name, concurrency: null })),
      routes: ["first", "second"].map((account) => ({ agent: "developer", via: "developer", account })),
    },
    NOW,
  );
  const again = (from: Store): Paces =>
    createPaces({ store: from, clock, log, settings: () => here.settings });
  const here: Scene = {
    ...{ store, clock, log, settings, again },
    paces: createPaces({ store, clock, log, settings: () => here.settings }),
    async begin(number): Promise<string | null> {
      await store.commit([creation("shop", number)], null, clock.now());
      await store.holds.releaseDue(clock.now());
      const claim = await store.jobs.claim({ run: `run-${number}`, concurrency: 9, now: clock.now() });
      return claim?.run.account ?? null;
    },
    async report(number, limit, offset = 1): Promise<void> {
      const said = { transcript: "{}", session: null, model: "m", usage: null, limits: [limit] };
      const progress = { ...said, logOffset: offset, activeAt: clock.now() };
      assert.equal(await reportOne(store.runs, `run-${number}`, progress), true);
    },
    async look(): Promise<readonly string[]> {
      await here.paces.look();
      const holds = await store.holds.wide();
      return holds.map(({ subject, kind, until, reason }) => `${subject} ${kind} ${until} ${reason}`);
    },
  };
  return here;
}

test("I9: an account that is ahead of its pace is passed over until time alone opens it, and nothing is written twice", async (t) => {
  const it = await scene(t, [WEEK]);
  assert.deepEqual([await it.begin(1), await it.begin(2)], ["first", "first"]);
  await it.report(1, HALF);
  await it.report(2, HALF);
  const [held = ""] = await it.look();
  assert.match(
    held,
    /^first pace \d+ 30% of its week is used, as its program reports; at its pace nothing starts/,
  );
  const until = Number(held.split(" ")[2]);
  assert.equal(await it.begin(3), "second", "what ran goes on, and another account has room");
  assert.deepEqual(await it.look(), [held]);
  // It is told in whole seconds.
  it.clock.move(until - NOW - 2_000);
  assert.deepEqual(await it.look(), [held]);
  assert.equal(await it.begin(4), "second");
  it.clock.move(2_000);
  assert.equal(await it.begin(5), "first", "the claim alone is enough");
  assert.deepEqual(await it.look(), []);
  assert.deepEqual(
    it.log.lines.map(({ event }) => event),
    ["pace.waits"],
  );
});

test("a look after a restart finds what was reported before it", async (t) => {
  const it = await scene(t, [WEEK]);
  for (const number of [1, 2]) {
    await it.begin(number);
    await it.report(number, HALF);
  }
  const before = await it.look();
  await it.store.holds.clear("account", "first", "pace");
  await it.again(it.store).look();
  const [hold] = await it.store.holds.wide();
  assert.equal(`first pace ${hold?.until} ${hold?.reason}`, before[0]);
});

test("a share that is raised, a pace that is taken out, and a report that is forgotten free the account", async (t) => {
  const it = await scene(t, [WEEK]);
  for (const number of [1, 2]) {
    await it.begin(number);
    await it.report(number, HALF);
  }
  assert.equal((await it.look()).length, 1);
  it.settings = [{ ...WEEK, share: 1 }];
  assert.deepEqual(await it.look(), []);
  it.settings = [WEEK];
  assert.equal((await it.look()).length, 1);
  it.settings = [];
  assert.deepEqual(await it.look(), []);
  assert.deepEqual(await it.paces.standings(), []);
  it.settings = [WEEK];
  assert.equal((await it.look()).length, 1);
  assert.equal(await it.store.accounts.clear("first"), true);
  assert.deepEqual(await it.look(), []);
  const [unknown] = await it.paces.standings();
  assert.deepEqual([unknown?.source, unknown?.mayStart], ["unknown", true]);
});

test("I16: one task's word keeps an account for half an hour; and a period that is over keeps nobody", async (t) => {
  const it = await scene(t, [WEEK]);
  await it.begin(1);
  await it.report(1, { ...HALF, used: 1 });
  assert.match((await it.look())[0] ?? "", / one task alone says so/);
  it.clock.move(HOUR / 2);
  assert.equal(await it.begin(2), "first");
  await it.report(2, { ...HALF, used: 1 });
  assert.match((await it.look())[0] ?? "", / all that its pace allows; it begins anew/);
  it.clock.move(HALF.resetsAt - it.clock.now());
  assert.equal(await it.begin(3), "first");
  assert.deepEqual(await it.look(), []);
});

test("what our own runs have used is counted where nobody reports, and is new with the calendar's period", async (t) => {
  const capacity = { unit: "runs", amount: 8 } as const;
  const it = await scene(t, [{ ...WEEK, share: 1, per: "5h", capacity }]);
  const length = 5 * HOUR;
  it.clock.move(length - (NOW % length));
  const begun = it.clock.now();
  assert.deepEqual(await it.look(), []);
  assert.equal(await it.begin(1), "first");
  assert.match(
    (await it.look())[0] ?? "",
    /^first pace \d+ 12\.5% of its 5 hours is used, by what our runs have used/,
  );
  assert.equal(await it.begin(2), "second");
  it.clock.move(begun + length * (1 / 8 - 1 / 20) + 2_000 - it.clock.now());
  assert.equal(await it.begin(3), "first");
  assert.equal((await it.look()).length, 1);
  it.clock.move(begun + length - it.clock.now());
  assert.equal(await it.begin(4), "first");
});

test("it looks again when something changes by time, at the latest after half a minute, or two seconds where it counts", async (t) => {
  const it = await scene(t, []);
  assert.equal(await it.paces.look(), NOW + 30_000);
  it.settings = [WEEK];
  assert.equal(await it.paces.look(), NOW + 30_000);
  it.settings = [{ ...WEEK, capacity: { unit: "nanos", amount: 1e9 } }];
  assert.equal(await it.paces.look(), NOW + 2_000);
  it.settings = [WEEK];
  await it.begin(1);
  await it.report(1, { ...HALF, used: 0.1, resetsAt: NOW + 900 });
  assert.equal(await it.paces.look(), NOW + 900);
});

test("a clock that is set back is followed: the account waits for the instant that is true then", async (t) => {
  const it = await scene(t, [WEEK]);
  for (const number of [1, 2]) {
    await it.begin(number);
    await it.report(number, HALF);
  }
  const before = await it.look();
  it.clock.move(-HOUR);
  assert.deepEqual(await it.look(), before, "the line is one of the calendar");
  it.clock.move(-200 * HOUR);
  assert.deepEqual(await it.look(), [], "a report of a period that has not begun is none");
});

test("a database that does not answer is told and asked again; any other error ends the loop", async (t) => {
  const it = await scene(t, [WEEK]);
  let faults = 0;
  const broken = (error: Error): Store => ({
    ...it.store,
    pace: {
      ...it.store.pace,
      reports: async () => {
        faults += 1;
        throw error;
      },
    },
  });
  const waits: number[] = [];
  const end = new AbortController();
  const bell: Parameters<Paces["watch"]>[0] = {
    ring: () => undefined,
    wait: async (ms) => {
      waits.push(ms);
      if (waits.length === 2) end.abort();
    },
  };
  await it.again(broken(new StoreFault("busy", "locked", "wait"))).watch(bell, end.signal);
  assert.deepEqual([faults, waits], [2, [2_000, 2_000]]);
  assert.deepEqual(
    it.log.lines.map(({ event }) => event),
    ["pace.faulted", "pace.faulted"],
  );
  await assert.rejects(
    it.again(broken(new Error("a bug"))).watch(bell, new AbortController().signal),
    /a bug/,
  );
});
