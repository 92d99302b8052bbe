/** Deliveries: recorded once, handed out in order, ended once. */

import assert from "node:assert/strict";
import type { Recorded } from "../../store/deliveries.ts";
import type { Delivery, NewDelivery } from "../../workflow/delivery.ts";
import { deliveryMoves } from "../../workflow/states.ts";
import { changeOf, dump, type Exercise, NOW, putTask, type TestDatabase, write } from "./database.ts";

export function delivery(deliveryId: string, more: Partial<NewDelivery> = {}): NewDelivery {
  return {
    source: "github",
    deliveryId,
    headerId: `header-${deliveryId}`,
    event: "issues",
    body: '{"a":"ä€𝄞"}',
    ...more,
  };
}

async function record(
  database: TestDatabase,
  ...deliveries: readonly NewDelivery[]
): Promise<readonly Recorded[]> {
  return database.store.deliveries.record(deliveries, NOW);
}

async function recordOne(database: TestDatabase, deliveryId: string): Promise<number> {
  const [recorded] = await record(database, delivery(deliveryId));
  return recorded?.id ?? assert.fail("nothing was recorded");
}

/** A delivery in any status. */
async function putDelivery(database: TestDatabase, status: string): Promise<number> {
  const id = await recordOne(database, `in ${status}`);
  if (status !== "received")
    await write(database, `update deliveries set status = '${status}', finished_at = 7 where id = $1`, [id]);
  return id;
}

