/** The keys of a channel of Slack. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { KEYS, rulesOf, settingsOf } from "../../../chats/slack/settings.ts";
import { SLACK } from "../../../chats/slack/slack.ts";

const TOKEN = "xoxb-123456789-abcdef";

test("each key is optional for its schema, says what it is, and takes what Slack gives out and nothing else", () => {
  const good = {
    token: TOKEN,
    chat: "C024BE91L",
    signing_secret: "0123456789abcdef0123456789abcdef",
    app_token: "xapp-1-A0-1-abc",
    api: "http://127.0.0.1:9/api",
  };
  const bad = {
    token: "xoxp-123456789",
    chat: "#general",
    signing_secret: "short",
    app_token: TOKEN,
    api: "slack.com",
  };
  assert.deepEqual(Object.keys(SLACK.keys), Object.keys(good));
  for (const [key, schema] of Object.entries(SLACK.keys)) {
    assert.ok(schema.safeParse(undefined).success && (schema.description ?? "").length > 10, key);
    assert.ok(schema.safeParse(Object.entries(good).find(([name]) => name === key)?.[1]).success, key);
    assert.ok(!schema.safeParse(Object.entries(bad).find(([name]) => name === key)?.[1]).success, key);
  }
  assert.ok([...SLACK.required, ...SLACK.secrets].every((key) => key in KEYS));
});

test("who shares a token shares an account, which does not tell the token", () => {
  const one = settingsOf({ token: TOKEN, chat: "C1" });
  assert.deepEqual(
    [one.account, one.api, one.signingSecret, one.appToken],
    [settingsOf({ token: TOKEN, chat: "C2" }).account, "https://slack.com/api", null, null],
  );
  assert.match(one.account, /^slack:[0-9a-f]{12}$/);
  assert.notEqual(one.account, settingsOf({ token: `${TOKEN}x` }).account);
});

test("an app is heard in one of two ways", () => {
  assert.deepEqual(rulesOf({ signing_secret: "a" }), []);
  assert.deepEqual(rulesOf({ app_token: "a" }), []);
  assert.deepEqual(
    rulesOf({ signing_secret: "a", app_token: "b" }).map(({ key }) => key),
    ["app_token"],
  );
});
