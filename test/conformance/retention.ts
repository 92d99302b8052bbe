/** What is deleted because it is old, and what is not although it is. */

import assert from "node:assert/strict";
import type { Step } from "../../store/retention.ts";
import type { Store } from "../../store/store.ts";
import { aboutTask } from "../../workflow/subject.ts";
import { artifact } from "../workflow/decide/phases.ts";
import { changeOf, dump, type Exercise, NOW, putTask, type TestDatabase, write } from "./database.ts";

const OLD = NOW - 1_000;

async function putDelivery(
  database: TestDatabase,
  name: string,
  status: string,
  task: string | null,
): Promise<void> {
  const finished = status === "received" ? null : OLD;
  await write(
    database,
    `insert into deliveries (source, delivery_id, event, status, task, received_at, finished_at, body)
     values ('github', $1, 'issues', $2, $3, $4, $5, '{}')`,
    [name, status, task, OLD, finished],
  );
}

async function walk({ retention }: Store, what: "deliveries" | "events", before: number): Promise<number> {
  let deleted = 0;
  for (let after: number | null = 0; after !== null; ) {
    const step: Step = await retention[what](after, before);
    deleted += step.deleted;
    after = step.next;
  }
  return deleted;
}

export function exerciseRetention(exercise: Exercise): void {
  exercise(
    "old deliveries go, but for those not handled, of unfinished tasks, and the newest",
    async (database) => {
      const { store } = database;
      const [open, over] = [await putTask(database, 1, "active"), await putTask(database, 2, "done")];
      await putDelivery(database, "d1", "received", null);
      await putDelivery(database, "d2", "processed", open);
      await putDelivery(database, "d3", "processed", over);
      for (let id = 4; id < 700; id++) await putDelivery(database, `d${id}`, "ignored", null);
      assert.equal(await walk(store, "deliveries", OLD), 0, "none is older than that");
      assert.equal(await walk(store, "deliveries", OLD + 1), 696);
      const left = (await store.deliveries.list({ limit: 10, before: null })).items;
      assert.deepEqual(
        left.map(({ deliveryId }) => deliveryId),
        ["d699", "d2", "d1"],
      );
      const { deliveries } = await store.totals(NOW);
      assert.deepEqual([deliveries["received"], deliveries["processed"], deliveries["ignored"]], [1, 1, 1]);
      assert.equal(await walk(store, "deliveries", OLD + 1), 0);
    },
  );

  exercise(
    "I8: the history of tasks that are finished for long goes, and the task with its count stays",
    async (database) => {
      const { store } = database;
      const keys = [await putTask(database, 1, "active"), await putTask(database, 2, "failed")];
      for (const key of keys)
        await store.commit(
          [changeOf(key, { events: [{ kind: "task.noted" }, { kind: "task.noted" }] })],
          null,
          NOW,
        );
      assert.equal(await walk(store, "events", NOW), 0, "none was finished before that");
      assert.equal(await walk(store, "events", NOW + 1), 2);
      assert.equal((await store.events.of(aboutTask("SHOP-1"), 0, 10)).length, 2);
      assert.deepEqual(await store.events.of(aboutTask("SHOP-2"), 0, 10), []);
      assert.equal((await store.tasks.get("SHOP-2"))?.events, 2);
    },
  );

  exercise(
    "A5: what phases of old tasks have left loses its text with the history, and keeps its hash",
    async (database) => {
      const { store } = database;
      const keys = [await putTask(database, 1, "active"), await putTask(database, 2, "done")];
      const said = { by: "bob", from: "cli" } as const;
      for (const key of keys) {
        const wrong = { isValid: false, problems: ["it repeats a word"] };
        const refused = { ...artifact(null), ...wrong, seq: 1, phase: "plan", cycle: 1, run: "r0" };
        const left = { ...artifact("good"), seq: 1, phase: "plan", cycle: 1, run: "r1" };
        const feedback = [
          { ...said, text: "heard" },
          { ...said, text: "not heard" },
        ];
        await store.commit([changeOf(key, { artifacts: [refused, left], feedback })], null, NOW);
        await write(database, "update feedback set heard_by = 'r1' where task = $1 and said = 'heard'", [
          key,
        ]);
      }
      await walk(store, "events", NOW);
      assert.equal((await store.phases.inputs("SHOP-2")).length, 1, "it was not finished before that");
      await walk(store, "events", NOW + 1);
      const texts = async (key: string): Promise<readonly unknown[]> =>
        (await store.phases.artifacts({ task: key, limit: 9, before: null })).items.map(
          ({ sha256, bytes, text, problems }) => [sha256.slice(0, 4), bytes, text, problems.length],
        );
      assert.deepEqual(await texts("SHOP-1"), [
        ["abab", 2, "{}", 0],
        ["abab", 2, "{}", 1],
      ]);
      assert.deepEqual(await texts("SHOP-2"), [
        ["abab", 2, "", 0],
        ["abab", 2, "", 0],
      ]);
      assert.deepEqual(await store.phases.inputs("SHOP-2"), [], "nobody is given what is gone");
      for (const key of keys)
        assert.deepEqual(
          (await store.approvals.unheard(key)).map(({ text }) => text),
          ["not heard"],
        );
      assert.equal((await dump(database))["feedback"]?.length, 3);
    },
  );

  exercise(
    "messages in chats go when they are gone for long; cards and what is in between stay",
    async (database) => {
      const { messages, retention } = database.store;
      const common = {
        chat: "telegram:team",
        task: null,
        isPlain: false,
        after: null,
        replyTo: null,
        meaning: null,
      };
      const ids: number[] = [];
      for (const [index, purpose] of (["card", "card", "reply", "notice", "card"] as const).entries()) {
        const place = { ...common, purpose, about: `about ${index}`, token: `t${index}`, replaces: null };
        ids.push((await messages.begin(place, NOW)) ?? 0);
      }
      const [shown = 0, gone = 0, reply = 0, notice = 0, young = 0] = ids;
      for (const id of [shown, reply, notice]) await messages.arrived(id, `${id}`, "x", NOW);
      await messages.end(gone, null, NOW);
      await messages.end(young, null, NOW + 10);
      assert.equal((await retention.messages(0, NOW)).deleted, 0);
      assert.equal((await retention.messages(0, NOW + 1)).deleted, 3);
      const left = await database.engine.all("select id from messages order by id", []);
      assert.deepEqual(
        left.map(({ id }) => Number(id)),
        [shown, young],
      );
    },
  );
}