export function exerciseDeliveries(exercise: Exercise): void {
  exercise("A1: a repeated delivery id is not fresh and gets the id of the first", async (database) => {
    const [first, other, again] = await record(
      database,
      delivery("a"),
      delivery("a", { source: "plane" }),
      delivery("a"),
    );
    assert.deepEqual([first?.fresh, other?.fresh, again?.fresh], [true, true, false]);
    assert.equal(again?.id, first?.id);
    const [later] = await record(database, delivery("a", { body: "another body" }));
    assert.deepEqual(later, { id: first?.id, fresh: false });
    assert.deepEqual(await record(database), []);
  });

  exercise("I1: a recorded delivery is read back as it came", async (database) => {
    const id = await recordOne(database, "a");
    const expected: Delivery = {
      ...delivery("a"),
      id,
      status: "received",
      reason: null,
      task: null,
      subject: null,
      tries: 0,
      notBefore: 0,
      replayOf: null,
      receivedAt: NOW,
      finishedAt: null,
    };
    assert.deepEqual(await database.store.deliveries.get(id), expected);
    assert.equal(await database.store.deliveries.get(id + 1_000), null);
  });

  exercise(
    "deliveries are due in order of arrival, the put-off ones again when their time has come",
    async (database) => {
      const { deliveries } = database.store;
      const [a, b, c] = await Promise.all([
        recordOne(database, "a"),
        recordOne(database, "b"),
        recordOne(database, "c"),
      ]);
      await deliveries.defer(b, "shop#1", "the tracker does not answer", NOW + 50);
      const due = async (now: number, limit = 10): Promise<readonly number[]> =>
        (await deliveries.due(now, limit, { besides: ["plane"] })).map(({ id }) => id);
      assert.deepEqual(await due(NOW), [a, c]);
      assert.deepEqual(await due(NOW + 50), [a, b, c]);
      assert.deepEqual(await due(NOW + 50, 2), [a, b]);
      assert.equal(await deliveries.nextDue({ besides: [] }), 0);
      await deliveries.finish(a, "ignored", "not ours", null, NOW);
      await deliveries.finish(c, "failed", "no such project", null, NOW);
      assert.equal(await deliveries.nextDue({ besides: [] }), NOW + 50);
      const put = await deliveries.get(b);
      assert.deepEqual(
        [put?.tries, put?.subject, put?.reason, put?.status],
        [1, "shop#1", "the tracker does not answer", "received"],
      );
      await deliveries.finish(b, "ignored", "not ours", null, NOW);
      assert.equal(await deliveries.nextDue({ besides: [] }), null);
    },
  );

  exercise("what is due is asked for by source, or of all sources but some", async (database) => {
    const { deliveries } = database.store;
    const sources = ["github", "plane", "chat:team", "gitlab", "plane"] as const;
    const recorded = await record(
      database,
      ...sources.map((source, index) => delivery(`d-${index}`, { source })),
    );
    const ids = recorded.map(({ id }) => id);
    type From = Parameters<typeof deliveries.due>[2];
    const due = async (from: From, limit = 10): Promise<readonly number[]> =>
      (await deliveries.due(NOW, limit, from)).map(({ id }) => ids.indexOf(id));
    assert.deepEqual(await due({ only: "plane" }), [1, 4]);
    assert.deepEqual(await due({ only: "forgejo" }), []);
    assert.deepEqual(await due({ besides: ["github", "plane"] }), [2, 3]);
    assert.deepEqual(await due({ besides: [] }), [0, 1, 2, 3, 4]);
    assert.deepEqual(await due({ besides: ["chat:team"] }, 3), [0, 1, 3]);
    await deliveries.defer(ids[3] ?? 0, "thing", "nobody answers", NOW + 5);
    await deliveries.finish(ids[2] ?? 0, "ignored", "not ours", null, NOW);
    assert.equal(await deliveries.nextDue({ besides: ["github", "plane"] }), NOW + 5);
    assert.equal(await deliveries.nextDue({ only: "plane" }), 0);
    assert.equal(await deliveries.nextDue({ only: "chat:team" }), null);
  });

  exercise("a delivery is behind an older unhandled one about the same thing", async (database) => {
    const { deliveries } = database.store;
    const [first, second] = [await recordOne(database, "a"), await recordOne(database, "b")];
    await deliveries.defer(first, "shop#1", "waits", NOW + 50);
    assert.equal(await deliveries.isBehind(second, "shop#1"), true);
    assert.equal(await deliveries.isBehind(second, "shop#2"), false);
    assert.equal(await deliveries.isBehind(first, "shop#1"), false);
    await deliveries.finish(first, "ignored", "not ours", null, NOW);
    assert.equal(await deliveries.isBehind(second, "shop#1"), false);
  });

  exercise(
    "I2: a delivery ends together with what is written down and told of it, or not at all",
    async (database) => {
      const { deliveries, events, outbox } = database.store;
      const ids = [await recordOne(database, "a"), await recordOne(database, "b")];
      const subject = { kind: "source", name: "chat:paper:9" } as const;
      const call = { target: "paper:team", kind: "chat.reply", payload: {} };
      const notice = { subject, event: { kind: "chat.answered", key: "k" }, calls: [call] };
      const ignored = { status: "ignored", reason: "no", task: null, notice } as const;
      const ends: boolean[] = [];
      for (const id of [...ids, ...ids]) ends.push(await deliveries.conclude(id, ignored, NOW));
      assert.deepEqual(ends, [true, false, false, false]);
      const states = await Promise.all(ids.map((id) => deliveries.get(id)));
      assert.deepEqual(
        states.map((one) => [one?.status, one?.reason]),
        [
          ["ignored", "no"],
          ["received", null],
        ],
      );
      assert.equal((await events.of(subject, 0, 10)).length, 1);
      assert.equal((await outbox.counts()).pending, 1);
      const processed = { status: "processed", reason: null, task: null, notice: null } as const;
      assert.equal(await deliveries.conclude(ids[1] ?? 0, processed, NOW), true);
      assert.equal((await deliveries.get(ids[1] ?? 0))?.status, "processed");
    },
  );

  for (const status of deliveryMoves.statuses) {
    const open = status === "received";
    exercise(`I2: a delivery that is ${status} can ${open ? "" : "not "}be ended`, async (database) => {
      const key = await putTask(database, 1);
      const ends: readonly [to: string, end: (id: number) => Promise<boolean>][] = [
        ["ignored", (id) => database.store.deliveries.finish(id, "ignored", "because", key, NOW)],
        ["failed", (id) => database.store.deliveries.finish(id, "failed", "because", key, NOW)],
        [
          "processed",
          async (id) => (await database.store.commit([changeOf(key)], id, NOW)).kind === "committed",
        ],
      ];
      for (const [to, end] of ends) {
        await write(database, "delete from deliveries");
        const id = await putDelivery(database, status);
        const before = await dump(database);
        assert.equal(await end(id), open, to);
        if (!open) assert.deepEqual(await dump(database), before);
        const after = await database.store.deliveries.get(id);
        const expected = open ? [to, key, NOW] : [status, null, 7];
        assert.deepEqual([after?.status, after?.task, after?.finishedAt], expected);
      }
      await write(database, "delete from deliveries");
      const id = await putDelivery(database, status);
      await database.store.deliveries.defer(id, "shop#1", "waits", NOW);
      const deferred = await database.store.deliveries.get(id);
      assert.deepEqual([deferred?.tries, deferred?.subject], open ? [1, "shop#1"] : [0, null]);
    });
  }

  exercise("A1: a replay is a new row with the same content", async (database) => {
    const { deliveries } = database.store;
    const id = await putDelivery(database, "ignored");
    const replay = async (now: number, key?: string): Promise<Delivery> => {
      const replayed = await deliveries.replay(id, now, key);
      return replayed.kind === "replayed" ? replayed.delivery : assert.fail(replayed.kind);
    };
    const [first, second] = [await replay(NOW + 1), await replay(NOW + 2)];
    assert.deepEqual([first.deliveryId, second.deliveryId], ["in ignored#replay-1", "in ignored#replay-2"]);
    assert.deepEqual([first.status, first.replayOf, first.receivedAt], ["received", id, NOW + 1]);
    assert.deepEqual(
      [first.body, first.event, first.headerId],
      [delivery("a").body, "issues", "header-in ignored"],
    );
    assert.equal((await deliveries.get(id))?.status, "ignored");
    const both = await Promise.all([replay(NOW), replay(NOW)]);
    assert.notEqual(both[0]?.id, both[1]?.id);
    const keyed = await Promise.all([replay(NOW, "k"), replay(NOW + 9, "k")]);
    assert.equal(keyed[0]?.id, keyed[1]?.id, "asked for twice by one key, it is replayed once");
    assert.notEqual((await replay(NOW, "other")).id, keyed[0]?.id);
    assert.deepEqual(await deliveries.replay(first.id, NOW), { kind: "waiting" }, "it is not handled yet");
    assert.deepEqual(await deliveries.replay(id + 1_000, NOW), { kind: "missing" });
  });

  exercise("deliveries are listed newest first, page by page, without their bodies", async (database) => {
    const { deliveries } = database.store;
    for (let index = 0; index < 7; index++) await recordOne(database, `d${index}`);
    await record(database, delivery("p", { source: "plane" }));
    const names: string[] = [];
    let before: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof deliveries.list>> = await deliveries.list({
        limit: 3,
        before,
        source: "github",
      });
      names.push(...page.items.map(({ deliveryId }) => deliveryId));
      assert.ok(page.items.every(({ body }) => body === ""));
      before = page.next;
    } while (before !== null);
    assert.deepEqual(names, ["d6", "d5", "d4", "d3", "d2", "d1", "d0"]);
    assert.equal((await deliveries.list({ limit: 10, before: null, status: "received" })).items.length, 8);
    assert.equal((await deliveries.list({ limit: 10, before: null, status: "failed" })).items.length, 0);
    assert.deepEqual(await deliveries.list({ limit: 10, before: "'; drop table jobs", status: "failed" }), {
      items: [],
      next: null,
    });
  });
}
