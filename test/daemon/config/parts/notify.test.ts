/** Who is told of what wants a person: what is read, and what is refused. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { isChat } from "../../../../chats/channels.ts";
import { secretOf } from "../../../notifier/calls.ts";
import { reading } from "../reading.ts";
import { edited, refuses } from "../refusals.ts";

const SECRET = secretOf("k");
const HOOK = `channel: webhook, url: https://hooks.example.org/a, secret: ${SECRET}`;

const NTFY = "channel: ntfy, url: https://ntfy.example.org/a-topic";

const { load, problems, write } = reading();

test("channels are read in their order; a webhook has a name, and its address and secrets stay secret", async () => {
  await write("hook", "https://hooks.example.org/t0p\n");
  const text = `+notify: [{ channel: log }, { ${HOOK}, projects: [shop] }, { channel: webhook, name: ops, url: "file:hook", secret: ["\${A}", ${SECRET}] }]`;
  const { config, secrets } = await load(edited(1, text), { A: secretOf("a") });
  assert.deepEqual(config.notify, [
    { channel: "log", projects: null },
    {
      channel: "webhook",
      name: "webhook",
      url: "https://hooks.example.org/a",
      secrets: [SECRET],
      projects: ["shop"],
    },
    {
      channel: "webhook",
      name: "ops",
      url: "https://hooks.example.org/t0p",
      secrets: [secretOf("a"), SECRET],
      projects: null,
    },
  ]);
  for (const secret of [SECRET, secretOf("a"), "https://hooks.example.org/t0p"])
    assert.ok(secrets.includes(secret));
});

test("without a channel the list is empty: the log is told", async () => {
  assert.deepEqual((await load(edited(1, "+log_level: info"))).config.notify, []);
});

test("I12: a secret of the wrong form is refused without being told", async () => {
  const [problem] = await problems(
    edited(1, `+notify: [{ channel: webhook, url: https://h/, secret: hunter22hunter22 }]`),
  );
  assert.match(problem?.message ?? "", /whsec_ and 24 to 64 bytes in base64/);
  assert.doesNotMatch(problem?.message ?? "", /hunter22/);
});

refuses([
  { line: 1, text: "+notify: log", path: "notify", says: /must be a list/, at: 2 },
  { line: 1, text: "+notify: [{}]", path: "notify[0].channel", says: /is missing/, at: 2 },
  {
    line: 1,
    text: "+notify: [{ channel: webhok }]",
    path: "notify[0].channel",
    says: /did you mean "webhook"\?/,
    at: 2,
  },
  {
    line: 1,
    text: "+notify: [{ channel: webhook }]",
    path: "notify[0].url",
    says: /a webhook needs it/,
    at: 2,
  },
  {
    line: 1,
    text: "+notify: [{ channel: webhook, url: https://h/ }]",
    path: "notify[0].secret",
    says: /a webhook needs it/,
    at: 2,
  },
  {
    line: 1,
    text: `+notify: [{ channel: webhook, url: "ftp://h/", secret: ${SECRET} }]`,
    path: "notify[0].url",
    says: /http\(s\) address/,
    at: 2,
  },
  {
    line: 1,
    text: "+notify: [{ channel: log, secret: x }]",
    path: "notify[0].secret",
    says: /whsec_|nothing that the channel log has/,
    at: 2,
  },
  {
    line: 1,
    text: "+notify: [{ channel: log, name: a }]",
    path: "notify[0].name",
    says: /the daemon's own log/,
    at: 2,
  },
  {
    line: 1,
    text: "+notify: [{ channel: log }, { channel: log }]",
    path: "notify[1]",
    says: /same log/,
    at: 2,
  },
  {
    line: 1,
    text: `+notify: [{ ${NTFY}, people: [{ id: 7, name: ada }] }, { ${NTFY}, name: b, people: [{ id: 8 }, { id: "7" }] }]`,
    path: "notify[1].people[1]",
    says: /is called "ada" elsewhere/,
    at: 2,
  },
  {
    line: 1,
    text: `+notify: [{ ${HOOK} }, { ${HOOK} }]`,
    path: "notify[1]",
    says: /"webhook" is already the name of notify\[0\]; give each webhook a name/,
    at: 2,
  },
  {
    line: 1,
    text: `+notify: [{ ${HOOK}, name: a }, { ${HOOK}, name: a }]`,
    path: "notify[1].name",
    says: /already the name/,
    at: 2,
  },
  {
    line: 1,
    text: "+notify: [{ channel: log, projects: [shop, shap] }]",
    path: "notify[0].projects[1]",
    says: /there is no project "shap"; did you mean "shop"\?/,
    at: 2,
  },
  {
    line: 1,
    text: "+notify: [{ channel: log, projects: [] }]",
    path: "notify[0].projects",
    says: /not be empty/,
    at: 2,
  },
  {
    line: 1,
    text: "+notify: [{ channel: log, chat: 1 }]",
    path: "notify[0].chat",
    says: /is nothing that the channel log has/,
    at: 2,
  },
  {
    line: 1,
    text: `+notify: [{ ${HOOK}, digest: { at: "08:00", timezone: UTC } }]`,
    path: "notify[0].digest",
    says: /is nothing that the channel webhook has/,
    at: 2,
  },
  {
    line: 1,
    text: `+notify: [{ ${NTFY}, digest: { at: "8 o'clock", timezone: UTC } }]`,
    path: "notify[0].digest.at",
    says: /must be a time of the day/,
    at: 2,
  },
  {
    line: 1,
    text: `+notify: [{ ${NTFY}, digest: { at: "08:00", timezone: Europe/Berln } }]`,
    path: "notify[0].digest.timezone",
    says: /Europe\/Berlin/,
    at: 2,
  },
]);

test("a chat without a digest has none, and one is every day if it does not say so", async () => {
  const text = `+notify: [{ ${NTFY} }, { ${NTFY}, name: b, digest: { at: "08:00", timezone: UTC } }]`;
  const { config } = await load(edited(1, text));
  assert.deepEqual(
    config.notify.filter(isChat).map(({ digest }) => digest),
    [null, { every: "day", at: "08:00", timezone: "UTC" }],
  );
});

const TELEGRAM = 'channel: telegram, token: "123456:ABC-DEF_12345", chat: -1001234567890';
const SLACK = "channel: slack, token: xoxb-12345678-abc, chat: C024BE91L";
const DISCORD = `channel: discord, token: t0ken-of-discord, chat: "1098765432109876543", public_key: ${"ab".repeat(32)}`;
const EMAIL = "channel: email, url: smtps://me:p4ss@mail.example, from: a@example.com, to: [b@example.com]";

test("a chat has its kind's keys, and those that all chats have, with their defaults", async () => {
  const all = [TELEGRAM, SLACK, DISCORD, NTFY, EMAIL].map((keys) => `{ ${keys} }`).join(", ");
  const { config } = await load(edited(1, `+notify: [${all}]`));
  const chats = config.notify.filter(isChat);
  assert.deepEqual(
    chats.map(({ key }) => key),
    ["telegram:telegram", "slack:slack", "discord:discord", "ntfy:ntfy", "email:email"],
  );
  for (const { projects, people, cards, phases, minNanos, bump, activityMs, notices, pace } of chats)
    assert.deepEqual(
      { projects, people: [...people], cards, phases, minNanos, bump, activityMs, notices, pace },
      {
        ...{ projects: null, people: [], cards: "all", phases: null, minNanos: 0, bump: false },
        ...{ activityMs: 15_000, notices: null, pace: 1 },
      },
    );
  const [telegram, slack] = chats;
  assert.deepEqual(telegram?.own, {
    ...{ token: "123456:ABC-DEF_12345", chat: "-1001234567890", topic: null, webhookSecret: null },
    api: "https://api.telegram.org",
  });
  assert.match(JSON.stringify(slack?.own), /"chat":"C024BE91L"/);
});

test("what is written of a chat is in force; people are known by their ids, whatever those look like", async () => {
  const more = `name: team, projects: [shop], people: [{ id: 111, name: ada }, { id: "222" }], cards: asked, phases: [plan], min_usd: 1.5, bump: true, activity: never, notices: [task.failed], pace: 2`;
  const { config } = await load(edited(1, `+notify: [{ ${TELEGRAM}, ${more} }]`));
  const [chat] = config.notify.filter(isChat);
  assert.deepEqual(
    [...(chat?.people ?? [])],
    [
      ["111", "ada"],
      ["222", "222"],
    ],
  );
  const { key, projects, cards, phases, minNanos, bump, activityMs, notices, pace } = chat ?? {};
  assert.deepEqual(
    { key, projects, cards, phases, minNanos, bump, activityMs, notices, pace },
    {
      ...{ key: "telegram:team", projects: ["shop"], cards: "asked", phases: ["plan"], minNanos: 1.5e9 },
      ...{ bump: true, activityMs: null, notices: ["task.failed"], pace: 2 },
    },
  );
});

test("I12: secrets of chats come from files, and are known as secrets", async () => {
  const files = {
    telegram: "123456:FROM-A-FILE-1",
    hook: "webhook-secret-of-telegram",
    slack: "xoxb-from-a-file",
    signing: "signing-secret-of-slack",
    discord: "token-of-discord",
    ntfy: "https://ntfy.example/from-a-file",
    mail: "smtps://me:fr0m-a-file@mail.example",
  };
  for (const [name, text] of Object.entries(files)) await write(name, `${text}\n`);
  const of = (keys: string, key: string, file: string): string =>
    `{ ${keys.replace(new RegExp(`\\b${key}: ("[^"]*"|[^,]+)`), `${key}: "file:${file}"`)} }`;
  const all = [
    of(`${TELEGRAM}, webhook_secret: x`, "token", "telegram").replace(
      "webhook_secret: x",
      'webhook_secret: "file:hook"',
    ),
    of(`${SLACK}, signing_secret: x`, "token", "slack").replace(
      "signing_secret: x",
      'signing_secret: "file:signing"',
    ),
    of(DISCORD, "token", "discord"),
    of(NTFY, "url", "ntfy"),
    of(EMAIL, "url", "mail"),
  ];
  const { config, secrets } = await load(edited(1, `+notify: [${all.join(", ")}]`));
  for (const [name, secret] of Object.entries(files)) assert.ok(secrets.includes(secret), name);
  const told = JSON.stringify(config.notify.filter(isChat).map(({ own }) => own));
  for (const part of [files.telegram, files.hook, files.slack, files.signing, files.discord, "fr0m-a-file"])
    assert.ok(told.includes(part), part);
});

test("I12: a secret of a chat that is wrong is refused without being told", async () => {
  for (const [keys, path] of [
    [TELEGRAM.replace(/token: "[^"]*"/, "token: hunter22"), "notify[0].token"],
    [SLACK.replace(/xoxb-[\w-]+/, "hunter22"), "notify[0].token"],
    [EMAIL.replace(/smtps:[^,]+/, "https://me:hunter22@mail.example"), "notify[0].url"],
    [`${TELEGRAM}, webhook_secret: "hunter22 with spaces"`, "notify[0].webhook_secret"],
  ]) {
    const found = await problems(edited(1, `+notify: [{ ${keys} }]`));
    assert.deepEqual(
      found.map((problem) => problem.path),
      [path],
    );
    assert.doesNotMatch(JSON.stringify(found), /hunter22/);
  }
});

const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  telegram: ["token", "chat"],
  slack: ["token", "chat"],
  discord: ["token", "chat", "public_key"],
  ntfy: ["url"],
  email: ["url", "from", "to"],
};

const wrong = (text: string, path: string, says: RegExp) => ({
  ...{ line: 1, text: `+notify: [{ ${text} }]`, path: `notify[0].${path}`, says, at: 2 },
});

refuses([
  ...Object.entries(REQUIRED).flatMap(([kind, keys]) =>
    keys.map((key) => wrong(`channel: ${kind}`, key, new RegExp(`is missing; a ${kind} needs it`))),
  ),
  // What belongs to another kind.
  wrong(`${TELEGRAM}, public_key: ${"ab".repeat(32)}`, "public_key", /nothing that the channel telegram has/),
  wrong(`${SLACK}, topic: 3`, "topic", /nothing that the channel slack has/),
  wrong(`${DISCORD}, secret: ${SECRET}`, "secret", /nothing that the channel discord has/),
  wrong(`${NTFY}, chat: 1`, "chat", /nothing that the channel ntfy has/),
  wrong(`${EMAIL}, token: x`, "token", /nothing that the channel email has/),
  wrong(`${HOOK}, people: [{ id: 1 }]`, "people", /nothing that the channel webhook has/),
  wrong("channel: log, cards: all", "cards", /nothing that the channel log has/),
  wrong("channel: log, chat: 1", "chat", /nothing that the channel log has/),
  // What is not what its kind takes.
  wrong(TELEGRAM.replace("-1001234567890", "0"), "chat", /chat's id/),
  wrong(`${TELEGRAM}, topic: 0`, "topic", /./),
  wrong(SLACK.replace("C024BE91L", "general"), "chat", /its name changes/),
  wrong(
    `${SLACK}, signing_secret: ${"s".repeat(20)}, app_token: xapp-12345678`,
    "app_token",
    /leave one out/,
  ),
  wrong(DISCORD.replace('"1098765432109876543"', "109876543210987654"), "chat", /quotation marks|string/),
  wrong(DISCORD.replace(/public_key: \w+/, "public_key: xyz"), "public_key", /64 hex digits/),
  wrong(NTFY.replace("/a-topic", "/a/b/a-topic"), "url", /address of a topic/),
  wrong(EMAIL.replace("[b@example.com]", "[nobody]"), "to", /must be an address/),
  // What all chats have.
  wrong(`${TELEGRAM}, cards: some`, "cards", /./),
  wrong(`${TELEGRAM}, people: [{ name: ada }]`, "people[0].id", /missing/),
  wrong(`${TELEGRAM}, people: [{ id: 1, token: x }]`, "people[0].token", /./),
  wrong(`${TELEGRAM}, pace: 0`, "pace", /./),
  wrong(`${TELEGRAM}, min_usd: -1`, "min_usd", /./),
  wrong(`${TELEGRAM}, activity: sometimes`, "activity", /./),
  wrong(`${TELEGRAM}, notices: [task.exploded]`, "notices[0]", /./),
  wrong(`${TELEGRAM}, phases: []`, "phases", /not be empty/),
  {
    ...{ line: 1, text: `+notify: [{ ${TELEGRAM} }, { ${TELEGRAM} }]`, path: "notify[1]", at: 2 },
    says: /"telegram" is already the name of notify\[0\]; give each telegram a name/,
  },
]);

test("chats of several kinds may have one name", async () => {
  const { config } = await load(edited(1, `+notify: [{ ${TELEGRAM}, name: a }, { ${SLACK}, name: a }]`));
  assert.deepEqual(
    config.notify.filter(isChat).map(({ key }) => key),
    ["telegram:a", "slack:a"],
  );
});
