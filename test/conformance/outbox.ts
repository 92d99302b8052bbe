/** The outbox: due in order, tried again later, ended once. */

import assert from "node:assert/strict";
import { outboxMoves } from "../../workflow/states.ts";
import { changeOf, dump, type Exercise, NOW, putTask, type TestDatabase, write } from "./database.ts";

async function putCall(database: TestDatabase, status: string): Promise<number> {
  const finished = status === "pending" ? null : 7;
  const [row] = await write(
    database,
    `insert into outbox (subject_kind, subject, target, kind, payload, due_at, created_at, status, finished_at)
     select 'task', key, 'github', 'comment', '{}', $1, $1, $2, $3 from tasks returning id`,
    [NOW, status, finished],
  );
  return Number(row?.["id"]);
}

export function exerciseOutbox(exercise: Exercise): void {
  for (const status of outboxMoves.statuses) {
    const verbs: readonly [
      verb: string,
      act: (database: TestDatabase, id: number) => Promise<boolean>,
      to: string,
    ][] = [
      ["sent", ({ store }, id) => store.outbox.sent(id, NOW + 1), "sent"],
      ["buried", ({ store }, id) => store.outbox.bury(id, "gone", NOW + 1), "dead"],
      ["tried again", ({ store }, id) => store.outbox.retry(id, "timeout", NOW + 9), "pending"],
    ];
    for (const [verb, act, to] of verbs) {
      const open = status === "pending";
      exercise(`a call that is ${status} can ${open ? "" : "not "}be ${verb}`, async (database) => {
        await putTask(database, 1);
        const id = await putCall(database, status);
        const before = await dump(database);
        assert.equal(await act(database, id), open);
        if (!open) assert.deepEqual(await dump(database), before);
        const [call] = (await database.store.outbox.list({ limit: 1, before: null })).items;
        assert.equal(call?.status, open ? to : status);
      });
    }
  }

  exercise("calls are due in order, and a failed one again when its time has come", async (database) => {
    const { outbox, commit } = database.store;
    const key = await putTask(database, 1);
    const calls = ["a", "b", "c"].map((kind) => ({ target: "github", kind, payload: { text: "ü" } }));
    await commit([changeOf(key, { outbox: calls })], null, NOW);
    assert.deepEqual(await outbox.due(NOW - 1, 10), []);
    const due = await outbox.due(NOW, 2);
    assert.deepEqual(
      due.map(({ kind, tries, payload }) => [kind, tries, payload]),
      [
        ["a", 0, { text: "ü" }],
        ["b", 0, { text: "ü" }],
      ],
    );
    assert.equal(await outbox.nextDue(), NOW);
    await outbox.retry(due[0]?.id ?? 0, "timeout", NOW + 50);
    await outbox.sent(due[1]?.id ?? 0, NOW);
    assert.deepEqual(
      (await outbox.due(NOW, 10)).map(({ kind }) => kind),
      ["c"],
    );
    const again = await outbox.due(NOW + 50, 10);
    assert.deepEqual(
      again.map(({ kind, tries, error }) => [kind, tries, error]),
      [
        ["c", 0, null],
        ["a", 1, "timeout"],
      ],
    );
    assert.equal((await outbox.list({ limit: 10, before: null, status: "sent" })).items.length, 1);
    assert.equal(await outbox.buryAll("restored", NOW + 60), 2);
    const dead = (await outbox.list({ limit: 10, before: null, status: "dead" })).items;
    assert.deepEqual(
      dead.map(({ kind, error, finishedAt }) => [kind, error, finishedAt]),
      [
        ["c", "restored", NOW + 60],
        ["a", "restored", NOW + 60],
      ],
    );
    assert.equal(await outbox.buryAll("restored", NOW + 70), 0);
  });
}
