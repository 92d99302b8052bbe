/** Chats from the delivery to what is told, on the real store and the real API. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Incoming, Update } from "../../../chats/chat.ts";
import { StoreFault } from "../../../store/engine/engine.ts";
import type { Store } from "../../../store/store.ts";
import { STRANGERS_TOLD_MAX } from "../../../workflow/limits.ts";
import { plainClaimConfig } from "../../claim-config.ts";
import { items } from "../api/served.ts";
import { ACCOUNT, ADA, pressOf, ROOM, textOf, updateOf } from "./ear.ts";
import { CHAT, room, TEAM } from "./room.ts";

const BOB = { id: "4712", name: "Bob" };
const EVE = { id: "666", name: "ada" };

test("T1: what an allowed person asks for is done in the name that the configuration gives them", async (t) => {
  const it = await room(t);
  const { delivery, replies, text } = await it.say("/new shop Sort the shelves\nby height");
  assert.deepEqual([delivery.status, delivery.task], ["processed", "SHOP-1"]);
  const task = (await it.store.tasks.get("SHOP-1")) ?? assert.fail();
  assert.deepEqual([task.title, task.body, task.author], ["Sort the shelves", "by height", "ada"]);
  assert.equal(text, "SHOP-1 is made: Sort the shelves");
  const [reply] = replies;
  assert.deepEqual([reply?.replyTo, reply?.isPrivate, reply?.task], ["m1", false, "SHOP-1"]);
  const [created] = await it.store.events.of({ kind: "task", name: "SHOP-1" }, 0, 10);
  assert.match(JSON.stringify(created), /"by":"ada".*|"kind":"chat"/);
  const [answered] = await it.store.events.of({ kind: "source", name: `chat:${ACCOUNT}` }, 0, 10);
  assert.equal(answered?.kind, "chat.answered");
  assert.deepEqual([answered?.data["person"], answered?.data["name"]], [ADA.id, ADA.name]);
});

test("T1: a stranger changes nothing whatever they are called, is told so once, and is written down each time", async (t) => {
  const it = await room(t);
  const key = await it.newTask();
  it.know("tok", "m7", { task: key, purpose: "card" });
  const before = JSON.stringify(await it.store.tasks.get(key));
  const asked = [
    await it.say("/cancel SHOP-1", { person: EVE }),
    await it.press("tok", "cancel", { person: EVE }),
    await it.say("please stop", { person: EVE, replyTo: "m7" }),
    await it.say("/link abc", { person: EVE }),
    await it.say("/nonsense", { person: EVE }),
    await it.press("unknown", "stopall.yes", { person: EVE }),
  ];
  for (const { delivery } of asked) {
    assert.equal(delivery.status, "ignored");
    assert.equal(delivery.reason, `666 (ada) is not one of the people of ${CHAT}`);
  }
  assert.deepEqual(
    asked.map(({ replies }) => replies.length),
    [1, 0, 0, 0, 0, 0],
  );
  assert.match(asked[0]?.text ?? "", /Your id is 666\./);
  assert.equal(JSON.stringify(await it.store.tasks.get(key)), before);
  assert.equal((await it.store.holds.wide()).length, 0);
});

test("T1: where one person can be answered alone a stranger is told nothing before all, and again when they ask again", async (t) => {
  const it = await room(t, { isDiscreet: true });
  it.know("tok", "m7", { task: await it.newTask(), purpose: "card" });
  const heard = [
    await it.say("/cancel SHOP-1", { person: EVE, isCommand: true }),
    await it.press("tok", "cancel", { person: EVE }),
  ];
  assert.deepEqual(
    heard.map(({ delivery, replies }) => [delivery.status, replies.length]),
    [
      ["ignored", 0],
      ["ignored", 0],
    ],
  );
  assert.equal(it.ear.answered.length, 1, "once in a minute");
  it.clock.move(60_000);
  await it.press("tok", "cancel", { person: EVE });
  assert.match(JSON.stringify(it.ear.answered.map(({ message }) => message)), /id is 666.*id is 666/);
  assert.deepEqual(it.ear.told, []);
  const events = await it.store.events.of({ kind: "source", name: `chat:${ACCOUNT}` }, 0, 10);
  assert.deepEqual(
    events.map(({ kind }) => kind),
    ["chat.stranger"],
  );
});

test("T4: whoever sees that an answer is awaited to what has none, waits no more", async (t) => {
  const it = await room(t, { isDiscreet: true });
  const { delivery } = await it.say("/cancel SHOP-1", { chat: "-999", isCommand: true });
  await it.say("/cancel SHOP-1", { chat: "-999", person: EVE });
  assert.deepEqual(it.ear.answered, [{ id: delivery.deliveryId, message: null }]);
});

test("what is refused is told alone where that can be, and what is to be pressed stands in the chat", async (t) => {
  const it = await room(t, { isDiscreet: true });
  const late = await it.bring(updateOf(pressOf("gone", "pause"), "p9"));
  assert.equal(late.replies[0]?.isPrivate, true);
  assert.deepEqual(it.ear.told, [{ id: "p9", text: null }], "the answer says it");
  const sure = await it.say("/stopall", { isCommand: true });
  assert.deepEqual([sure.replies[0]?.isPrivate, sure.replies[0]?.message.buttons.length], [false, 1]);
});

test("T1: of a crowd of strangers only some are told", async (t) => {
  const it = await room(t);
  let replies = 0;
  for (let i = 0; i < STRANGERS_TOLD_MAX + 10; i++)
    replies += (await it.say("/status", { person: { id: `9${i}`, name: "x" } })).replies.length;
  assert.equal(replies, STRANGERS_TOLD_MAX);
});

test("T4: what is said in another chat, or to nobody here, has no effect and no answer", async (t) => {
  const topical = { ...TEAM, key: "paper:ops", topic: "5", place: "-5" };
  const it = await room(t, { chats: [TEAM, topical] });
  await it.newTask();
  for (const heard of [
    await it.say("/cancel SHOP-1", { chat: "-999" }),
    await it.press("tok", "cancel", { chat: "-999" }),
    await it.say("/cancel SHOP-1", { chat: "-5", topic: "6" }),
    await it.say("good morning"),
    await it.say("good morning", { person: EVE }),
    await it.say("I agree", { replyTo: "of somebody" }),
    await it.bring(updateOf({ kind: "nothing", reason: "a bot has said it" })),
  ]) {
    assert.equal(heard.delivery.status, "ignored");
    assert.ok(heard.delivery.reason);
    assert.equal(heard.replies.length, 0);
  }
  assert.equal((await it.store.tasks.get("SHOP-1"))?.status, "active");
  assert.equal((await it.say("/cancel SHOP-1", { chat: "-5", topic: "5" })).delivery.status, "processed");
});

test("of several entries for one chat it is that of the message, or the first one that has the person", async (t) => {
  const bobs = { ...TEAM, key: "paper:bobs", people: new Map([["4712", "robert"]]), projects: ["stock"] };
  const it = await room(t, { chats: [bobs, TEAM] });
  const key = await it.newTask();
  assert.equal((await it.say(`/pause ${key}`)).delivery.status, "processed");
  assert.match((await it.say(`/resume ${key}`, { person: BOB })).text, /there is no task SHOP-1 here/);
  it.know("tok", "m7", { task: key });
  assert.equal((await it.press("tok", "resume", { person: BOB })).delivery.status, "processed");
  const stranger = await it.say("/status", { person: EVE });
  assert.match(stranger.delivery.reason ?? "", /people of paper:bobs/);
});

test("I2: the same update twice, and a replay of it, have one effect", async (t) => {
  const it = await room(t);
  const update = updateOf(textOf("/new shop Sort"), "77");
  const first = await it.bring(update);
  const again = await it.bring(update);
  assert.equal(first.delivery.id, again.delivery.id, "a repetition is the same delivery");
  const { body, status } = await it.post(`/deliveries/${first.delivery.id}/replay`, {});
  assert.equal(status, 201);
  await it.drain();
  const replayed = await it.heard(Number(body["id"]));
  assert.deepEqual([replayed.delivery.status, replayed.delivery.task], ["processed", "SHOP-1"]);
  const { body: second } = await it.post(`/deliveries/${body["id"]}/replay`, { key: "once-more" });
  await it.drain();
  assert.equal((await it.heard(Number(second["id"]))).delivery.status, "processed", "and one of a replay");
  assert.equal(items(await it.get("/tasks"), "tasks").length, 1);
});

/** A store that dies, once, between the effect and the mark. */
function dying(): { wrap: (store: Store) => Store; readonly deaths: number } {
  let deaths = 0;
  return {
    get deaths() {
      return deaths;
    },
    wrap: (store) => ({
      ...store,
      deliveries: {
        ...store.deliveries,
        conclude: async (...args) => {
          deaths += 1;
          if (deaths === 1) throw new StoreFault("busy", "killed here", "");
          return store.deliveries.conclude(...args);
        },
      },
    }),
  };
}

