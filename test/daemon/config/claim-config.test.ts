/** What claims are told of the configuration: accounts, and the routes by which agents reach them. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { claimConfigOf } from "../../../daemon/config/claim-config.ts";
import type { Config } from "../../../daemon/config/config.ts";
import { reading } from "./reading.ts";

const { load: loadAll } = reading();
const load = async (text: string, env?: Readonly<Record<string, string>>): Promise<Config> =>
  (await loadAll(`data_dir: data\n${text}`, env)).config;

const BACKENDS = ["claude", "codex", "opencode", "gemini", "pi", "qwen", "copilot"] as const;

test("every backend may be named, and its agents use the account that is named like it", async () => {
  const config = await load(
    `agents:\n${BACKENDS.map((name) => `  my-${name}: { backend: ${name} }\n`).join("")}`,
  );
  assert.deepEqual(
    Object.values(config.agents).map(({ backend }) => backend),
    BACKENDS,
  );
  const { accounts, routes } = claimConfigOf(config);
  assert.deepEqual(
    accounts,
    BACKENDS.map((name) => ({ name, concurrency: null })),
  );
  assert.deepEqual(
    routes,
    BACKENDS.map((name) => ({ agent: `my-${name}`, via: `my-${name}`, account: name })),
  );
});

test("F4: routes are an agent's accounts in their order, then those of its fallbacks", async () => {
  const config = await load(
    `accounts:
  max: { backend: claude, env: { CLAUDE_CONFIG_DIR: /srv/max }, concurrency: 2 }
  api: { backend: claude, env: { ANTHROPIC_API_KEY: "\${KEY}" } }
agents:
  developer: { backend: claude, accounts: [max, api], fallback: second }
  second: { backend: codex, fallback: script }
  script: { backend: command, argv: [./fix-it] }
`,
    { KEY: "sk-1" },
  );
  assert.deepEqual(config.accounts, [
    { name: "max", backend: "claude", env: { CLAUDE_CONFIG_DIR: "/srv/max" }, home: null, concurrency: 2 },
    { name: "api", backend: "claude", env: { ANTHROPIC_API_KEY: "sk-1" }, home: null, concurrency: null },
  ]);
  const { accounts, routes } = claimConfigOf(config);
  assert.deepEqual(
    routes.filter(({ agent }) => agent === "developer").map(({ via, account }) => [via, account]),
    [
      ["developer", "max"],
      ["developer", "api"],
      ["second", "codex"],
      ["script", "command:script"],
    ],
  );
  assert.deepEqual(accounts[0], { name: "max", concurrency: 2 });
});
