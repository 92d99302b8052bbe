/** The bell that loops sleep on. */

import assert from "node:assert/strict";
import test from "node:test";
import { type Clock, systemClock } from "../../system/clock.ts";
import { createPeal, createWake } from "../../system/wake.ts";
import { settle } from "./settle.ts";

const clock = systemClock();

/** A clock whose sleeps are counted, and end by hand or by abort. */
function handClock(): { readonly clock: Clock; readonly naps: { ms: number; end: () => void }[] } {
  const naps: { ms: number; end: () => void }[] = [];
  const sleep: Clock["sleep"] = (ms, signal) =>
    new Promise((resolve) => {
      naps.push({ ms, end: resolve });
      signal?.addEventListener("abort", () => resolve());
    });
  return { clock: { ...clock, sleep }, naps };
}

test("Many rings before the sleeper looks are one, and none is lost", async () => {
  const { clock: hand, naps } = handClock();
  const wake = createWake(hand);
  const { signal } = new AbortController();
  for (let ring = 0; ring < 3; ring += 1) wake.ring();
  await wake.wait(1_000, signal);
  assert.deepEqual(naps, [], "a pending ring needs no sleep");

  const second = wake.wait(1_000, signal);
  let awake = false;
  void second.then(() => {
    awake = true;
  });
  await settle();
  assert.equal(awake, false, "the three rings were one");
  wake.ring();
  wake.ring();
  await second;
  const third = wake.wait(1_000, signal);
  await settle();
  assert.equal(naps.length, 2, "the last two rings were one");
  wake.ring();
  await third;
});

test("A ring that is lost costs the timeout and no more", async () => {
  const { clock: hand, naps } = handClock();
  const wake = createWake(hand);
  const waiting = wake.wait(5_000, new AbortController().signal);
  assert.equal(naps[0]?.ms, 5_000);
  naps[0]?.end();
  await waiting;
});

test("An abort ends the waiting, and a bell that nobody waits for any more collects no listeners", async () => {
  const { clock: hand, naps } = handClock();
  const wake = createWake(hand);
  const leaving = new AbortController();
  let listeners = 0;
  const { signal } = leaving;
  const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
  signal.addEventListener = (...args: Parameters<typeof add>): void => {
    listeners += 1;
    add(...args);
  };
  signal.removeEventListener = (...args: Parameters<typeof remove>): void => {
    listeners -= 1;
    remove(...args);
  };
  for (let nth = 0; nth < 20; nth += 1) {
    const waiting = wake.wait(1_000, signal);
    wake.ring();
    await waiting;
  }
  assert.equal(listeners, 0);
  const waiting = wake.wait(1_000, signal);
  leaving.abort();
  await waiting;
  await wake.wait(1_000, signal);
  assert.equal(naps.length, 21, "an aborted bell is not waited for");
});

test("One ring of a peal is heard by each of its sleepers, and by who is awake at his next rest", async () => {
  const { clock: hand, naps } = handClock();
  const peal = createPeal(() => createWake(hand));
  const [first, second] = [peal.join(), peal.join()];
  const { signal } = new AbortController();
  const asleep = first.wait(1_000, signal);
  peal.ring();
  await asleep;
  await second.wait(1_000, signal);
  assert.equal(naps.length, 1, "the ring was kept for the second");
});