test("T2: killed between the effect and the mark, it is handled again, has one effect and is told as if nothing was", async (t) => {
  for (const [text, count] of [
    ["/new shop Another", (bodies: string) => bodies.split("Another").length - 1],
    ["/say SHOP-1 look again", (bodies: string) => bodies.split("look again").length - 1],
    ["/cancel SHOP-1 no", (bodies: string) => bodies.split("task.cancelled").length - 1],
    ["/raise shop 5 runs today", (bodies: string) => bodies.split('"raised":5').length - 1],
    ["/retry SHOP-2", (bodies: string) => bodies.split("task.retried").length - 1],
  ] as const) {
    const death = dying();
    const claimConfig = limited();
    const it = await room(t, { inboxStore: death.wrap, claimConfig });
    await it.newTask();
    const other = await it.newTask({ title: "given up" });
    await it.post(`/tasks/${other}/cancel`, {});
    const id = await it.put(updateOf(textOf(text)));
    await it.drain();
    assert.equal((await it.heard(id)).delivery.status, "received", "it is to be handled again");
    it.clock.move(3_600_000);
    await it.drain();
    const { delivery, replies } = await it.heard(id);
    assert.equal(delivery.status, "processed", `${text}: ${delivery.reason}`);
    assert.equal(replies.length, 1);
    assert.equal(death.deaths, 2);
    const [tasks, one, two, feedback, budgets] = [
      (await it.get("/tasks")).body,
      (await it.get("/tasks/SHOP-1/events")).body,
      (await it.get("/tasks/SHOP-2/events")).body,
      await it.store.approvals.unheard("SHOP-1"),
      (await it.get("/budgets?project=shop")).body,
    ];
    const all = text.startsWith("/new")
      ? JSON.stringify(tasks)
      : text.startsWith("/cancel")
        ? JSON.stringify(one)
        : JSON.stringify([two, feedback, budgets]);
    assert.equal(count(all), 1, `${text}: ${all}`);
  }
});

