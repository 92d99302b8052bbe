/** Turns: one at a time per key, and a way past work that hangs. */

import assert from "node:assert/strict";
import test from "node:test";
import { createTurns } from "../../system/turns.ts";

const never = (): Promise<never> => new Promise(() => undefined);

test("Work on one key waits for earlier work on it, also for work that failed; other keys do not wait", async () => {
  const turns = createTurns();
  const history: string[] = [];
  let release: (() => void) | undefined;
  const first = turns.take("a", async () => {
    await new Promise<void>((resolve) => {
      release = resolve;
    });
    history.push("first");
    throw new Error("it failed");
  });
  const second = turns.take("a", async () => history.push("second"));
  await turns.take("b", async () => history.push("other"));
  assert.deepEqual(history, ["other"]);
  release?.();
  await assert.rejects(first, /it failed/);
  await second;
  assert.deepEqual(history, ["other", "first", "second"]);
});

test("Work that hangs is given up: what is asked for afterwards does not wait for it", async () => {
  const turns = createTurns();
  void turns.take("a", never);
  turns.forget("a");
  assert.equal(await turns.take("a", async () => "done"), "done");
  turns.forget("nobody");
});

test("Of work on one key as much is under way as is allowed, and the next begins when one is over", async () => {
  const turns = createTurns(2);
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const work = (name: string) => () =>
    new Promise<void>((resolve) => {
      begun.push(name);
      ends.push(resolve);
    });
  const all = ["a", "b", "c"].map((name) => turns.take("remote", work(name)));
  await Promise.resolve();
  assert.deepEqual(begun, ["a", "b"]);
  assert.deepEqual([turns.isBusy("remote"), turns.isBusy("other")], [true, false]);
  ends[1]?.();
  await all[1];
  assert.deepEqual(begun, ["a", "b", "c"]);
  ends[0]?.();
  ends[2]?.();
  await Promise.all(all);
  assert.equal(turns.isBusy("remote"), false);
});
