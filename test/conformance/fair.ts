/** What is due is looked at some at a time: of every project something, however much another has. */

import assert from "node:assert/strict";
import {
  configure,
  type Exercise,
  NOW,
  putHold,
  putJob,
  putTask,
  type TestDatabase,
  write,
} from "./database.ts";

/** More than is looked at in one go of any list. */
const MANY = 600;

/** Tasks of a mill that has many of them, and then the one of a shop. */
async function flood(
  database: TestDatabase,
  status: string,
  put: (task: string) => Promise<unknown>,
): Promise<string> {
  for (let number = 1; number <= MANY; number += 1)
    await put(await putTask(database, number, status, "mill"));
  const key = await putTask(database, 1, status);
  await put(key);
  return key;
}

export function exerciseFairness(exercise: Exercise): void {
  exercise("a project with many merges that wait starves no other", async (database) => {
    const { merges } = database.store;
    let dueAt = NOW - MANY - 1;
    const key = await flood(database, "active", (task) =>
      write(
        database,
        `insert into merges (task, seq, phase, status, tries, asked_at, due_at)
         values ($1, 1, 'merge', 'pending', 0, $2, $2)`,
        [task, ++dueAt],
      ),
    );
    const due = (await merges.due(NOW)).map(({ task }) => task);
    assert.deepEqual(due.slice(0, 3), ["MILL-1", key, "MILL-2"]);
    assert.ok(due.length < MANY);
  });

  exercise("a project with many tasks that wait for their workflow starves no other", async (database) => {
    const { repositories } = database.store;
    const key = await flood(database, "active", async (task) =>
      putHold(database, await putJob(database, task, "queued"), "workflow"),
    );
    const awaiting = (await repositories.awaiting()).map(({ task }) => task);
    assert.deepEqual(awaiting.slice(0, 3), ["MILL-1", key, "MILL-2"]);
    assert.ok(awaiting.length < MANY);
  });

  exercise("G4: a project with many words that nobody has heard starves no other", async (database) => {
    const { follow } = database.store;
    const say = (task: string, from: string): Promise<unknown> =>
      write(
        database,
        "insert into feedback (task, said_by, said_from, said, said_at) values ($1, 'x', $2, 'y', $3)",
        [task, from, NOW],
      );
    await configure(database, "mill", "shop");
    const key = await flood(database, "done", (task) => say(task, "cli"));
    const told = await putTask(database, 2, "done");
    await say(told, "daemon");
    const unheard = async (): Promise<readonly string[]> =>
      (await follow.unheard()).map(({ key: task }) => task);
    const found = await unheard();
    assert.deepEqual([found[0], found[1], found.length < MANY], ["MILL-1", key, true]);
    await configure(database, "shop");
    assert.deepEqual(await unheard(), [key], "the mill is gone, and what the daemon says is nobody's wish");
  });
}