function limited() {
  const config = plainClaimConfig([{ name: "shop", concurrency: 10 }]);
  const budget = [{ scope: "day", unit: "runs", amount: 100 }] as const;
  return { ...config, projects: config.projects.map((one) => ({ ...one, budget })) };
}

test("one chat is heard in order, and another one does not wait for it", async (t) => {
  const other = { ...TEAM, key: "paper:ops", place: "-5" };
  let isDown = true;
  const it = await room(t, {
    chats: [TEAM, other],
    wrap: (store) => ({
      ...store,
      tasks: {
        ...store.tasks,
        find: (...args) => {
          if (isDown && JSON.stringify(args).includes("u-first")) throw new StoreFault("busy", "not now", "");
          return store.tasks.find(...args);
        },
      },
    }),
  });
  const first = await it.put(updateOf(textOf("/new shop first"), "u-first"));
  const second = await it.put(updateOf(textOf("/new shop second")));
  const elsewhere = await it.put(updateOf(textOf("/new shop elsewhere", { chat: "-5" })));
  await it.drain();
  const status = async (id: number) => (await it.heard(id)).delivery.status;
  assert.deepEqual(
    [await status(first), await status(second), await status(elsewhere)],
    ["received", "received", "processed"],
  );
  isDown = false;
  for (let i = 0; i < 20; i++) {
    it.clock.move(60_000);
    await it.drain();
  }
  const [a, b] = [await it.heard(first), await it.heard(second)];
  assert.deepEqual([a.delivery.task, b.delivery.task], ["SHOP-2", "SHOP-3"]);
});

