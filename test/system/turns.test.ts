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
