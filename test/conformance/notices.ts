/** Notices: histories and calls to the outside that belong to no task. */

import assert from "node:assert/strict";
import { SUBJECT_KINDS } from "../../workflow/subject.ts";
import { dump, type Exercise, NOW, putTask, write } from "./database.ts";

const ACCOUNT = { kind: "account", name: "team" } as const;
const CALL = { target: "log", kind: "notice", payload: { text: "the account is broken" } };

export function exerciseNotices(exercise: Exercise): void {
  for (const kind of SUBJECT_KINDS) {
    if (kind === "task") continue;
    exercise(`a ${kind} has a history of its own, numbered from 1`, async ({ store }) => {
      const { events } = store;
      const subject = { kind, name: "one" };
      for (const key of ["a", "b"]) {
        assert.equal(await events.notice(subject, { kind: "seen", key, data: { key } }, [], NOW), true);
        assert.equal(await events.notice({ kind, name: "other" }, { kind: "seen", key }, [], NOW), true);
      }
      assert.deepEqual(await events.of(subject, 0, 10), [
        { subject, seq: 1, kind: "seen", key: "a", data: { key: "a" }, at: NOW },
        { subject, seq: 2, kind: "seen", key: "b", data: { key: "b" }, at: NOW },
      ]);
      assert.deepEqual(
        (await events.of(subject, 1, 10)).map(({ seq }) => seq),
        [2],
      );
      assert.equal(await events.has(subject, "b"), true);
      assert.equal(await events.count(subject, "seen", NOW), 2);
    });
  }

  exercise("a notice is given once per key, and its calls with it", async (database) => {
    const { events, outbox } = database.store;
    const event = { kind: "account.broken", key: "broken 7" };
    assert.equal(await events.notice(ACCOUNT, event, [CALL, CALL], NOW), true);
    const before = await dump(database);
    assert.equal(await events.notice(ACCOUNT, event, [CALL], NOW + 1), false);
    assert.deepEqual(await dump(database), before);
    const due = await outbox.due("log", NOW, 10);
    assert.deepEqual(
      due.map(({ subject, target, payload }) => [subject, target, payload]),
      [
        [ACCOUNT, "log", CALL.payload],
        [ACCOUNT, "log", CALL.payload],
      ],
    );
  });

  exercise("of two that notice the same at once one does it", async ({ store: { events } }) => {
    const event = { kind: "account.broken", key: "broken 8" };
    const told = await Promise.all([1, 2, 3].map(() => events.notice(ACCOUNT, event, [], NOW)));
    assert.equal(told.filter(Boolean).length, 1);
    assert.equal((await events.of(ACCOUNT, 0, 10)).length, 1);
  });

  exercise("an account that is named like a task shares nothing with it", async (database) => {
    const key = await putTask(database, 1);
    const { events } = database.store;
    await events.notice({ kind: "account", name: key }, { kind: "account.broken", key: "k" }, [], NOW);
    assert.deepEqual(await events.of({ kind: "task", name: key }, 0, 10), []);
    assert.equal(await events.has({ kind: "task", name: key }, "k"), false);
  });

  exercise("the database knows the kinds of subjects, too", async (database) => {
    await assert.rejects(
      write(
        database,
        `insert into events (subject_kind, subject, seq, kind, data, at) values ('moon', 'x', 1, 'k', '{}', 1)`,
        [],
      ),
    );
  });
}
