/** A digest on its way: said once in the chat, without a sound, and known in the ledger as one. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { chatSender } from "../../../notifier/cards/sender.ts";
import { DIGEST_KIND, digestCall, digestOf } from "../../../notifier/digests/call.ts";
import { textsIn } from "../../chats/telegram/stage.ts";
import { atTelegram, KEY } from "../cards/at-telegram.ts";

const MESSAGE = { lines: [{ weight: 1, pieces: [{ text: "🗒 The <day>" }] }], buttons: [] };

test("it is said once, silently, also when its call is made again", async (t) => {
  const { server, store, lanePorts, chatNow } = await atTelegram(t);
  await store.events.notice(
    { kind: "daemon", name: "digests" },
    { kind: DIGEST_KIND, key: "k" },
    [digestCall(KEY, MESSAGE)],
    1,
  );
  const [call] = await store.outbox.due(KEY, 1, 10);
  if (call === undefined) assert.fail("nothing is owed");
  const sender = chatSender(lanePorts, chatNow(), () => new Map(), new AbortController().signal);
  assert.deepEqual(await sender.send(call), { kind: "sent" });
  assert.deepEqual(await sender.send(call), { kind: "sent" });
  const [[id, text] = [0, ""], ...more] = [...textsIn(server)];
  assert.deepEqual([text, more], ["🗒 The <day>", []]);
  const sent = [...server.world.chats.values()].flatMap(({ messages }) => messages.get(id) ?? []);
  assert.equal(sent[0]?.isSilent, true);
  assert.equal((await store.messages.find({ chat: KEY, remote: String(id) }))?.purpose, "digest");
  assert.equal((await sender.send({ ...call, id: 99, payload: {} })).kind, "refused");
});

test("a call of another kind, or with something else in it, is no digest", () => {
  assert.equal(digestOf({ kind: "chat.reply", payload: { message: MESSAGE } }), null);
  for (const message of [null, "x", {}, { lines: 1, buttons: [] }])
    assert.equal(digestOf({ kind: DIGEST_KIND, payload: { message } }), null);
});
