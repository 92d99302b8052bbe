/** A message on trial, against the proof server of Telegram: what a person is told of each end, and what it changes. */

import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { Chat } from "../../../chats/chat.ts";
import { change, migrate } from "../../../cli/stage/fake-telegram/people.ts";
import { FAKE_GROUP, FAKE_PERSON } from "../../../cli/stage/fake-telegram/start.ts";
import type { LanePorts } from "../../../notifier/cards/lane.ts";
import { WEIGHTS } from "../../../notifier/cards/pacer.ts";
import { TRIAL_MS, trialMessage, tryChat } from "../../../notifier/cards/trial.ts";
import type { Tried } from "../../../notifier/channels/trial.ts";
import { type Clock, systemClock } from "../../../system/clock.ts";
import { textsIn } from "../../chats/telegram/stage.ts";
import { atTelegram, KEY, type Options } from "./at-telegram.ts";

/** Of the proof server: without topics, and so it can become a supergroup. */
const SMALL_GROUP = -5_001;

async function staged(t: TestContext, options: Options = {}) {
  const stage = await atTelegram(t, options);
  const { lanePorts, store } = stage;
  const run = (key = KEY): Promise<Tried> => tryChat(lanePorts, key, new AbortController().signal);
  const state = async () => (await store.chats.all()).find(({ chat }) => chat === KEY);
  return { ...stage, run, state };
}

const NOTHING = { id: null, until: null, reason: null, remedy: null };

/** The row of the one message that was on trial. */
async function rowOf({ store }: LanePorts, id: string) {
  return await store.messages.find({ chat: KEY, remote: id });
}

test("it arrives with its id, looks like a card, is in the ledger, and opens a closed chat", async (t) => {
  const it = await staged(t);
  await it.store.chats.close(KEY, { reason: "blocked", remedy: "unblock" }, 1, Number.MAX_SAFE_INTEGER);
  const tried = await it.run();
  const [[id, text] = [0, ""]] = [...textsIn(it.server)];
  assert.deepEqual(tried, { ...NOTHING, outcome: "arrived", id: String(id) });
  assert.match(text, /A test of chargehand\n[\s\S]*a card looks like this/);
  const row = await rowOf(it.lanePorts, String(id));
  assert.deepEqual([row?.status, row?.purpose, row?.task], ["shown", "notice", null]);
  assert.equal((await it.state())?.closedAt, null);
});

test("where a chat has no cards it is plain, and nowhere has it a button that nobody answers", () => {
  const [card, plain] = [trialMessage(true, 1), trialMessage(false, 1)];
  assert.ok(card.lines.length > plain.lines.length);
  assert.deepEqual([card.buttons, plain.buttons], [[], []]);
});

test("a wrong token is refused with what to do, closes the chat, and is nowhere in the words", async (t) => {
  const token = "123456:AAF-another_token_that_is_wrong";
  const it = await staged(t, { fields: { token } });
  const tried = await it.run();
  assert.equal(tried.outcome, "refused");
  assert.match(tried.reason ?? "", /401/);
  assert.match(tried.remedy ?? "", /BotFather/);
  assert.ok(!JSON.stringify(tried).includes("another_token"));
  assert.notEqual((await it.state())?.closedAt, null);
});

test("a blocked chat says so, and arrives once it is unblocked, although it is closed", async (t) => {
  const it = await staged(t);
  change(it.server.world, FAKE_GROUP, "kicked", FAKE_PERSON);
  const tried = await it.run();
  assert.deepEqual([tried.outcome, tried.remedy], ["refused", "add the bot to the chat again"]);
  assert.notEqual((await it.state())?.closedAt, null);
  change(it.server.world, FAKE_GROUP, "member", FAKE_PERSON);
  assert.equal((await it.run()).outcome, "arrived");
  assert.equal((await it.state())?.closedAt, null);
});

test("a limit says until when; while the chat rests for longer nothing is called", async (t) => {
  const it = await staged(t);
  it.server.world.faults.play({ planned: [{ kind: "429" }] });
  const limited = await it.run();
  assert.equal(limited.outcome, "limited");
  assert.ok((limited.until ?? 0) > Date.now());
  it.pacer.rest({ chat: KEY }, TRIAL_MS * 3);
  const before = [...it.server.world.calls.values()].reduce((sum, count) => sum + count, 0);
  const resting = await it.run();
  assert.equal(resting.outcome, "limited");
  assert.ok((resting.until ?? 0) > Date.now() + TRIAL_MS * 2);
  assert.equal(
    [...it.server.world.calls.values()].reduce((sum, count) => sum + count, 0),
    before,
  );
});

test("an answer that is lost is looked for: it stands there once, and is told as arrived", async (t) => {
  const it = await staged(t);
  assert.equal((await it.run()).outcome, "arrived");
  it.server.world.faults.play({ planned: [{ kind: "reset_after", method: "sendMessage" }] });
  const tried = await it.run();
  assert.equal(tried.outcome, "arrived");
  assert.equal(textsIn(it.server).size, 2);
});

test("where nobody can say whether it arrived, it says so, and leaves nothing that is looked for", async (t) => {
  const find: Chat["find"] = async () => ({ kind: "unknown", reason: "nobody can say" });
  const it = await staged(t, { plant: (chat) => ({ ...chat, find }) });
  it.server.world.faults.play({ planned: [{ kind: "reset_after", method: "sendMessage" }] });
  const tried = await it.run();
  assert.equal(tried.outcome, "unsure");
  assert.match(tried.reason ?? "", /look into the chat: it may have arrived/);
  assert.equal(await it.store.messages.loseOthers([], Date.now()), 0);
  assert.equal(await it.store.messages.nextDue(KEY, 0), null);
});

test("nobody there is unreachable, and a chat that has moved gets it at its new place", async (t) => {
  const away = await staged(t, { fields: { api: "http://127.0.0.1:9" } });
  assert.equal((await away.run()).outcome, "unreachable");
  const it = await staged(t, { group: SMALL_GROUP });
  const { id } = migrate(it.server.world, SMALL_GROUP);
  assert.equal((await it.run()).outcome, "arrived");
  const there = [...textsIn(it.server, id).values()].filter((text) => text.includes("A test of chargehand"));
  assert.equal(there.length, 1);
  assert.equal((await it.run("telegram:gone")).outcome, "refused");
});

test("V1: a chat that is busy for longer says so, and nothing is sent when its turn comes after all", async (t) => {
  const real = systemClock();
  const clock: Clock = {
    ...real,
    sleep: (ms, signal) => real.sleep(ms === TRIAL_MS ? 20 : ms, signal),
  };
  const it = await staged(t, { clock });
  let letGo = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const busy = it.pacer.turn(it.chatNow(), WEIGHTS.card, new AbortController().signal, () => held);
  const tried = await it.run();
  assert.deepEqual([tried.outcome, tried.until], ["limited", null]);
  letGo();
  await busy;
  await it.pacer.turn(it.chatNow(), WEIGHTS.card, new AbortController().signal, async () => undefined);
  assert.equal(textsIn(it.server).size, 0);
});
