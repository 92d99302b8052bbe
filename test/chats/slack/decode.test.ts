/** What updates of Slack's mean. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Incoming } from "../../../chats/chat.ts";
import { decode } from "../../../chats/slack/decode.ts";
import { updateOf, type Way } from "../../../chats/slack/update.ts";
import { CHANNEL, TOKEN } from "./stage.ts";

const ALICE = { id: "U0ALICE", name: "U0ALICE" };
const TS = "1795919400.000100";
const PARENT = "1795919300.000100";

function decoded(way: Way, payload: Readonly<Record<string, unknown>>): Incoming {
  return decode(updateOf(way, payload));
}

function press(value: unknown, more: object = {}): Incoming {
  return decoded("interactive", {
    type: "block_actions",
    user: { id: "U0ALICE", username: "alice", name: "al" },
    container: { type: "message", message_ts: TS, channel_id: CHANNEL },
    channel: { id: CHANNEL },
    actions: [{ type: "button", value }],
    ...more,
  });
}

function event(fields: object): Incoming {
  const said = { channel: CHANNEL, user: "U0ALICE", ts: TS, text: "words", ...fields };
  return decoded("events_api", { event_id: "Ev1", authorizations: [{ user_id: "U0BOT" }], event: said });
}

test("a press says which message, which action, and who by their id", () => {
  assert.deepEqual(press(`${TOKEN}.choose.2`), {
    kind: "press",
    chat: CHANNEL,
    person: { id: "U0ALICE", name: "alice" },
    message: `${CHANNEL}:${TS}`,
    token: TOKEN,
    action: "choose.2",
    text: null,
  });
});

test("a press of anything else is nothing", () => {
  for (const value of [
    undefined,
    7,
    "",
    "approve",
    `${TOKEN}x.approve`,
    `${TOKEN}.`,
    `${TOKEN}.UP`,
    `${TOKEN}.${"a".repeat(41)}`,
  ])
    assert.equal(press(value).kind, "nothing", String(value));
  const good = `${TOKEN}.approve`;
  for (const more of [
    { user: undefined },
    { user: { id: "<@U1>" } },
    { channel: 1, container: [] },
    { type: "view_closed" },
    { actions: {} },
  ])
    assert.equal(press(good, more).kind, "nothing", JSON.stringify(more));
});

test("what is said in a thread answers the message that the thread is about", () => {
  const text = "use <https://x.example/a|this> &amp; ask <@U0BOB|bob> in <#C1|shop>, <!here>, a &lt; b";
  assert.deepEqual(event({ type: "message", thread_ts: PARENT, text }), {
    kind: "text",
    chat: CHANNEL,
    topic: null,
    person: ALICE,
    message: `${CHANNEL}:${TS}`,
    replyTo: `${CHANNEL}:${PARENT}`,
    text: "use https://x.example/a & ask @bob in #shop, @here, a < b",
    isCommand: false,
  });
});

test("in a thread, what begins with our name is said to us, and with somebody else's to nobody of us", () => {
  const thread = { type: "message", thread_ts: PARENT };
  const read = (text: string): unknown => {
    const found = event({ ...thread, text });
    return found.kind === "text" ? [found.text, found.isToUs === true] : found.kind;
  };
  assert.deepEqual(read("<@U0BOT> approve"), ["approve", true]);
  assert.deepEqual(read(" <@U0BOT|chargehand> use <@U0CAROL|carol>'s"), ["use @carol's", true]);
  assert.deepEqual(read("approve"), ["approve", false]);
  for (const text of ["<@U0CAROL> approve", "<@U0CAROL|chargehand> /approve", "<@U0CAROL> <@U0BOT> stop"])
    assert.equal(read(text), "nothing", text);
  assert.equal(event({ type: "app_mention", text: "<@U0CAROL> ask <@U0BOT>" }).kind, "nothing");
  for (const authorizations of [undefined, [], [{}], [{ user_id: 7 }]]) {
    const said = { ...thread, channel: CHANNEL, user: "U0ALICE", ts: TS, text: "<@U0BOT> approve" };
    assert.equal(decoded("events_api", { event_id: "Ev1", authorizations, event: said }).kind, "nothing");
  }
});

test("what is said to nobody of us, by an app, or is a note about something is nothing", () => {
  const thread = { type: "message", thread_ts: PARENT };
  for (const fields of [
    { type: "message" },
    { type: "message", thread_ts: TS },
    { ...thread, bot_id: "B1" },
    { ...thread, user: undefined },
    { ...thread, subtype: "bot_message" },
    { ...thread, subtype: "message_changed" },
    { ...thread, text: "" },
    { ...thread, text: 7 },
    { ...thread, channel: "<!x>" },
    { type: "app_mention", thread_ts: PARENT, text: "<@U0BOT> hello" },
    { type: "reaction_added" },
  ])
    assert.equal(event(fields).kind, "nothing", JSON.stringify(fields));
});

test("a mention, a word in a direct message and a slash command are commands, said in one way", () => {
  const said = (incoming: Incoming): readonly unknown[] =>
    incoming.kind === "text" ? [incoming.text, incoming.isCommand] : [incoming.kind];
  assert.deepEqual(said(event({ type: "app_mention", text: "<@U0BOT> status" })), ["/status", false]);
  assert.deepEqual(said(event({ type: "app_mention", text: " <@U0BOT|chargehand>" })), ["/help", false]);
  assert.deepEqual(said(event({ type: "message", channel_type: "im", text: "tasks" })), ["/tasks", false]);
  const command = (name: string, text: unknown): readonly unknown[] =>
    said(
      decoded("slash_commands", {
        channel_id: CHANNEL,
        user_id: "U0ALICE",
        user_name: "alice",
        command: name,
        text,
      }),
    );
  assert.deepEqual(command("/chargehand", "new shop Fix &lt;it&gt;"), ["/new shop Fix <it>", true]);
  assert.deepEqual(command("/chargehand", undefined), ["/help", true]);
  assert.deepEqual(command("/tasks", "all"), ["/tasks all", true]);
  assert.deepEqual(said(decoded("slash_commands", { command: "/x" })), ["nothing"]);
});

test("it is told when the channel is closed to us and opened again, and nothing of others", () => {
  const access = (fields: object): unknown => {
    const found = event(fields);
    return found.kind === "access" ? found.isOpen : found.kind;
  };
  assert.equal(access({ type: "channel_archive" }), false);
  assert.equal(access({ type: "channel_unarchive" }), true);
  assert.equal(access({ type: "group_left" }), false);
  assert.equal(access({ type: "member_joined_channel", user: "U0BOT" }), true);
  assert.equal(access({ type: "member_joined_channel", user: "U0ALICE" }), "nothing");
});

test("nothing that comes makes it fail", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("events_api", "interactive", "slash_commands"),
      fc.object({ maxDepth: 3 }),
      (way, payload) => {
        assert.ok(typeof decoded(way, payload).kind === "string");
      },
    ),
  );
  for (const body of ["", "null", "[]", "{", '{"way":"x","payload":{}}', '{"way":"interactive"}'])
    assert.equal(decode({ id: "x", event: "x", body }).kind, "nothing");
});
