/** What is found out by asking: up to when, of what, and which delivery has told which change. */

import assert from "node:assert/strict";
import type { NewDelivery } from "../../workflow/delivery.ts";
import { changeOf, type Exercise, NOW, putTask, type TestDatabase } from "./database.ts";

async function deliver({ store }: TestDatabase, deliveryId: string, at = NOW): Promise<number> {
  const delivery: NewDelivery = { source: "github", deliveryId, headerId: null, event: "issues", body: "{}" };
  const [recorded] = await store.deliveries.record([delivery], at);
  return recorded?.id ?? assert.fail();
}

export function exerciseWatch(exercise: Exercise): void {
  exercise("A13: a mark is what was put last, per place and kind", async ({ store }) => {
    const { watches } = store;
    const items = { source: "github", place: "acme/shop", kind: "items", since: NOW, etag: null } as const;
    await watches.put(items);
    await watches.put({ ...items, kind: "comments", etag: 'W/"1"' });
    await watches.put({ ...items, place: "acme/till" });
    await watches.put({ ...items, since: NOW + 1, etag: 'W/"2"' });
    assert.deepEqual(await watches.of("github", "acme/shop"), [
      { ...items, kind: "comments", etag: 'W/"1"' },
      { ...items, since: NOW + 1, etag: 'W/"2"' },
    ]);
    assert.deepEqual(await watches.of("plane", "acme/shop"), []);
  });

  exercise("I2: a change is known by the first delivery that has told it and is over", async (database) => {
    const { changes, deliveries } = database.store;
    const [first, second] = [await deliver(database, "a"), await deliver(database, "b")];
    await changes.note(first, "k");
    assert.equal(await changes.before(second, "github", "k"), null, "it is still to be handled");
    assert.equal(await changes.isTold("github", ["x", "k"]), true);
    assert.equal(await changes.isTold("plane", ["k"]), false);
    await deliveries.finish(first, "ignored", "no", null, NOW);
    assert.equal(await changes.before(second, "github", "k"), first);
    assert.equal(await changes.before(first, "github", "k"), null, "no delivery is before itself");
    await changes.forget(first);
    assert.equal(await changes.isTold("github", ["k"]), false);
    await changes.note(second, "k");
    await deliveries.finish(second, "failed", "a defect", null, NOW);
    assert.equal(await changes.isTold("github", ["k"]), false, "what has failed has told nobody");
    assert.deepEqual(await changes.stored("github", ["a", "c"]), new Set(["a"]));
  });

  exercise("A13: since when webhooks are silent is told by what was found out", async (database) => {
    const { changes } = database.store;
    assert.deepEqual(await changes.heard("github"), { heardAt: null, foundAt: null });
    await deliver(database, "reconcile:0", NOW);
    await deliver(database, "a webhook", NOW + 1);
    assert.deepEqual(await changes.heard("github"), { heardAt: NOW + 1, foundAt: null });
    await deliver(database, "reconcile:1", NOW + 2);
    await deliver(database, "reconcile:2", NOW + 3);
    assert.deepEqual(await changes.heard("github"), { heardAt: NOW + 1, foundAt: NOW + 2 });
  });

  exercise("A13: tasks that are not over wait for their items and for awaited commits", async (database) => {
    const { store } = database;
    const [live, over] = [await putTask(database, 1), await putTask(database, 2, "done")];
    const ref = { source: "github", kind: "issue", id: "acme/shop#1" } as const;
    const base = (await store.tasks.get(live)) ?? assert.fail();
    const ask = { change: "ask", seq: 1, phase: "work", commit: "c0ffee", until: NOW, dueAt: NOW } as const;
    await store.commit([{ ...changeOf(live, { refs: [ref], ci: [ask] }), base }], null, NOW);
    const done = (await store.tasks.get(over)) ?? assert.fail();
    const other = { ...ref, id: "acme/shop#2" };
    await store.commit([{ ...changeOf(over, { refs: [other] }), base: done }], null, NOW);
    const items = await store.waiting.items("github");
    assert.deepEqual(items, [{ task: live, project: "shop", ref, since: base.createdAt }]);
    assert.deepEqual(await store.waiting.commits(), [{ task: live, project: "shop", commit: "c0ffee" }]);
  });
}
