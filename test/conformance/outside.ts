/** What is told at forges and trackers. */

import assert from "node:assert/strict";
import { REPLIES_MAX, REPLIES_SPAN_MS, type Told } from "../../workflow/outside/reply.ts";
import type { Exercise, TestDatabase } from "./database.ts";
import { dump, NOW } from "./database.ts";
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

  exercise("what was told long ago is forgotten with the calls that told it", async (database) => {
    const { store } = database;
    await tell(database, "a", told("eve"));
    await store.retention.calls(0, NOW + 1);
    assert.equal(await tell(database, "b", told("eve")), true);
  });
}
