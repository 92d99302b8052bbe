/** One chat, call by call: what follows from every end that a call may have. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { createRests } from "../../../notifier/cards/rests.ts";
import { stage, TEAM } from "./stage.ts";

const ABOUT = "card SHOP-1";

test("a card is sent once, edited when its task has moved, and costs nothing while nothing moves", async () => {
  const it = await stage();
  await it.settle();
  assert.deepEqual(it.made, ["send"]);
  await it.change();
  await it.settle();
  assert.deepEqual(it.made, ["send", "edit 1"]);
  it.now += 3_600_000;
  await it.settle();
  assert.deepEqual(it.made, ["send", "edit 1"]);
});

test("what somebody has deleted is sent anew, and after some times left alone for an hour", async () => {
  const it = await stage();
  await it.settle();
  for (let times = 0; times < 3; times++) {
    it.edits.push({ kind: "gone" });
    await it.change();
    await it.settle();
  }
  assert.deepEqual(it.made, ["send", "edit 1", "send", "edit 2", "send", "edit 3", "send"]);
  await it.change();
  await it.settle();
  assert.equal(it.made.at(-1), "send");
  it.now += 3_600_000;
  await it.settle();
  assert.equal(it.made.at(-1), "edit 4");
});

test("what the chat cannot read is sent without markup, and what it cannot read even so is not sent for ever", async () => {
  const it = await stage();
  const unreadable = { kind: "unreadable", reason: "no such tag" } as const;
  it.sends.push(unreadable, unreadable);
  await it.settle();
  it.now += 24 * 3_600_000;
  await it.settle();
  assert.deepEqual(
    it.bodies.map((body) => JSON.parse(body).isPlain),
    [false, true],
  );
  assert.match(it.ports.rests.troubles()[0]?.reason ?? "no trouble", /no trouble/, "told for an hour only");
  await it.change();
  await it.settle();
  assert.equal(it.made.length, 3, "another card is tried");
  it.edits.push(unreadable, unreadable);
  for (const _ of [1, 2]) {
    await it.change();
    await it.settle();
    it.now += 3_600_000;
  }
  assert.ok(it.made.length <= 6, it.made.join());
});

test("what is refused is told, and tried again only when it has changed", async () => {
  const it = await stage();
  it.sends.push({ kind: "refused", reason: "too rude" });
  await it.settle();
  assert.deepEqual(
    it.ports.rests.troubles().map(({ chat, reason }) => [chat, reason]),
    [[TEAM, "too rude"]],
  );
  it.now += 24 * 3_600_000;
  await it.settle();
  assert.deepEqual(it.made, ["send"]);
  await it.change();
  await it.settle();
  assert.deepEqual(it.made, ["send", "send"]);
});

test("a chat that asks for rest is not called, and nobody holds its turn meanwhile", async () => {
  const it = await stage();
  it.sends.push({ kind: "limited", afterMs: 600_000, scope: "chat", reason: "slow down" });
  const waits = await it.settle();
  assert.ok(waits > 500_000 && waits <= 600_000, `${waits}`);
  assert.deepEqual(it.made, ["send"]);
  const turn = it.ports.pacer.turn(it.inForce.chat, 0, new AbortController().signal, async () => "free");
  assert.equal(await turn, "free");
  it.now += 600_000;
  await it.settle();
  assert.deepEqual(it.made, ["send", "send"]);
});

test("a chat in which nothing can be said is closed, tried once in a while, and open once it has answered", async () => {
  const it = await stage();
  it.sends.push({ kind: "closed", scope: "chat", reason: "kicked", remedy: "invite it" });
  const waits = await it.settle();
  assert.ok(waits > 3_000_000, `${waits}`);
  assert.equal((await it.store.chats.all())[0]?.reason, "kicked");
  // The daemon that closed it is gone.
  Object.assign(it.ports.rests, createRests(it.ports));
  it.ports.rests.isClosed({ key: TEAM, account: "" });
  it.now += waits;
  await it.settle();
  assert.deepEqual(it.made, ["send", "send"]);
  assert.equal((await it.store.chats.all())[0]?.closedAt, null);
});

test("with other settings a chat that has moved is called by its own id again", async () => {
  const it = await stage();
  it.sends.push({ kind: "moved", chat: "-100" });
  await it.settle();
  assert.equal(it.ports.moved.get(TEAM), "-100");
  it.inForce = { ...it.inForce, digest: "b" };
  await it.settle();
  assert.equal(it.ports.moved.has(TEAM), false);
  assert.equal((await it.store.chats.all())[0]?.movedTo, null);
});

test("a send whose row could not be finished is looked for by the same daemon", async () => {
  let faults = 1;
  const it = await stage((real) => ({
    ...real,
    messages: {
      ...real.messages,
      arrived: async (...args) => {
        if (faults-- > 0) throw new Error("the disk is full");
        return await real.messages.arrived(...args);
      },
    },
  }));
  await assert.rejects(it.settle(), /the disk is full/);
  assert.equal((await it.store.messages.standing(TEAM, ABOUT))?.status, "sending");
  it.now += 31_000;
  await it.settle();
  assert.deepEqual(it.made, ["send", "find", "send"]);
  assert.equal((await it.store.messages.standing(TEAM, ABOUT))?.status, "shown");
});

test("a message that is too old to be taken away and takes no pointer either is given up", async () => {
  const it = await stage();
  await it.settle();
  const row = await it.store.messages.standing(TEAM, ABOUT);
  await it.store.messages.leave(row?.id ?? 0, it.now);
  it.removes.push({ kind: "too_old" });
  it.edits.push({ kind: "refused", reason: "not editable" });
  it.now += 25_000;
  await it.settle();
  assert.match((await it.store.messages.find({ token: row?.token ?? "" }))?.error ?? "", /not editable/);
});
