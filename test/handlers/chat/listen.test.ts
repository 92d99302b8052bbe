/** Chats that are heard by asking: one loop per account, begun again, and its trouble known. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { createListening } from "../../../handlers/chat/listen.ts";
import type { Taken } from "../../../handlers/chat/receiver.ts";
import { handClock, heardLog } from "../hand-moved.ts";
import { handEar, textOf, updateOf } from "./ear.ts";

function scene(kind: Taken["kind"] = "stored") {
  const [clock, log] = [handClock(), heardLog()];
  const listening = createListening({ receiver: { take: async () => ({ kind }) }, clock, log });
  return { clock, log, listening };
}

const turns = async (): Promise<void> => {
  for (let i = 0; i < 10; i++) await new Promise((resolve) => setImmediate(resolve));
};

test("what is heard is confirmed when it was taken in, and not before", async () => {
  for (const [kind, confirmed] of [
    ["stored", true],
    ["late", true],
    ["too_large", true],
    ["overloaded", false],
    ["unavailable", false],
  ] as const) {
    const [it, ear] = [scene(kind), handEar()];
    it.listening.follow([ear]);
    await turns();
    assert.equal(await ear.bring(updateOf(textOf("hello"))), confirmed, kind);
    await it.listening.stop();
    assert.equal(ear.listeners.now, 0);
  }
});

test("L1: a reload ends the loops that are gone, begins new ones after that, and disturbs no other", async () => {
  const it = scene();
  const [stays, before, after] = [handEar("a"), handEar("b"), handEar("b")];
  it.listening.follow([stays, before]);
  await turns();
  it.listening.follow([stays, after]);
  await turns();
  assert.deepEqual(stays.listeners, { now: 1, begun: 1 });
  assert.deepEqual(before.listeners, { now: 0, begun: 1 });
  assert.deepEqual(after.listeners, { now: 1, begun: 1 });
  it.listening.follow([]);
  await it.listening.stop();
  assert.deepEqual([stays.listeners.now, after.listeners.now], [0, 0]);
});

test("L2, L3: a loop that ends by itself is begun again; its trouble lasts until it is over", async () => {
  const [it, ear] = [scene(), handEar("a")];
  it.listening.follow([ear]);
  await turns();
  ear.suffer({ reason: "nobody answers", remedy: "look at the network" });
  ear.suffer({ reason: "nobody answers", remedy: "look at the network" });
  const [trouble] = it.listening.troubles();
  const since = it.clock.now();
  const wanted = { account: "a", reason: "nobody answers", remedy: "look at the network", since };
  assert.deepEqual(trouble, wanted);
  assert.equal(it.log.lines.length, 1, "told once");
  ear.suffer(null);
  assert.deepEqual(it.listening.troubles(), []);
  ear.breakOff();
  await turns();
  assert.equal(it.listening.troubles()[0]?.reason, "it stopped listening");
  assert.deepEqual(ear.listeners, { now: 1, begun: 2 });
  await it.listening.stop();
  assert.deepEqual(it.listening.troubles(), []);
});

test("L2: a listener that throws is one that ended", async () => {
  const it = scene();
  let calls = 0;
  const listen = (): Promise<void> => {
    calls += 1;
    return Promise.reject(new Error("broken"));
  };
  it.listening.follow([{ ...handEar("a"), listen }]);
  await turns();
  await it.listening.stop();
  assert.ok(calls > 1);
  assert.match(String(it.log.lines[0]?.["reason"]), /broken/);
});
