/** What is for one person's eyes: said to them alone over real HTTP, and to all only where it cannot be. */

import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { Ear } from "../../../chats/chat.ts";
import { replyCall } from "../../../chats/reply.ts";
import { askedBy, endWaiting, sayAside } from "../../../notifier/cards/aside.ts";
import { chatSender } from "../../../notifier/cards/sender.ts";
import type { Sender } from "../../../notifier/ports.ts";
import { chatSource } from "../../../workflow/delivery.ts";
import type { OutboxCall } from "../../../workflow/outbox.ts";
import { ALICE, stage as atDiscord } from "../../chats/discord/stage.ts";
import { says } from "../../chats/said.ts";
import { CHANNEL, type DiscordServer } from "../../proof/discord/server.ts";
import { call } from "../calls.ts";
import { type Stage, stage, TEAM } from "./stage.ts";

const never = new AbortController().signal;
const ANSWER = "there is no task SHOP-77";

interface Scene {
  readonly lane: Stage;
  readonly discord: DiscordServer;
  readonly ears: ReadonlyMap<string, Ear>;
  readonly sender: Sender;
  readonly owed: (isPrivate: boolean) => OutboxCall;
}

/** Alice has given a command on Discord, which is stored; whatever is said to all is seen by a chat of the test's. */
async function commanded(t: TestContext): Promise<Scene> {
  const [lane, { discord, ear, updates }] = [await stage(), await atDiscord(t)];
  const { chat } = lane.inForce;
  await discord.command(CHANNEL, "pause SHOP-77", ALICE);
  const [{ id, event, body }] = updates as [(typeof updates)[number]];
  const [stored] = await lane.store.deliveries.record(
    [{ source: chatSource(chat.account), deliveryId: id, headerId: null, event, body }],
    lane.now,
  );
  const ears = new Map([[chat.account, ear]]);
  const owed = (isPrivate: boolean): OutboxCall => {
    const reply = { message: says(ANSWER), replyTo: null, isPrivate, task: null, purpose: "reply" };
    return call(replyCall(TEAM, { ...reply, delivery: stored?.id ?? 0 }));
  };
  return { lane, discord, ears, sender: chatSender(lane.ports, chat, () => ears, never), owed };
}

function waiting({ state }: DiscordServer): number {
  return [...state.open.values()].filter(({ isDeferred }) => isDeferred).length;
}

test("a private answer is read by who asked, once their waiting has ended, and stands nowhere in the chat", async (t) => {
  const { lane, discord, sender, owed } = await commanded(t);
  assert.equal(waiting(discord), 1);
  assert.deepEqual(await sender.send(owed(true)), { kind: "sent" });
  assert.deepEqual(discord.state.whispers, [{ person: ALICE.id, content: ANSWER }]);
  assert.deepEqual([waiting(discord), lane.made], [0, []]);
  // The daemon died before it was written down: what stands there is written over.
  assert.deepEqual(await sender.send(owed(true)), { kind: "sent" });
  assert.deepEqual(lane.made, []);
});

test("a private answer waits for no turn of the chat, and for no rest of it", async (t) => {
  const { lane, discord, sender, owed } = await commanded(t);
  lane.ports.pacer.rest({ chat: TEAM }, 600_000);
  assert.deepEqual(await sender.send(owed(true)), { kind: "sent" });
  assert.equal(discord.state.whispers.length, 1);
});

test("what is answered to all is said in the chat, and who asked need not wait", async (t) => {
  const { lane, discord, sender, owed } = await commanded(t);
  discord.script = () => ({ kind: "reset", isDone: false });
  assert.equal((await sender.send(owed(false))).kind, "failed", "who asked still waits");
  discord.script = () => null;
  assert.deepEqual(await sender.send(owed(false)), { kind: "sent" });
  assert.deepEqual([lane.made, waiting(discord), discord.state.whispers], [["send"], 0, []]);
});

test("a private answer that does not arrive is given again, and said to all when it never will", async (t) => {
  const { lane, discord, sender, owed } = await commanded(t);
  discord.script = () => ({ kind: "reset", isDone: false });
  const failed = await sender.send(owed(true));
  assert.ok(failed.kind === "failed" && failed.fault === "call", "other calls of the chat go on");
  assert.deepEqual(lane.made, []);
  discord.script = () => null;
  discord.state.pass(15 * 60_000 + 1_000);
  assert.deepEqual(await sender.send(owed(true)), { kind: "sent" });
  assert.deepEqual([lane.made, discord.state.whispers], [["send"], []]);
});

test("what answers no delivery of this account, or nobody can answer alone, is said to all", async (t) => {
  const { lane, ears, owed } = await commanded(t);
  const { store, inForce } = lane;
  const { chat } = inForce;
  const [ear] = [...ears.values()];
  assert.ok(ear);
  assert.equal(await askedBy(store, new Map(), chat, owed(true)), null);
  assert.equal(
    await askedBy(store, new Map([[chat.account, { ...ear, answer: null }]]), chat, owed(true)),
    null,
  );
  assert.equal(
    await askedBy(store, new Map([["other", ear]]), { ...chat, account: "other" }, owed(true)),
    null,
  );
  assert.equal(await askedBy(store, ears, chat, call()), null);
  const gone = owed(true);
  assert.equal(
    await askedBy(store, ears, chat, { ...gone, payload: { ...gone.payload, delivery: 99 } }),
    null,
  );
  const asked = (await askedBy(store, ears, chat, owed(false))) ?? assert.fail();
  assert.equal(await sayAside(asked, says(ANSWER)), null, "it is meant for all");
  assert.deepEqual(await endWaiting(asked), { kind: "sent" });
});
