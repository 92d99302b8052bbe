/** What is told at forges and trackers. */

import assert from "node:assert/strict";
import type { Face, WantedFace } from "../../workflow/outside/face.ts";
import {
  REPLIES_MAX,
  REPLIES_OF_PLACE_MAX,
  REPLIES_SPAN_MS,
  type Told,
} from "../../workflow/outside/reply.ts";
import { creation, dump, type Exercise, NOW, putTask, type TestDatabase, write } from "./database.ts";
import { delivery } from "./deliveries.ts";

const told = (person: string, more: Partial<Told["once"]> = {}): Told => ({
  subject: { kind: "project", name: "shop" },
  calls: [{ target: "forge:github", kind: "reply", payload: { person } }],
  once: { source: "github", place: "acme/shop", item: "12", person, about: "not_trusted", ...more },
});

/** Ends a new delivery with something that is told. */
async function tell({ store }: TestDatabase, name: string, what: Told, now = NOW): Promise<boolean> {
  const [recorded] = await store.deliveries.record([delivery(name)], now);
  return store.deliveries.finish(recorded?.id ?? 0, "ignored", "no", null, now, what);
}

export function exerciseOutside(exercise: Exercise): void {
  exercise("what is told once ends its delivery once, and else nothing is written", async (database) => {
    const { store } = database;
    assert.equal(await tell(database, "a", told("eve")), true);
    const before = await dump(database);
    const [again] = await store.deliveries.record([delivery("b")], NOW);
    const recorded = await dump(database);
    assert.notDeepEqual(recorded, before);
    assert.equal(
      await store.deliveries.finish(again?.id ?? 0, "ignored", "no", null, NOW, told("eve")),
      false,
    );
    assert.deepEqual(await dump(database), recorded, "neither ended nor told");
    assert.equal(await store.deliveries.finish(again?.id ?? 0, "ignored", "no", null, NOW), true);
    assert.equal(await tell(database, "c", told("eve", { about: "not_understood" })), true);
    assert.equal(await tell(database, "d", told("eve", { item: "13" })), true);
    assert.equal(await tell(database, "e", { ...told("eve"), once: null }), true, "an answer, each time");
    assert.equal((await store.outbox.list({ limit: 10, before: null })).items.length, 4);
  });

  exercise("a crowd is told as often as a few are, and again when a day is over", async (database) => {
    const results: boolean[] = [];
    for (let person = 0; person < REPLIES_MAX + 2; person++)
      results.push(await tell(database, `d${person}`, told(`eve-${person}`)));
    assert.deepEqual(results, [...Array<boolean>(REPLIES_MAX).fill(true), false, false]);
    assert.equal(await tell(database, "later", told("mallory"), NOW + REPLIES_SPAN_MS + 1), true);
  });

  exercise(
    "who has many items is a crowd, too, and keeps no other word from being told",
    async (database) => {
      const results: boolean[] = [];
      for (let item = 0; item <= REPLIES_OF_PLACE_MAX; item++)
        results.push(await tell(database, `d${item}`, told("eve", { item: `${item}` })));
      assert.deepEqual(results, [...Array<boolean>(REPLIES_OF_PLACE_MAX).fill(true), false]);
      assert.equal(await tell(database, "x", told("bob", { item: "x", about: "not_possible" })), true);
      assert.equal(await tell(database, "y", told("bob", { item: "y", place: "acme/other" })), true);
    },
  );

  exercise("what was told long ago is forgotten with the calls that told it", async (database) => {
    const { store } = database;
    await tell(database, "a", told("eve"));
    await store.retention.calls(0, NOW + 1);
    assert.equal(await tell(database, "b", told("eve")), true);
  });

  exercise("a new task is looked at, and again whenever it has moved", async (database) => {
    const { faces } = database.store;
    await database.store.commit([creation("shop", 1)], null, NOW);
    const [moved, ...others] = await faces.due(NOW, 10);
    assert.deepEqual([moved?.task, moved?.seen, others.length], ["SHOP-1", "", 0]);
    await faces.looked("SHOP-1", moved?.mark ?? "", false);
    assert.deepEqual(await faces.due(NOW, 10), []);
    await write(database, "update tasks set version = version + 1 where key = $1", ["SHOP-1"]);
    const [again] = await faces.due(NOW, 10);
    await faces.putOff("SHOP-1", NOW + 5);
    assert.deepEqual([await faces.due(NOW, 10), await faces.nextDue(NOW)], [[], NOW + 5]);
    assert.equal((await faces.due(NOW + 5, 10)).length, 1);
    await faces.looked("SHOP-1", again?.mark ?? "", true);
    await faces.renew();
    assert.deepEqual(await faces.due(NOW, 10), [], "what is over is not looked at anew");
  });

  exercise("of many wishes one call is owed, and it tells the last", async (database) => {
    const { faces, outbox } = database.store;
    const task = await putTask(database, 1, "active");
    await faces.wish(task, [comment("a")], NOW);
    await faces.wish(task, [comment("b")], NOW + 1);
    const calls = await outbox.due("forge:github", NOW + 1, 10);
    assert.deepEqual(
      calls.map(({ kind, subject }) => [kind, subject.name]),
      [["comment", task]],
    );
    const face = (await faces.get(task, "github", "comment")) ?? assert.fail("it has no face");
    assert.deepEqual(
      [face.wish, face.isOpen, face.told, face.wishedAt],
      [{ text: "b" }, true, null, NOW + 1],
    );
    await faces.wish(task, [comment("b")], NOW + 2);
    assert.equal((await faces.get(task, "github", "comment"))?.wishedAt, NOW + 1, "the same wish is none");
  });

  exercise(
    "what was told stands there until a call begins, and what was wished meanwhile is owed",
    async (database) => {
      const { faces, outbox } = database.store;
      const task = await putTask(database, 1, "active");
      const face = async (): Promise<Face> =>
        (await faces.get(task, "github", "comment")) ?? assert.fail("it has no face");
      await faces.wish(task, [comment("a")], NOW);
      const [call] = await outbox.due("forge:github", NOW, 10);
      await faces.begin(await face());
      const first = await face();
      await faces.wish(task, [comment("b")], NOW);
      await faces.told(first, { id: "7", url: "https://forge.example/7" }, NOW);
      await outbox.sent(call?.id ?? 0, NOW);
      const told = await face();
      assert.deepEqual([told.isOpen, told.remote, told.told], [true, "7", first.wished]);
      assert.equal(await faces.owe(NOW), 1);
      assert.equal(await faces.owe(NOW), 0, "once");
      await faces.wish(task, [comment("a")], NOW);
      assert.equal((await face()).isOpen, false, "it stands there");
      await faces.wish(task, [comment("b")], NOW);
      await faces.begin(await face());
      await faces.wish(task, [comment("a")], NOW);
      assert.equal((await face()).isOpen, true, "nobody knows what stands there now");
    },
  );

  exercise(
    "what was refused is told again when it has changed, and not before its time",
    async (database) => {
      const { faces, outbox } = database.store;
      const task = await putTask(database, 1, "active");
      await faces.wish(task, [comment("a")], NOW);
      const [call] = await outbox.due("forge:github", NOW, 10);
      const face = (await faces.get(task, "github", "comment")) ?? assert.fail("it has no face");
      await faces.refused(face, "it may not", NOW + 100);
      await outbox.begin(call ?? { id: 0, tries: 0 }, NOW);
      await outbox.bury({ id: call?.id ?? 0, tries: 1 }, "it may not", NOW);
      assert.equal(await faces.owe(NOW + 200), 0, "the same is not asked for again");
      await faces.wish(task, [comment("b")], NOW + 1);
      assert.equal(await faces.owe(NOW + 1), 0);
      assert.equal(await faces.owe(NOW + 100), 1);
      assert.equal((await faces.ofTask(task))[0]?.error, "it may not");
    },
  );
}

function comment(text: string): WantedFace {
  return { source: "github", place: "acme/shop", item: "12", aspect: "comment", wish: { text } };
}
