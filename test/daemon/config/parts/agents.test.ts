/** Agent profiles: what they become, and what is refused. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Config } from "../../../../daemon/config/config.ts";
import { reading } from "../reading.ts";
import { refuses, refusesAlone } from "../refusals.ts";

const { load: loadAll, sentences } = reading();
const load = async (text: string, env?: Readonly<Record<string, string>>): Promise<Config> =>
  (await loadAll(`data_dir: data\n${text}`, env)).config;

const agent = (fields: string): string => `agents: { a: { backend: claude, ${fields} } }\n`;

test("durations become milliseconds", async () => {
  const { agents } = await load("agents: { a: { backend: claude, timeout: 90s } }\n");
  assert.equal(agents["a"]?.timeoutMs, 90_000);
});

test("permissions and servers of the Model Context Protocol are handed on as written", async () => {
  const config = await load(`agents:
  reviewer:
    backend: claude
    permissions: read_only
    mcp: { search: { command: search-server, args: [--fast], env: { REGION: eu } }, plain: { command: x } }
`);
  const { permissions, mcp } = config.agents["reviewer"] ?? {};
  assert.equal(permissions, "read_only");
  assert.deepEqual(mcp, {
    search: { command: "search-server", args: ["--fast"], env: { REGION: "eu" } },
    plain: { command: "x", args: [], env: {} },
  });
});

test("an agent speaks at the forge by a further account of a source, which has to be there", async () => {
  const sources = "sources: { github: { secret: x, accounts: { reviewer: { token: t } } } }\n";
  const { agents } = await load(`${sources}${agent("forge_account: reviewer")}`);
  assert.equal(agents["a"]?.forgeAccount, "reviewer");
  assert.equal((await load(agent("model: x"))).agents["a"]?.forgeAccount, null);
  assert.deepEqual(await sentences(`data_dir: data\n${sources}${agent("forge_account: reviewr")}`), [
    'agents.a.forge_account: no source has an account "reviewr"; did you mean "reviewer"?',
  ]);
});

test("the name by which the daemon itself plays is no profile's", async () => {
  const words = "is the name by which the daemon itself plays phases; give the profile another";
  const told = await sentences("data_dir: data\nagents: { chargehand: { backend: claude } }\n");
  assert.deepEqual(told, [`agents.chargehand: ${words}`]);
  assert.equal(
    (await load("agents: { chargehands: { backend: claude } }\n")).agents["chargehands"]?.backend,
    "claude",
  );
});

test("what a backend cannot do is refused instead of having no effect", async () => {
  const server = "mcp: { tools: { command: serve } }";
  assert.deepEqual(
    await sentences(
      `data_dir: data
agents:
  a: { backend: pi, ${server} }
  b: { backend: gemini, ${server}, effort: high }
  c: { backend: qwen, ${server}, effort: high }
  d: { backend: codex, ${server}, effort: high }
`,
    ),
    [
      "agents.a.mcp: has no effect: pi knows no MCP servers",
      "agents.b.mcp: has no effect: gemini reads MCP servers from its owner's settings only (~/.gemini/settings.json)",
      "agents.b.effort: has no effect: gemini has no such option",
      "agents.c.effort: has no effect: qwen has no such option",
    ],
  );
});

refuses([
  {
    line: 7,
    text: "  developer: { backend: cluade }",
    path: "agents.developer.backend",
    says: /one of claude, codex, .*, command; did you mean "claude"\?/,
  },
  {
    line: 7,
    text: "  developer: {}",
    path: "agents.developer.backend",
    says: /is missing: one of claude, codex/,
  },
  {
    line: 7,
    text: "  developer: { backend: claude, timeout: 45 }",
    path: "agents.developer.timeout",
    says: /a duration such as/,
  },
  {
    line: 7,
    text: "  developer: { backend: claude, timeout: 9d }",
    path: "agents.developer.timeout",
    says: /between "1s" and "7d"/,
  },
  {
    line: 7,
    text: "  developer: { backend: claude, max_attempts: 0 }",
    path: "agents.developer.max_attempts",
    says: /at least 1/,
  },
  {
    line: 7,
    text: "  developer: { backend: claude, argv: [x] }",
    path: "agents.developer.argv",
    says: /for command agents only/,
  },
  {
    line: 7,
    text: "  developer: { backend: claude, env: [A-B] }",
    path: "agents.developer.env[0]",
    says: /name of an environment variable/,
  },
  {
    line: 7,
    text: "  developer: { backend: claude, env: [CHARGEHAND_TOKEN] }",
    path: "agents.developer.env[0]",
    says: /set by the daemon/,
  },
  {
    line: 7,
    text: "  developer: { backend: claude, modle: x }",
    path: "agents.developer.modle",
    says: /did you mean "model"\?/,
  },
  {
    line: 7,
    text: "  developer: { backend: claude }\n  a b: { backend: claude }",
    path: 'agents."a b"',
    says: /the name must be letters/,
    at: 8,
  },
  {
    line: 8,
    text: "  script: { backend: command }",
    path: "agents.script.argv",
    says: /is missing: a command agent needs/,
  },
  {
    line: 8,
    text: "  script: { backend: command, argv: [] }",
    path: "agents.script.argv",
    says: /must not be empty/,
  },
  {
    line: 8,
    text: "  script: { backend: command, argv: [x], program: y }",
    path: "agents.script.program",
    says: /whole command in argv/,
  },
]);

refusesAlone([
  [agent("accounts: []"), /^agents\.a\.accounts: must not be empty/],
  [
    `accounts: { max: { backend: claude } }\n${agent("accounts: [mx]")}`,
    /^agents\.a\.accounts\[0\]: there is no account "mx"; did you mean "max"/,
  ],
  [
    `accounts: { max: { backend: codex } }\n${agent("accounts: [max]")}`,
    /^agents\.a\.accounts\[0\]: account "max" is for codex, and this agent is claude/,
  ],
  [agent("fallback: b"), /^agents\.a\.fallback: there is no agent "b"/],
  [
    "agents: { a: { backend: claude, fallback: b }, b: { backend: codex, fallback: a } }\n",
    /^agents\.a\.fallback: leads in a circle: a → b → a/,
  ],
  [agent("permissions: all"), /^agents\.a\.permissions: must be one of full, workspace, read_only/],
  [agent("mcp: { s: {} }"), /^agents\.a\.mcp\.s\.command: is missing: the program that is the server/],
  [agent('mcp: { "s s": { command: x } }'), /^agents\.a\.mcp\."s s": the name must be a word/],
  [
    "agents: { a: { backend: command, argv: [x], permissions: full } }\n",
    /^agents\.a\.permissions: is for built-in backends/,
  ],
  ["agents: { a: { backend: command, argv: [x], mcp: {} } }\n", /^agents\.a\.mcp: is for built-in backends/],
]);
