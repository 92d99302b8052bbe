/** What updates mean: presses, words, answers, topics, moves; and that nothing breaks on what is none. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Incoming } from "../../../chats/chat.ts";
import { decode, queryId } from "../../../chats/telegram/decode.ts";
import { TOKEN } from "./stage.ts";

const AROUND = { chats: ["@Workshop"], self: "our_bot" };
const update = (body: unknown) => ({ id: "1", event: "x", body: JSON.stringify(body) });
const read = (body: object): Incoming => decode(update({ update_id: 1, ...body }), AROUND);
const chat = { id: -100, type: "supergroup" };
const from = { id: 7, is_bot: false, first_name: "Ada", last_name: "L." };
const said = (more: object): Incoming => read({ message: { message_id: 5, date: 1, chat, from, ...more } });
const text = {
  kind: "text",
  chat: "-100",
  topic: null,
  person: { id: "7", name: "Ada L." },
  message: "5",
  replyTo: null,
};

test("a press names chat, person, message, token and action", () => {
  const query = { id: "q", from, message: { message_id: 5, date: 0, chat }, data: `${TOKEN}.answer.3.yes` };
  const press = read({ callback_query: query });
  assert.deepEqual(press, {
    ...{ kind: "press", chat: "-100", person: { id: "7", name: "Ada L." }, message: "5" },
    ...{ token: TOKEN, action: "answer.3.yes", text: null },
  });
  assert.equal(queryId(update({ callback_query: query })), "q");
  for (const data of ["x", `${TOKEN}.`, `${TOKEN}.A`, `${TOKEN}${TOKEN}.a`, undefined])
    assert.equal(read({ callback_query: { ...query, data } }).kind, "nothing");
  assert.equal(read({ callback_query: { ...query, message: undefined } }).kind, "nothing");
});

test("a command is told without the bot's name, and not at all where it is another's", () => {
  assert.deepEqual(said({ text: "/status@Our_Bot SHOP-1\nmore" }), {
    ...text,
    text: "/status SHOP-1\nmore",
    isCommand: true,
  });
  assert.deepEqual(said({ text: "/status" }), { ...text, text: "/status", isCommand: true });
  for (const name of ["their_bot", "mu", "x.y", "our-bot", "our_bot_too"])
    for (const command of ["/status", "/stop-all"])
      assert.equal(said({ text: `${command}@${name}` }).kind, "nothing", name);
  const nameless = (text: string) =>
    decode(update({ update_id: 1, message: { message_id: 5, chat, from, text } }), { chats: [], self: null });
  assert.equal(nameless("/status@our_bot").kind, "nothing", "it may be anybody's");
  assert.equal(nameless("/status").kind, "text");
  assert.deepEqual(said({ text: "a /status" }), { ...text, text: "a /status", isCommand: false });
});

test("an answer names its message, and what only stands in a topic answers nothing", () => {
  const topic = { message_thread_id: 4, is_topic_message: true };
  const began = { message_id: 4, forum_topic_created: { name: "x" } };
  assert.deepEqual(said({ text: "no", reply_to_message: { message_id: 3 } }), {
    ...text,
    replyTo: "3",
    text: "no",
    isCommand: false,
  });
  assert.deepEqual(said({ text: "hi", ...topic, reply_to_message: began }), {
    ...text,
    topic: "4",
    text: "hi",
    isCommand: false,
  });
  assert.deepEqual(said({ text: "hi", ...topic, reply_to_message: { message_id: 9 } }), {
    ...{ ...text, topic: "4", replyTo: "9", text: "hi", isCommand: false },
  });
  // Of a chat without topics a thread means nothing.
  assert.deepEqual(said({ text: "hi", message_thread_id: 3 }), { ...text, text: "hi", isCommand: false });
});

test("what a picture says counts; bots, chats and messages without words say nothing", () => {
  assert.deepEqual(said({ caption: "see" }), { ...text, text: "see", isCommand: false });
  for (const more of [
    {},
    { text: "x", from: { ...from, is_bot: true } },
    { text: "/cancel SHOP-1", from, forward_origin: { type: "user", sender_user: { id: 666 } } },
    { text: "/approve SHOP-1", from, via_bot: { id: 9, is_bot: true, first_name: "Inline" } },
    { text: "x", sender_chat: { id: -5 } },
  ])
    assert.equal(said(more).kind, "nothing");
  assert.equal(read({ edited_message: { message_id: 5, chat, from, text: "x" } }).kind, "nothing");
});

test("a chat that is configured by its name is told by its name", () => {
  const named = said({ chat: { ...chat, username: "workshop" }, text: "x" });
  assert.ok(named.kind === "text" && named.chat === "@Workshop");
});

test("a group that becomes a supergroup has moved, whichever of both messages tells it", () => {
  assert.deepEqual(said({ migrate_to_chat_id: -200 }), { kind: "moved", chat: "-100", to: "-200" });
  assert.deepEqual(said({ migrate_from_chat_id: -50 }), { kind: "moved", chat: "-50", to: "-100" });
});

test("the bot is told when it is let in, and when it is put out", () => {
  const member = (fields: object) => read({ my_chat_member: { chat, from, new_chat_member: fields } });
  const isOpen = (incoming: Incoming) => incoming.kind === "access" && incoming.isOpen;
  assert.ok(isOpen(member({ status: "member" })) && isOpen(member({ status: "administrator" })));
  for (const fields of [
    { status: "kicked" },
    { status: "left" },
    { status: "restricted", can_send_messages: false },
  ])
    assert.ok(!isOpen(member(fields)) && member(fields).kind === "access");
});

test("whatever comes, nothing breaks", () => {
  const kinds = ["message", "callback_query", "my_chat_member", "edited_message"];
  const body = fc.oneof(
    fc.string(),
    fc.json(),
    fc
      .tuple(fc.constantFrom(...kinds), fc.jsonValue())
      .map(([kind, value]) => JSON.stringify({ [kind]: value })),
  );
  fc.assert(fc.property(body, (raw) => void decode({ id: "1", event: "x", body: raw }, AROUND)));
  assert.equal(queryId({ id: "1", event: "x", body: "nothing" }), null);
});