test("that a chat has moved, or cannot be spoken in, is told to the ledger", async (t) => {
  const it = await room(t);
  await it.bring(updateOf({ kind: "moved", chat: ROOM, to: "-7" }));
  await it.bring(updateOf({ kind: "access", chat: ROOM, isOpen: false, reason: "kicked" }));
  assert.deepEqual(it.heardOf, [
    ["moved", ACCOUNT, ROOM, "-7"],
    ["access", ACCOUNT, ROOM, false, "kicked"],
  ]);
});

test("I12: no secret is told, in no message, no acknowledgement and no history", async (t) => {
  const it = await room(t);
  it.log.redactor.learn(["hunter2-Zq9xw7"]);
  await it.newTask({ title: "open hunter2-Zq9xw7 now" });
  it.know("tok", "m7", { task: "SHOP-1", purpose: "card" });
  const { text } = await it.say("/task SHOP-1");
  assert.match(text, /open \[secret\] now/);
  await it.say("/new shop hunter2-Zq9xw7");
  await it.press("tok", "explain");
  const refused = await it.say("/new hunter2-Zq9xw7 Sort");
  assert.match(refused.delivery.reason ?? "", /no project \[secret\]/);
  const stranger = await it.say("/status", { person: { id: "777", name: "hunter2-Zq9xw7" } });
  assert.match(stranger.delivery.reason ?? "", /^777 \(\[secret\]\)/);
  const events = await it.store.events.of({ kind: "source", name: `chat:${ACCOUNT}` }, 0, 50);
  const calls = await it.store.outbox.list({ limit: 50, before: null });
  assert.doesNotMatch(JSON.stringify([events, calls, it.ear.told]), /hunter2/);
});

test("an ear finds out what it needs before an update is understood", async (t) => {
  const it = await room(t);
  let isPrepared = false;
  const { decode } = it.ear;
  Object.assign(it.ear, {
    prepare: async () => {
      isPrepared = true;
    },
    decode: (update: Update): Incoming =>
      isPrepared ? decode(update) : { kind: "nothing", reason: "who could know" },
  });
  assert.equal((await it.say("/status")).delivery.status, "processed");
});

test("an update of an account that is there no more, or that nobody can decode, ends", async (t) => {
  const it = await room(t);
  const broken = await it.bring({ id: "b1", event: "message", body: "no JSON" });
  assert.equal(broken.delivery.status, "failed");
  const [recorded] = await it.store.deliveries.record(
    [{ source: "chat:gone:1", deliveryId: "1", headerId: null, event: "x", body: "{}" }],
    it.clock.now(),
  );
  await it.drain();
  const gone = await it.heard(recorded?.id ?? 0);
  assert.deepEqual(
    [gone.delivery.status, gone.delivery.reason],
    ["ignored", "nobody listens to this account any more"],
  );
  const listed = items(await it.get("/deliveries?source=chat:gone:1"), "deliveries");
  assert.equal(listed.length, 1);
});

test("a press is acknowledged once, with what came of it", async (t) => {
  const it = await room(t);
  const key = await it.newTask();
  it.know("tok", "m7", { task: key, purpose: "card" });
  const { replies, delivery } = await it.bring(updateOf(pressOf("tok", "pause"), "p1"));
  assert.equal(delivery.status, "processed");
  assert.equal(replies.length, 0, "its card shows it");
  const late = await it.bring(updateOf(pressOf("gone", "pause"), "p2"));
  assert.match(late.text, /not known here any more/);
  assert.deepEqual(it.ear.told, [
    { id: "p1", text: "SHOP-1 is paused." },
    { id: "p2", text: "this message is not known here any more" },
  ]);
});
