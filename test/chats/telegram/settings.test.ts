/** Keys of a Telegram chat, and what they mean for one another. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { accountOf, chatId, KEYS, rulesOf, settingsOf } from "../../../chats/telegram/settings.ts";

const TOKEN = "123456:AAF-some_secret_text";

test("what is left out has its default; the account is the bot's id, and no secret", () => {
  const settings = settingsOf({ token: TOKEN, chat: -1_001_234_567_890 });
  assert.deepEqual(settings, {
    ...{ token: TOKEN, chat: "-1001234567890", topic: null, webhookSecret: null },
    api: "https://api.telegram.org",
  });
  assert.equal(accountOf(settings), "telegram:123456");
});

test("a chat is a number or a name, and nothing else", () => {
  for (const chat of [111, -5001, "-1001234567890", "@workshop"])
    assert.ok(KEYS.chat.safeParse(chat).success);
  for (const chat of [0, 1.5, "workshop", "@a", "-", ""]) assert.ok(!KEYS.chat.safeParse(chat).success);
  assert.equal(chatId("@workshop"), "@workshop");
  assert.equal(chatId("-5001"), -5001);
});

test("tokens, secrets and addresses have their form", () => {
  for (const token of ["123456", "abc:AAF-some_secret_text", `${TOKEN} `])
    assert.ok(!KEYS.token.safeParse(token).success);
  for (const secret of ["a b", "x", "f1fteen-letters", `sixteen-letters!`, "x".repeat(257)])
    assert.ok(!KEYS.webhook_secret.safeParse(secret).success, secret);
  assert.ok(KEYS.webhook_secret.safeParse("sixteen_letters-").success);
  assert.ok(!KEYS.api.safeParse("https://user:pw@host").success);
  assert.equal(KEYS.api.parse("https://bots.example/tg/"), "https://bots.example/tg");
});

test("the General topic is named by naming none, and a group has none at all", () => {
  assert.deepEqual(rulesOf({ chat: -1_001_234_567_890, topic: 4 }), []);
  assert.match(rulesOf({ chat: -1_001_234_567_890, topic: 1 })[0]?.message ?? "", /General/);
  assert.match(rulesOf({ chat: -5001, topic: 4 })[0]?.message ?? "", /without topics/);
});
