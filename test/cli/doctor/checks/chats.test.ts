/** What is made of how a chat's service answers: over HTTP where it is one, without anything being sent. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { chatChecks, judgeReach } from "../../../../cli/doctor/checks/chats.ts";
import { loadConfig } from "../../../../daemon/config/load.ts";
import { lightHttp } from "../../../../system/light-http.ts";
import { forge, place } from "../../commands/setup/place.ts";

test("each chat is asked for something that tells nobody anything", async (t) => {
  const here = place(t);
  const { url, asked } = await forge(t, "none", {});
  const file = here.write(
    "chargehand.yaml",
    `data_dir: data
notify:
  - { channel: telegram, name: a, token: "123456:${"a".repeat(35)}", chat: "-100123", api: "${url}" }
  - { channel: slack, name: b, token: "xoxb-0123456789-abcdef", chat: C0123456789, api: "${url}" }
  - { channel: discord, name: c, token: "discord-token-0123456789", chat: "109876543210987654", public_key: "${"a".repeat(64)}", api: "${url}" }
  - { channel: ntfy, name: d, url: "${url}/a-name-that-nobody-guesses" }
`,
  );
  const loaded = await loadConfig({ path: file, env: {} });
  if (loaded.kind === "problems") assert.fail(loaded.problems.map(({ message }) => message).join("\n"));
  const checks = chatChecks({ config: loaded.config, http: lightHttp() });
  const found = (await Promise.all(checks.map(({ look }) => look()))).flat();
  assert.deepEqual(
    found.map(({ status }) => status),
    ["fail", "fail", "fail", "fail"],
  );
  const lines = asked.map(({ line }) => line.replace(/bot[^/]+/, "bot"));
  assert.deepEqual(
    new Set(lines),
    new Set(["POST /bot/getChat", "POST /auth.test", "GET /channels/109876543210987654", "GET /v1/health"]),
  );
  for (const { says } of found) assert.ok(!/0123456789|aaaa|nobody-guesses/.test(says), says);
});

test("one that answers is fine, also while it limits us; one that closed its door says what to do", () => {
  assert.equal(judgeReach(null, "slack:b").status, "ok");
  assert.equal(
    judgeReach({ kind: "limited", afterMs: 1, scope: "chat", reason: "slow" }, "slack:b").status,
    "ok",
  );
  const closed = judgeReach(
    { kind: "closed", scope: "account", reason: "no", remedy: "make a key" },
    "slack:b",
  );
  assert.deepEqual([closed.status, closed.remedy], ["fail", "make a key"]);
});
