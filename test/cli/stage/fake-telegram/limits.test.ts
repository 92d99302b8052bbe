/** The limits of a chat, a group and an account; and that who keeps to the documented distances never meets one. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { createLimits } from "../../../../cli/stage/fake-telegram/limits.ts";

function stage(speed = 1) {
  let now = 0;
  const limits = createLimits(() => now, speed);
  const pass = (ms: number): void => {
    now += ms;
  };
  return { limits, pass };
}

test("a private chat takes a short burst, then one a second, and waits as it was told", () => {
  const { limits, pass } = stage();
  const waits = Array.from({ length: 4 }, () => limits.take(1, false));
  assert.deepEqual(waits, [null, null, null, 1]);
  assert.equal(limits.take(1, false), 1);
  assert.deepEqual(limits.violations, { chat: 1, group: 0, account: 0, impatient: 1 });
  pass(1_001);
  assert.equal(limits.take(1, false), null);
});

test("at the documented distances an hour passes without a refusal, in a private chat and in a group", () => {
  for (const [distance, isGroup] of [
    [1_050, false],
    [3_100, true],
  ] as const) {
    const { limits, pass } = stage();
    for (let at = 0; at < 3_600_000; at += distance, pass(distance))
      assert.equal(limits.take(1, isGroup), null);
  }
});

test("a group takes 20 a minute, and an account 30 a second over all chats", () => {
  const group = stage();
  const waits = Array.from({ length: 21 }, () => {
    group.pass(1_500);
    return group.limits.take(1, true);
  });
  assert.equal(waits.filter((wait) => wait === null).length, 20);
  assert.equal(group.limits.violations.group, 1);
  const account = stage();
  for (let chat = 1; chat <= 31; chat += 1) account.limits.take(chat, false);
  assert.equal(account.limits.violations.account, 1);
});

test("with speed, all of it goes by as much faster", () => {
  const { limits, pass } = stage(60);
  for (let call = 0; call < 100; call += 1, pass(52)) assert.equal(limits.take(1, true), null);
});
