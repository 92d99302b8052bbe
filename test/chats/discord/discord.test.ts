/** The kind `discord` as the configuration knows it. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { DISCORD } from "../../../chats/discord/discord.ts";
import { systemClock } from "../../../system/clock.ts";
import { systemHttp } from "../../../system/http.ts";
import { systemSockets } from "../../../system/socket/socket.ts";

const FIELDS = { token: "t0ken", chat: "1098765432109876543", public_key: "a".repeat(64) };
const net = { http: systemHttp(), clock: systemClock(), sockets: systemSockets() };

test("the address of the API need not be written", () => {
  assert.equal(DISCORD.settings(FIELDS).api, "https://discord.com/api/v10");
  assert.equal(DISCORD.settings({ ...FIELDS, api: "http://127.0.0.1:1" }).api, "http://127.0.0.1:1");
});

test("an id that YAML has read as a number, and what is no key, are refused", () => {
  const { chat, public_key: key } = DISCORD.keys;
  assert.equal(chat?.safeParse("1098765432109876543").success, true);
  for (const value of [Number("1098765432109876543"), "#general", "12"])
    assert.equal(chat?.safeParse(value).success, false);
  assert.equal(key?.safeParse("A".repeat(64)).success, true);
  assert.equal(key?.safeParse("x".repeat(64)).success, false);
  for (const [name, schema] of Object.entries(DISCORD.keys)) {
    assert.equal(schema.safeParse(undefined).success, true, `${name} is optional in the schema`);
    assert.ok((schema.description ?? "") !== "", `${name} is described`);
  }
});

test("channels of one bot share its account, which does not tell its token", () => {
  const own = DISCORD.settings(FIELDS);
  const chat = DISCORD.chat({ key: "discord:a", pace: 2 }, own, net);
  const ear = DISCORD.ear([{ key: "discord:a", pace: 2, own }], net);
  assert.equal(chat.account, ear?.account);
  assert.notEqual(
    chat.account,
    DISCORD.chat({ key: "discord:b", pace: 1 }, { ...own, token: "other" }, net).account,
  );
  assert.ok(!chat.account.includes("t0ken"));
  assert.equal(chat.pace.chat, 2_000);
  assert.equal(DISCORD.ear([], net), null);
});
