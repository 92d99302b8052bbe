/** Budgets of openings in rows: who is claimed below them, and what is counted to which. */

import assert from "node:assert/strict";
import { isClosed, isUsedUp, type Standing } from "../../workflow/budget.ts";
import type { Notice } from "../../workflow/outbox.ts";
import type { LimitedOpening } from "../../workflow/windows/budget.ts";
import type { OpeningLimit, Override } from "../../workflow/windows/schedule.ts";
import type { Exercise, TestDatabase } from "./database.ts";
import { NOW } from "./database.ts";
import { claim, configured, queue, use } from "./limits.ts";

const HOUR = 3_600_000;

async function openWith({ store }: TestDatabase, opening: LimitedOpening | null): Promise<void> {
  const stretch = { from: NOW, until: NOW + 8 * HOUR, slots: 9, agent: null, opening };
  await store.windows.stand([{ project: "shop", stretch, hold: null }], NOW, await store.windows.said());
}

function opening(key: string, ...limits: readonly OpeningLimit[]): LimitedOpening {
  return { key, limits, spreadFrom: null, until: NOW + 8 * HOUR };
}

async function standingsOf({ store }: TestDatabase, now = NOW): Promise<readonly Standing[]> {
  const about = { project: "shop", task: null, phase: null };
  return (await store.budgets.standings(about, now)).filter(({ scope }) => scope === "opening");
}

async function standingOf(database: TestDatabase): Promise<Standing> {
  const [found] = await standingsOf(database);
  return found ?? assert.fail("the opening has no budget");
}

