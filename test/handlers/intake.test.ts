/** Group commit: many requests, one transaction, and nobody is told too early. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { createIntake, type IntakeOptions, type Receipt } from "../../handlers/intake.ts";
import type { Recorded } from "../../store/deliveries.ts";
import { StoreFault } from "../../store/engine/engine.ts";
import type { Work } from "../../store/engine/work.ts";
import type { NewDelivery } from "../../workflow/delivery.ts";
import { GROUP_BYTES_MAX, GROUP_DELIVERIES_MAX } from "../../workflow/limits.ts";
import { handClock, heardLog, memoryStore } from "./hand-moved.ts";

function delivery(id: string, body = "{}"): NewDelivery {
  return { source: "github", deliveryId: id, headerId: id, event: "issues", body };
}

interface Scene {
  readonly record: (delivery: NewDelivery) => Promise<Receipt>;
  readonly isBusy: () => boolean;
  readonly groups: string[][];
}

function scene(
  store: (group: readonly NewDelivery[]) => Promise<readonly Recorded[]>,
  ballast: IntakeOptions["giveUpBallast"] = async () => false,
): Scene {
  const groups: string[][] = [];
  const record = async (group: readonly NewDelivery[]): Promise<readonly Recorded[]> => {
    groups.push(group.map(({ deliveryId }) => deliveryId));
    return store(group);
  };
  const intake = createIntake({
    deliveries: { record },
    clock: handClock(),
    log: heardLog(),
    giveUpBallast: ballast,
  });
  return { record: intake.record, isBusy: intake.isBusy, groups };
}

const allFresh = async (group: readonly NewDelivery[]): Promise<readonly Recorded[]> =>
  group.map((_, index) => ({ id: index + 1, fresh: true }));

test("what arrives together is one transaction", async () => {
  const it = scene(allFresh);
  const answers = await Promise.all(["a", "b", "c"].map((id) => it.record(delivery(id))));
  assert.deepEqual(it.groups, [["a", "b", "c"]]);
  assert.deepEqual(
    answers,
    [1, 2, 3].map((id) => ({ kind: "recorded", id, fresh: true })),
  );
  assert.equal(it.isBusy(), false);
});

test("what arrives during a commit is the next group, and one commit runs at a time", async () => {
  let release = (): void => undefined;
  let running = 0;
  const it = scene(async (group) => {
    assert.equal(++running, 1);
    await new Promise<void>((resolve) => (release = resolve));
    running -= 1;
    return allFresh(group);
  });
  const first = it.record(delivery("a"));
  while (it.groups.length === 0) await new Promise((resolve) => setImmediate(resolve));
  const later = Promise.all([it.record(delivery("b")), it.record(delivery("c"))]);
  release();
  await first;
  while (it.groups.length === 1) await new Promise((resolve) => setImmediate(resolve));
  release();
  await later;
  assert.deepEqual(it.groups, [["a"], ["b", "c"]]);
});

test("a repeat inside one group, and one after it, are duplicates of the first", async () => {
  const told: Work[] = [];
  const store = await memoryStore((work) => told.push(work));
  const it = scene((group) => store.deliveries.record(group, 1));
  const [a, b] = await Promise.all([it.record(delivery("same")), it.record(delivery("same"))]);
  const c = await it.record(delivery("same"));
  assert.deepEqual(
    [a, b, c].map((answer) => answer.kind === "recorded" && answer.fresh),
    [true, false, false],
  );
  assert.equal(new Set([a, b, c].map((answer) => answer.kind === "recorded" && answer.id)).size, 1);
  assert.deepEqual(told, ["deliveries"], "what is known already is nothing to do");
});

test("I1: a full disk costs the ballast once; without ballast the answer is unavailable", async () => {
  let isFull = true;
  let given = 0;
  const full = async (group: readonly NewDelivery[]): Promise<readonly Recorded[]> => {
    if (isFull) throw new StoreFault("full", "no space", "free some");
    return allFresh(group);
  };
  const saved = scene(full, async () => {
    given += 1;
    isFull = false;
    return true;
  });
  assert.equal((await saved.record(delivery("a"))).kind, "recorded");
  assert.equal(given, 1);
  isFull = true;
  const lost = scene(full);
  assert.deepEqual(await lost.record(delivery("a")), { kind: "unavailable" });
  isFull = false;
  assert.equal((await lost.record(delivery("a"))).kind, "recorded", "it goes on when there is room again");
});

test("one delivery that the database refuses takes no other with it", async () => {
  const it = scene(async (group) => {
    if (group.some(({ deliveryId }) => deliveryId === "poison"))
      throw new StoreFault("broken", "refused", "look");
    return allFresh(group);
  });
  const answers = await Promise.all(["a", "poison", "b"].map((id) => it.record(delivery(id))));
  assert.deepEqual(
    answers.map(({ kind }) => kind),
    ["recorded", "unavailable", "recorded"],
  );
});

test("what waits is bounded in number and in bytes, and one body always fits", async () => {
  const it = scene(allFresh);
  const many = Array.from({ length: GROUP_DELIVERIES_MAX + 5 }, (_, n) => it.record(delivery(String(n))));
  const kinds = (await Promise.all(many)).map(({ kind }) => kind);
  assert.equal(kinds.filter((kind) => kind === "overloaded").length, 5);
  const large = "x".repeat(GROUP_BYTES_MAX / 4);
  const five = await Promise.all([1, 2, 3, 4, 5].map((n) => it.record(delivery(`l${n}`, large))));
  assert.deepEqual(
    five.map(({ kind }) => kind),
    ["recorded", "recorded", "recorded", "recorded", "overloaded"],
  );
  assert.equal((await it.record(delivery("after"))).kind, "recorded");
});
