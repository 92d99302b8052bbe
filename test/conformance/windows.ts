/** Windows in rows: stretches that claims keep to, holds that tell of them, schedules and overrides. */

import assert from "node:assert/strict";
import type { NewWideHold } from "../../workflow/hold.ts";
import type { Notice } from "../../workflow/outbox.ts";
import type { Override } from "../../workflow/windows/schedule.ts";
import { schedule } from "../workflow/windows/schedules.ts";
import type { Exercise, TestDatabase } from "./database.ts";
import { NOW } from "./database.ts";
import { claim, configured, queue } from "./limits.ts";

const HOUR = 3_600_000;
const CLOSED: NewWideHold = {
  ...{ scope: "project", subject: "shop", kind: "window" },
  ...{ reason: "window nights opens later", remedy: null, until: NOW + HOUR },
};

async function closeUntil({ store }: TestDatabase, from: number, until: number): Promise<void> {
  await store.projects.configure(configured(), NOW);
  const stretch = { from, until, slots: 1, agent: null, opening: null };
  await store.windows.stand(
    [{ project: "shop", stretch, hold: { ...CLOSED, until: from } }],
    NOW,
    await store.windows.said(),
  );
}

export function exerciseWindows(exercise: Exercise): void {
  exercise(
    "a claim takes nothing outside the stretch of a project, and what it may inside",
    async (database) => {
      const { store } = database;
      await queue(database, 3);
      await closeUntil(database, NOW + HOUR, NOW + 2 * HOUR);
      assert.equal(await claim(database, "r1", NOW), null);
      // Time alone opens it, to the instant.
      await store.holds.releaseDue(NOW + HOUR - 1);
      assert.equal(await claim(database, "r1", NOW + HOUR - 1), null);
      await store.holds.releaseDue(NOW + HOUR);
      assert.equal(await claim(database, "r1", NOW + HOUR), "developer/first");
      assert.equal(await claim(database, "r2", NOW + HOUR), null, "the window has one slot");
      const [waiting] = await store.lanes.waiting();
      assert.deepEqual([waiting?.atWork, waiting?.concurrency], [1, 1]);
      await store.windows.stand(
        [
          {
            project: "shop",
            stretch: { from: NOW, until: NOW + 2 * HOUR, slots: 5, agent: null, opening: null },
            hold: null,
          },
        ],
        NOW,
        await store.windows.said(),
      );
      assert.equal(await claim(database, "r2", NOW + 2 * HOUR), null, "and it closes on the instant");
      assert.equal(await claim(database, "r2", NOW + 2 * HOUR - 1), "developer/first");
    },
  );

  exercise(
    "a stretch is open though its hold has not been taken away, never the other way round",
    async (database) => {
      await queue(database, 1);
      await closeUntil(database, NOW - HOUR, NOW + HOUR);
      assert.equal(await claim(database, "r1", NOW), null);
    },
  );

  exercise("an hour that a clock was set back belongs to no stretch", async (database) => {
    const { store } = database;
    await queue(database, 1);
    await store.projects.configure(configured(), NOW);
    await store.windows.stand(
      [
        {
          project: "shop",
          stretch: { from: NOW, until: NOW + HOUR, slots: 1, agent: null, opening: null },
          hold: null,
        },
      ],
      NOW,
      await store.windows.said(),
    );
    assert.equal(await claim(database, "r1", NOW - 1), null);
  });

  exercise(
    "how a project stands is written over what stood there, with one hold or none",
    async (database) => {
      const { store } = database;
      await queue(database, 1);
      await closeUntil(database, NOW + HOUR, NOW + 2 * HOUR);
      assert.deepEqual(
        await store.windows.stretches(),
        new Map([
          ["shop", { from: NOW + HOUR, until: NOW + 2 * HOUR, slots: 1, agent: null, opening: null }],
        ]),
      );
      await store.holds.put({ ...CLOSED, kind: "pause", until: null }, NOW);
      const stretch = { from: 0, until: 0, slots: 1, agent: null, opening: null };
      await store.windows.stand(
        [{ project: "shop", stretch, hold: { ...CLOSED, kind: "crash_limit" } }],
        NOW + 1,
        await store.windows.said(),
      );
      const kinds = async (): Promise<readonly string[]> =>
        (await store.holds.wide()).map(({ kind }) => kind);
      assert.deepEqual(await kinds(), ["pause", "crash_limit"]);
      await store.windows.stand(
        [{ project: "shop", stretch: null, hold: null }],
        NOW + 2,
        await store.windows.said(),
      );
      assert.deepEqual(await kinds(), ["pause"]);
      assert.deepEqual(await store.windows.stretches(), new Map([["shop", null]]));
      assert.equal(await claim(database, "r1", NOW), null, "a pause is stronger than an open window");
      await store.holds.clear("project", "shop", "pause");
      assert.equal(await claim(database, "r1", NOW), "developer/first");
    },
  );

  exercise("schedules are kept as they are, and go with their override", async ({ store }) => {
    const plain = schedule();
    const whole = schedule({
      ...{ name: "days", projects: ["shop", "mill"], days: ["mon", "sun"], enabled: false, concurrency: 2 },
      ...{ model: "opus", effort: "high", permissions: "read_only", onClose: "stop", crashLimit: 0 },
      budget: [
        { unit: "nanos", amount: 5e9 },
        { unit: "runs", amount: 3 },
      ],
      budgetSpread: true,
    });
    await store.windows.keep(plain);
    await store.windows.keep(whole);
    assert.deepEqual(await store.windows.schedules(), [whole, plain]);
    const later = { ...plain, start: "23:00", projects: ["shop"] };
    await store.windows.keep(later);
    assert.deepEqual(await store.windows.schedules(), [whole, later]);
    await store.windows.override(OVERRIDE);
    assert.equal(await store.windows.remove("nights"), true);
    assert.equal(await store.windows.remove("nights"), false);
    assert.deepEqual(await store.windows.schedules(), [whole]);
    assert.deepEqual(await store.windows.overrides(), []);
  });

  exercise("what was judged before somebody said something is not written", async ({ store }) => {
    await store.projects.configure(configured(), NOW);
    const closed = { ...OVERRIDE, verdict: "closed", cause: "crash_limit" } as const;
    const notice: Notice = {
      ...{ kind: "window.closed", project: null, message: "closed", reason: null, remedy: null },
    };
    const words: readonly (() => Promise<unknown>)[] = [
      () => store.windows.override(OVERRIDE),
      () => store.windows.clearOverride("nights"),
      () => store.windows.keep(schedule()),
      () => store.windows.remove("nights"),
    ];
    const stretch = { from: 0, until: NOW, slots: 1, agent: null, opening: null };
    for (const say of words) {
      const asOf = await store.windows.said();
      await say();
      const before = [await store.windows.overrides(), await store.windows.stretches()];
      const hold = { ...CLOSED, until: null };
      assert.equal(await store.windows.stand([{ project: "shop", stretch, hold }], NOW, asOf), false);
      assert.equal(await store.windows.closeForCrashes(closed, "late", notice, asOf), false);
      assert.equal(await store.windows.clearOverride("nights", asOf), false);
      assert.deepEqual([await store.windows.overrides(), await store.windows.stretches()], before);
      assert.deepEqual(await store.holds.wide(), []);
      assert.deepEqual((await store.outbox.list({ limit: 10, before: null })).items, []);
    }
    const asOf = await store.windows.said();
    assert.equal(await store.windows.closeForCrashes(closed, "in time", notice, asOf), true);
    assert.equal(await store.windows.said(), asOf + 1, "it is a word by itself");
    assert.equal(await store.windows.clearOverride("nights", asOf), false);
    assert.equal(await store.windows.clearOverride("nights", asOf + 1), true);
    const latest = await store.windows.said();
    assert.equal(await store.windows.stand([{ project: "shop", stretch, hold: null }], NOW, latest), true);
    assert.equal(await store.windows.said(), latest, "to look is to say nothing");
  });

  exercise("the last override of a schedule counts, until it is cleared", async ({ store }) => {
    await store.windows.override(OVERRIDE);
    const other = {
      ...OVERRIDE,
      verdict: "closed",
      cause: "crash_limit",
      by: "daemon",
      reason: null,
    } as const;
    await store.windows.override(other);
    assert.deepEqual(await store.windows.overrides(), [other]);
    assert.equal(await store.windows.clearOverride("nights"), true);
    assert.equal(await store.windows.clearOverride("nights"), false);
  });
}

const OVERRIDE: Override = {
  ...{ schedule: "nights", verdict: "open", cause: "person", since: NOW, until: NOW + HOUR },
  ...{ by: "ann", reason: "a release" },
};
