/** What is deleted because it is old, and what is not although it is. */

import assert from "node:assert/strict";
import type { Step } from "../../store/retention.ts";
import type { Store } from "../../store/store.ts";
import { aboutTask } from "../../workflow/subject.ts";
import { changeOf, type Exercise, NOW, putTask, type TestDatabase, write } from "./database.ts";

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
}