export function exerciseOpenings(exercise: Exercise): void {
  exercise(
    "I8: no more runs begin in an opening than its budget has, whoever looks late; a new opening has its own",
    async (database) => {
      await database.store.projects.configure(configured(), NOW);
      await queue(database, 4);
      await openWith(database, opening("nights 1", { unit: "runs", amount: 2 }));
      assert.equal(await claim(database, "r1", NOW), "developer/first");
      assert.equal(await claim(database, "r2", NOW), "developer/first");
      assert.equal(await claim(database, "r3", NOW), null);
      const standing = await standingOf(database);
      assert.deepEqual([standing.unit, standing.amount, standing.used], ["runs", 2, 2]);
      assert.deepEqual([standing.schedule, isUsedUp(standing)], ["nights", true]);
      await openWith(database, opening("nights 1", { unit: "runs", amount: 2 }));
      assert.equal(await claim(database, "r3", NOW), null, "what was used stays when it is written again");
      await openWith(database, opening("nights 2", { unit: "runs", amount: 1 }));
      assert.equal(await claim(database, "r3", NOW), "developer/first");
      await openWith(database, null);
      assert.equal(await claim(database, "r4", NOW), "developer/first");
    },
  );

  exercise(
    "I8: what a run uses belongs to the opening in which it began, and is counted once",
    async (database) => {
      await database.store.projects.configure(configured(), NOW);
      await queue(database, 3);
      const nights = opening("nights 1", { unit: "nanos", amount: 5e9 }, { unit: "tokens", amount: 1_000 });
      await openWith(database, nights);
      await claim(database, "r1", NOW);
      await openWith(database, opening("days 2", { unit: "nanos", amount: 5e9 }));
      await claim(database, "r2", NOW);
      await use(database, "r1", 5, 100);
      await use(database, "r1", 5, 100);
      assert.equal((await standingOf(database)).used, 0, "it is none of this opening's");
      assert.equal(await claim(database, "r3", NOW), "developer/first");
      await openWith(database, nights);
      assert.equal((await standingOf(database)).used, 5e9);
      assert.deepEqual(
        [...(await database.store.windows.stretches()).values()].map((stretch) => stretch?.opening),
        [nights],
      );
    },
  );

  exercise("I8: what live runs have reserved is kept free for them in the opening", async (database) => {
    const budget = [{ scope: "run", unit: "nanos", amount: 3e9 }] as const;
    await database.store.projects.configure(configured({ budget }), NOW);
    await queue(database, 3);
    await openWith(database, opening("nights 1", { unit: "nanos", amount: 7e9 }));
    await claim(database, "r1", NOW);
    await claim(database, "r2", NOW);
    assert.equal(await claim(database, "r3", NOW), null);
    const { reserved, reserve } = await standingOf(database);
    assert.deepEqual([reserved, reserve], [6e9, 3e9]);
  });

  exercise(
    "I8: a budget that is spread over its opening is there as time passes, and the claim alone is enough",
    async (database) => {
      const budget = [{ scope: "run", unit: "nanos", amount: 2e9 }] as const;
      await database.store.projects.configure(configured({ budget }), NOW);
      await queue(database, 9);
      const limits = [
        { unit: "nanos", amount: 10e9 },
        { unit: "runs", amount: 8 },
      ] as const;
      const spread = { ...opening("nights 1", ...limits), spreadFrom: NOW };
      await openWith(database, spread);
      assert.deepEqual([...(await database.store.windows.stretches()).values()][0]?.opening, spread);
      assert.equal(await claim(database, "r1", NOW), "developer/first", "a twentieth is there at once");
      assert.equal(await claim(database, "r2", NOW), null);
      const told = await standingsOf(database, NOW);
      assert.deepEqual(
        told.map(({ unit, used, reserved, allowed }) => [unit, used, reserved, allowed]),
        [
          ["nanos", 0, 2e9, 0.5e9],
          ["runs", 1, 0, 0.4],
        ],
      );
      assert.ok(told.every(isClosed) && !told.some(isUsedUp));
      // The run has reserved two dollars of ten: 20% of eight hours, less a twentieth.
      const opens = NOW + 8 * HOUR * 0.15;
      assert.equal(await claim(database, "r2", opens), null);
      assert.equal(await claim(database, "r2", opens + 1_000), "developer/first");
      assert.equal(await claim(database, "r3", opens + 1_000), null);
      await use(database, "r1", 3, 100);
      assert.equal(await claim(database, "r3", NOW + 8 * HOUR * 0.44), null, "what is used counts");
      assert.equal(await claim(database, "r3", NOW + 8 * HOUR * 0.46), "developer/first");
      assert.equal(await claim(database, "r4", NOW + 8 * HOUR - 1), "developer/first");
      assert.equal(
        await claim(database, "r5", NOW + 8 * HOUR - 1),
        null,
        "the whole is the limit, to the end",
      );
      await openWith(database, { ...spread, spreadFrom: null });
      assert.deepEqual(
        (await standingsOf(database, NOW)).map(({ allowed }) => allowed),
        [undefined, undefined],
      );
      await openWith(database, { ...spread, spreadFrom: NOW + HOUR });
      assert.equal(await claim(database, "r5", NOW), null, "a clock that was set back before it began");
    },
  );

  exercise(
    "a crash limit closes a schedule and tells a person, in one, and once per opening",
    async ({ store }) => {
      const closed: Override = {
        ...{ schedule: "nights", verdict: "closed", cause: "crash_limit", since: NOW, until: NOW + HOUR },
        ...{ by: "the crash limit", reason: "3 runs crashed" },
      };
      const notice: Notice = {
        ...{ kind: "window.closed", project: null, message: "schedule nights is closed" },
        ...{ reason: "3 runs crashed", remedy: null },
      };
      await store.windows.closeForCrashes(closed, "crash_limit 1", notice, await store.windows.said());
      await store.windows.clearOverride("nights");
      await store.windows.closeForCrashes(closed, "crash_limit 1", notice, await store.windows.said());
      assert.deepEqual(await store.windows.overrides(), [closed], "it is closed again");
      const told = await store.outbox.list({ limit: 10, before: null });
      assert.deepEqual(
        told.items.map(({ kind, subject }) => [kind, subject]),
        [["window.closed", { kind: "schedule", name: "nights" }]],
      );
      await store.windows.closeForCrashes(closed, "crash_limit 2", notice, await store.windows.said());
      assert.equal((await store.outbox.list({ limit: 10, before: null })).items.length, 2);
      const history = await store.events.of({ kind: "schedule", name: "nights" }, 0, 9);
      assert.deepEqual(
        history.map(({ kind, key }) => [kind, key]),
        [
          ["window.closed", "crash_limit 1"],
          ["window.closed", "crash_limit 2"],
        ],
      );
    },
  );
}
