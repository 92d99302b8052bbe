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
