/** The outbox loop: what is owed is made, by host, until it is over; nothing of it is lost. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { PATIENCE_MS, REST_CAP_MS, RETRY_BASE_MS } from "../../notifier/judge.ts";
import type { Sent } from "../../notifier/ports.ts";
import { StoreFault } from "../../store/engine/engine.ts";
import { noticeCall } from "../../workflow/outbox.ts";
import { FAILED, SENT, stage } from "./stage.ts";

const SECOND = 1_000;

test("B1: what is owed is made at once, in order, and written down", async (t) => {
  const it = await stage(t);
  it.add("github", "forge", async () => SENT);
  await it.owe("github", "k1", "k2");
  it.start();
  await it.settle();
  await it.owe("github", "k3");
  await it.settle();
  assert.deepEqual(it.made, ["github k1", "github k2", "github k3"]);
  assert.deepEqual(await it.kinds("sent"), ["k1", "k2", "k3"]);
});

test("B1: a call whose try nobody has seen the end of is made again, and its sender knows", async (t) => {
  const it = await stage(t);
  it.add("github", "forge", async () => SENT);
  await it.owe("github", "k1");
  const [call] = await it.store.outbox.due("github", it.clock.now(), 1);
  await it.store.outbox.begin(call ?? assert.fail(), it.clock.now());
  it.start();
  await it.settle();
  assert.deepEqual(
    it.calls.map(({ tries, begunAt }) => [tries, begunAt]),
    [[1, it.clock.now()]],
  );
  assert.deepEqual(await it.kinds("sent"), ["k1"]);
});

test("B2: a host that does not answer delays nobody else, and no host has two calls at once", async (t) => {
  const it = await stage(t);
  let [atOnce, most] = [0, 0];
  const answers: ((sent: Sent) => void)[] = [];
  const slow = async (): Promise<Sent> => {
    most = Math.max(most, ++atOnce);
    const sent = await new Promise<Sent>((resolve) => answers.push(resolve));
    atOnce -= 1;
    return sent;
  };
  it.add("webhook:a", "slow", slow);
  it.add("webhook:b", "slow", slow);
  it.add("webhook:c", "quick", async () => SENT);
  it.start();
  await it.owe("webhook:a", "a1", "a2");
  await it.owe("webhook:b", "b1");
  await it.owe("webhook:c", "c1");
  await it.settle();
  await it.owe("webhook:c", "c2");
  await it.settle();
  assert.deepEqual(it.made, ["webhook:a a1", "webhook:c c1", "webhook:c c2"]);
  for (let answered = 0; answered < 3; answered++) {
    answers.shift()?.(SENT);
    await it.settle();
  }
  assert.equal(most, 1);
  assert.equal((await it.kinds("sent")).length, 5);
});

test("J2: a host that fails rests, is tried by one call, and gets the rest once it is well", async (t) => {
  const it = await stage(t);
  let isUp = false;
  it.add("webhook:a", "h", async () => (isUp ? SENT : FAILED));
  await it.owe("webhook:a", "a1", "a2", "a3", "a4", "a5");
  it.start();
  await it.settle();
  assert.equal(it.made.length, 3);
  const [resting] = it.outbox.resting();
  assert.deepEqual([resting?.host, resting?.failures, resting?.reason], ["h", 3, "h answered 503"]);
  await it.pass(REST_CAP_MS);
  assert.equal(it.made.length, 4, "the probe alone");
  isUp = true;
  await it.pass(REST_CAP_MS);
  assert.deepEqual(await it.kinds("sent"), ["a1", "a2", "a3", "a4", "a5"]);
  assert.deepEqual(it.outbox.resting(), []);
});

test("a call that alone is refused waits by itself, and the host goes on with the others", async (t) => {
  const it = await stage(t);
  it.add("webhook:a", "h", async ({ kind }) => (kind === "bad" ? { ...FAILED, fault: "call" } : SENT));
  await it.owe("webhook:a", "bad", "k1", "k2", "k3", "k4");
  it.start();
  await it.settle();
  assert.deepEqual(await it.kinds("sent"), ["k1", "k2", "k3", "k4"]);
  assert.deepEqual(it.outbox.resting(), []);
  await it.pass(RETRY_BASE_MS);
  assert.equal(it.made.filter((one) => one.endsWith("bad")).length, 2);
});

test("a sender with a defect keeps no other call waiting", async (t) => {
  const it = await stage(t);
  it.add("webhook:a", "h", async ({ kind }) => {
    if (kind === "bad") throw new Error("cannot read properties of undefined");
    return SENT;
  });
  await it.owe("webhook:a", "bad", "k1");
  it.start();
  await it.settle();
  assert.deepEqual(await it.kinds("sent"), ["k1"]);
  const [bad] = (await it.store.outbox.list({ limit: 1, before: null, status: "pending" })).items;
  assert.match(bad?.error ?? "", /by a defect: cannot read/);
});

test("J1: what nobody takes for three days is given up, and another channel tells a person", async (t) => {
  const it = await stage(t);
  it.add("webhook:a", "h", async () => FAILED);
  it.add("webhook:b", "g", async () => SENT);
  it.channels = ["webhook:a", "webhook:b"].map((target) => ({ target, projects: null }));
  await it.owe("webhook:a", "a1");
  it.start();
  await it.settle();
  await it.pass(PATIENCE_MS);
  assert.deepEqual(await it.kinds("dead"), ["a1"]);
  assert.equal(it.made.at(-1), "webhook:b outbox.dead");
  assert.equal(it.calls.at(-1)?.payload["message"], "1 call to the outside was given up: webhook:a");
  const times = it.made.length;
  await it.pass(60 * SECOND);
  assert.equal(it.made.length, times, "it is told once");
});

test("J3: what is owed to a channel that is gone is dead with what to do, told, and tried again when it is back", async (t) => {
  const it = await stage(t);
  await it.owe("webhook:a", "a1", "a2");
  it.start();
  await it.settle();
  assert.deepEqual(it.made, ["log outbox.dead"]);
  const { items } = await it.store.outbox.list({ limit: 9, before: null, status: "dead" });
  assert.equal(items.length, 2);
  assert.match(items[0]?.error ?? "", /has no webhook:a any more; put it back under notify .*outbox retry/);
  it.add("webhook:a", "h", async () => SENT);
  for (const { id } of items) await it.store.outbox.retry(id, it.clock.now());
  await it.settle();
  assert.deepEqual(await it.kinds("dead"), []);
  assert.equal(it.made.length, 3);
});

test("a notice is told by every channel, with an id that stays the same at each try", async (t) => {
  const it = await stage(t);
  let tries = 0;
  it.add("webhook:a", "h", async () => (++tries < 3 ? { ...FAILED, fault: "call" } : SENT));
  it.channels = ["log", "webhook:a"].map((target) => ({ target, projects: null }));
  const notice = { kind: "task.failed", project: null, message: "m", reason: null, remedy: null } as const;
  const event = { kind: "task.failed", key: "k" };
  await it.store.events.notice({ kind: "daemon", name: "box" }, event, [noticeCall(notice)], it.clock.now());
  it.start();
  await it.settle();
  for (let passed = 0; passed < 3; passed++) await it.pass(20 * SECOND);
  const ids = (target: string) =>
    it.calls.filter((call) => call.target === target).map(({ payload }) => payload["message_id"]);
  assert.deepEqual([ids("log").length, ids("webhook:a").length], [1, 3]);
  assert.equal(new Set(ids("webhook:a")).size, 1);
  assert.equal(new Set([...ids("log"), ...ids("webhook:a")]).size, 2);
});

test("B4: a database that does not answer ends nothing, and what was owed is made later", async (t) => {
  const it = await stage(t);
  it.add("github", "forge", async () => SENT);
  await it.owe("github", "k1");
  const { sent } = it.store.outbox;
  let isFull = true;
  Object.assign(it.store.outbox, {
    sent: async (...given: Parameters<typeof sent>) => {
      if (isFull) throw new StoreFault("full", "the disk is full", "make room");
      return sent(...given);
    },
  });
  it.start();
  await it.settle();
  assert.equal(it.made.length, 1);
  assert.ok(it.log.lines.some(({ event }) => event === "outbox.faulted"));
  isFull = false;
  await it.pass(10 * SECOND);
  assert.deepEqual(await it.kinds("sent"), ["k1"]);
});

test("a flush resolves when nothing is due any more, and waits no longer than it may", async (t) => {
  const it = await stage(t);
  const answers: ((sent: Sent) => void)[] = [];
  it.add("webhook:a", "h", () => new Promise<Sent>((resolve) => answers.push(resolve)));
  await it.outbox.flush(5 * SECOND);
  it.start();
  await it.settle();
  await it.outbox.flush(5 * SECOND);
  await it.owe("webhook:a", "a1", "a2");
  let isOver = false;
  const flush = it.outbox.flush(5 * SECOND).then(() => {
    isOver = true;
  });
  for (let answered = 0; answered < 2; answered++) {
    await it.settle();
    assert.equal(isOver, false);
    answers.shift()?.(SENT);
  }
  await flush;
  await it.owe("webhook:a", "a3");
  const cut = it.outbox.flush(5 * SECOND);
  await it.pass(5 * SECOND);
  await cut;
  answers.shift()?.(SENT);
  await it.settle();
});
