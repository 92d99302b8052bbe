/** What interactions mean, whoever sends them. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Incoming } from "../../../chats/chat.ts";
import { isPing, meaningOf, pressedOf, readInteraction } from "../../../chats/discord/interaction.ts";
import { TOKEN } from "./stage.ts";

const USER = { id: "500000000000000001", username: "alice", global_name: "Alice A." };
const BASE = {
  id: "600000000000000001",
  application_id: "200000000000000002",
  token: "secret",
  channel_id: "100000000000000001",
  member: { user: USER, nick: null },
  message: { id: "700000000000000001" },
};
const PRESS = { ...BASE, type: 3, data: { custom_id: `${TOKEN}.approve.7`, component_type: 2 } };

function meaning(value: unknown): Incoming | null {
  const interaction = readInteraction(JSON.stringify(value));
  return interaction === null ? null : meaningOf(interaction);
}

test("a press names its button, its message and who pressed", () => {
  assert.deepEqual(meaning(PRESS), {
    kind: "press",
    chat: "100000000000000001",
    person: { id: USER.id, name: "Alice A." },
    message: "700000000000000001",
    token: TOKEN,
    action: "approve.7",
    text: null,
  });
});

test("a form brings the words with its button, in a label and in a row", () => {
  const field = { type: 4, custom_id: "words", value: "  too slow\n" };
  for (const holder of [
    { type: 18, component: field },
    { type: 1, components: [field] },
  ]) {
    const data = { custom_id: `${TOKEN}.reject.7`, components: [{ type: 10 }, holder] };
    const told = meaning({ ...BASE, type: 5, data });
    assert.ok(told?.kind === "press" && told.text === "  too slow\n" && told.action === "reject.7");
  }
});

test("a command is what is said with it, by whoever is alone with the bot as well", () => {
  const { member: _member, message: _message, ...alone } = BASE;
  const data = { name: "chargehand", options: [{ name: "text", type: 3, value: "new shop Fix it" }] };
  assert.deepEqual(meaning({ ...alone, type: 2, user: USER, data }), {
    kind: "text",
    chat: "100000000000000001",
    topic: null,
    person: { id: USER.id, name: "Alice A." },
    message: null,
    replyTo: null,
    text: "new shop Fix it",
    isCommand: true,
  });
});

test("what is of nobody, of no channel, of another command or another bot's button is nothing", () => {
  const { member: _member, ...ofNobody } = PRESS;
  const { channel_id: _channel, ...nowhere } = PRESS;
  const others = [
    ofNobody,
    nowhere,
    { ...PRESS, data: { custom_id: "something else" } },
    { ...BASE, type: 2, data: { name: "other" } },
  ];
  for (const other of others) assert.equal(meaning(other)?.kind, "nothing");
});

test("ids are digits, whatever is sent in their place", () => {
  for (const id of ["../x", "", 7, null, "1".repeat(40)]) assert.equal(meaning({ ...PRESS, id }), null);
});

test("a button is a token and an action, and what is asked for with it", () => {
  assert.deepEqual(pressedOf(`${TOKEN}.reject.7?What is wrong?`), {
    token: TOKEN,
    action: "reject.7",
    asks: "What is wrong?",
  });
  for (const other of ["", TOKEN, `${TOKEN}.`, `${TOKEN}.UPPER`, `short.a`, `${TOKEN}.${"a".repeat(41)}`])
    assert.equal(pressedOf(other), null);
});

test("no body breaks anything", () => {
  const body = fc.oneof(
    fc.string(),
    fc.json(),
    fc
      .record({
        ...Object.fromEntries(
          Object.entries(PRESS).map(([key, value]) => [key, fc.oneof(fc.constant(value), fc.jsonValue())]),
        ),
      })
      .map((value) => JSON.stringify(value)),
  );
  fc.assert(
    fc.property(body, (text) => {
      const interaction = readInteraction(text);
      if (interaction !== null) meaningOf(interaction);
      isPing(text);
    }),
    { numRuns: 500 },
  );
});
