/** Turns in rows: a row each, whoever reads its lines and how often. */

import assert from "node:assert/strict";
import { TURNS_MAX } from "../../workflow/limits.ts";
import type { NewTurns, Turn } from "../../workflow/turn.ts";
import { reportOne } from "../report-one.ts";
import { dump, type Exercise, NOW, putRun, putTask, type TestDatabase, write } from "./database.ts";

function turn(number: number, more: Partial<Turn> = {}): Turn {
  const tokens = {
    inputTokens: 1,
    outputTokens: 2,
    cacheReadTokens: 3,
    cacheCreationTokens: 4,
    reasoningTokens: 5,
  };
  return {
    ...{ number, usage: { model: "m", ...tokens, costNanos: 7, costSource: "priced" } },
    ...{ status: "answered", requestId: `req_${number}`, latencyMs: 250, at: NOW + number },
    ...more,
  };
}

async function tell(
  { store }: TestDatabase,
  logOffset: number,
  turns: readonly Turn[],
  more: Partial<NewTurns> = {},
): Promise<boolean> {
  const progress = {
    logOffset,
    transcript: "{}",
    session: "s",
    model: null,
    usage: null,
    activeAt: NOW + 99,
  };
  return reportOne(store.runs, "r", { ...progress, turns: { turns, areAll: false, ...more } });
}

export function exerciseTurns(exercise: Exercise): void {
  exercise(
    "A16: a turn is a row with all that was told of it, and more of it is the same row",
    async (database) => {
      const { turns } = database.store;
      await putRun(database, "r", await putTask(database, 1), "running");
      const odd = turn(2, {
        ...{ status: "failed", requestId: null, latencyMs: null, at: null },
        usage: { ...turn(2).usage, model: "é\ud800\0\"'", costNanos: null, costSource: "unpriced" },
      });
      await tell(database, 10, [turn(1), odd]);
      assert.deepEqual(await turns.of("r", 0, 10), [
        turn(1),
        { ...odd, at: NOW + 99, usage: { ...odd.usage, model: "é\ufffd\"'" } },
      ]);
      await tell(database, 20, [turn(2, { latencyMs: 9 }), turn(3)]);
      await tell(database, 20, [turn(2, { latencyMs: 9 }), turn(3)]);
      assert.deepEqual(await turns.of("r", 0, 10), [turn(1), turn(2, { latencyMs: 9 }), turn(3)]);
      assert.deepEqual(await turns.of("r", 1, 1), [turn(2, { latencyMs: 9 })], "a page");
      assert.deepEqual(await turns.of("other", 0, 10), []);
    },
  );

  exercise(
    "A16: what is told of a run that is over, or by who has read less, is not written",
    async (database) => {
      await putRun(database, "r", await putTask(database, 1), "running");
      await tell(database, 10, [turn(1)]);
      const before = await dump(database);
      assert.equal(await tell(database, 5, [turn(1, { latencyMs: 1 }), turn(2)], { areAll: true }), false);
      assert.deepEqual(await dump(database), before);
      await write(database, "update runs set status = 'exited' where id = 'r'");
      await write(database, "update runs set status = 'failed', finished_at = 1 where id = 'r'");
      const over = await dump(database);
      assert.equal(await tell(database, 30, [turn(2)]), false);
      assert.deepEqual(await dump(database), over);
    },
  );

  exercise("A16: a program's own record replaces all that its output has told", async (database) => {
    const { turns } = database.store;
    await putRun(database, "r", await putTask(database, 1), "running");
    await tell(database, 10, [turn(1), turn(2), turn(3)]);
    await tell(database, 10, [turn(1, { requestId: "better" })], { areAll: true });
    assert.deepEqual(await turns.of("r", 0, 10), [turn(1, { requestId: "better" })]);
    await tell(database, 10, [], { areAll: true });
    assert.equal((await turns.of("r", 0, 10)).length, 1, "a record that tells nothing replaces nothing");
  });

  exercise(
    "A16: of one run the newest turns stay, and they can be forgotten as a whole",
    async (database) => {
      const { turns } = database.store;
      await putRun(database, "r", await putTask(database, 1), "running");
      await tell(database, 10, [turn(1), turn(2), turn(3)]);
      await tell(database, 20, [turn(TURNS_MAX + 2)]);
      assert.deepEqual(
        (await turns.of("r", 0, 10)).map(({ number }) => number),
        [3, TURNS_MAX + 2],
      );
      await turns.forget("r");
      assert.deepEqual(await turns.of("r", 0, 10), []);
    },
  );

  exercise(
    "D1: turns of a session are counted over its runs, and a run that tells of none is one",
    async (database) => {
      const { turns } = database.store;
      const task = await putTask(database, 1);
      await putRun(database, "r", task, "running");
      await tell(database, 10, [turn(1), turn(2)]);
      await write(database, "update runs set backend = 'claude' where id = 'r'");
      await putRun(database, "q", task, "failed");
      await write(database, "update runs set backend = 'claude', session = 's' where id = 'q'");
      assert.equal(await turns.ofSession("s", "claude"), 3);
      assert.equal(await turns.ofSession("s", "codex"), 0);
      assert.equal(await turns.ofSession("other", "claude"), 0);
    },
  );
}
