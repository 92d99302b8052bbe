/** The parts of the configuration about agents, accounts, prices and budgets: what they become, and what is refused. */

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { claimConfigOf } from "../../../daemon/config/claim-config.ts";
import type { Config } from "../../../daemon/config/config.ts";
import { printProblem } from "../../../daemon/config/file.ts";
import { loadConfig } from "../../../daemon/config/load.ts";

let folder = "";
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "chargehand-config-"));
});
after(() => rm(folder, { recursive: true, force: true }));

async function read(text: string, env: Record<string, string> = {}): ReturnType<typeof loadConfig> {
  const path = join(folder, "chargehand.yaml");
  await writeFile(path, `data_dir: data\n${text}`);
  return loadConfig({ path, env });
}

async function load(text: string, env?: Record<string, string>): Promise<Config> {
  const loaded = await read(text, env);
  if (loaded.kind === "problems") assert.fail(loaded.problems.map(printProblem).join("\n"));
  return loaded.config;
}

/** `path: sentence` of every problem. */
async function problems(text: string): Promise<readonly string[]> {
  const loaded = await read(text);
  return loaded.kind === "ok" ? [] : loaded.problems.map(({ path, message }) => `${path}: ${message}`);
}

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
    { name: "max", backend: "claude", env: { CLAUDE_CONFIG_DIR: "/srv/max" }, concurrency: 2 },
    { name: "api", backend: "claude", env: { ANTHROPIC_API_KEY: "sk-1" }, concurrency: null },
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

test("I12: what accounts and servers hold under names that sound secret is read from files and never logged", async () => {
  await writeFile(join(folder, "key"), "sk-from-file\n");
  const loaded = await read(
    `accounts: { api: { backend: claude, env: { ANTHROPIC_API_KEY: "file:key", CLAUDE_CONFIG_DIR: "file:not-read" } } }
agents: { a: { backend: claude, env: [HOME], mcp: { s: { command: x, env: { S_TOKEN: "plain-token" } } } } }
`,
    { HOME: "/root" },
  );
  assert.equal(loaded.kind, "ok");
  if (loaded.kind !== "ok") return;
  assert.deepEqual(loaded.config.accounts[0]?.env, {
    ANTHROPIC_API_KEY: "sk-from-file",
    CLAUDE_CONFIG_DIR: "file:not-read",
  });
  assert.deepEqual(new Set(loaded.secrets), new Set(["sk-from-file", "plain-token"]));
});

const PROJECT = "{ name: shop, prefix: SHOP, clone_url: ./shop.git, agent: a";
const AGENT = "agents: { a: { backend: claude } }";

test("F5: limits are exact in the smallest unit, and tasks have caps where the file names none", async () => {
  const budget =
    "run_usd: 0.29, task_usd: 20, task_runs: 7, phase_tokens: 5000000, project_runs: 900, day_usd: 100.10";
  const { projects } = await load(`${AGENT}\nprojects: [${PROJECT}, budget: { ${budget} } }]\n`);
  assert.deepEqual(
    new Set(projects[0]?.budget.map(({ scope, unit, amount }) => `${scope} ${unit} ${amount}`)),
    new Set([
      "run nanos 290000000",
      "task nanos 20000000000",
      "task runs 7",
      "phase tokens 5000000",
      "project runs 900",
      "day nanos 100100000000",
      "task tokens 100000000",
    ]),
  );
});

test("prices are dollars per million tokens, and cached tokens cost as input where nothing else is said", async () => {
  const { prices } = await load(
    'prices: { house-model: { input: 3, output: 15 }, "vendor/x": { input: 0, output: 0, cache_read: 0.3, cache_write: 3.75 } }\n',
  );
  assert.deepEqual(prices.get("house-model"), { input: 3, output: 15, cacheRead: 3, cacheWrite: 3 });
  assert.deepEqual(prices.get("vendor/x"), { input: 0, output: 0, cacheRead: 0.3, cacheWrite: 3.75 });
});

const agent = (fields: string): string => `agents: { a: { backend: claude, ${fields} } }\n`;
const budgeted = (fields: string): string => `${AGENT}\nprojects: [${PROJECT}, budget: { ${fields} } }]\n`;

const REFUSED: readonly (readonly [text: string, says: RegExp])[] = [
  [
    "accounts: { claude: { backend: codex } }\n",
    /^accounts\.claude\.backend: must be claude, because agents that name no account/,
  ],
  ["accounts: { x: { backend: cluade } }\n", /^accounts\.x\.backend: must be one of .*did you mean "claude"/],
  ["accounts: { x: {} }\n", /^accounts\.x\.backend: is missing/],
  ["accounts: { x: { backend: claude, enw: {} } }\n", /^accounts\.x\.enw: unknown key; did you mean "env"/],
  [
    "accounts: { x: { backend: claude, env: { A-B: x } } }\n",
    /^accounts\.x\.env\.A-B: the name must be the name of an environment variable/,
  ],
  [
    "accounts: { x: { backend: claude, env: { CHARGEHAND_RUN: x } } }\n",
    /^accounts\.x\.env\.CHARGEHAND_RUN: .*set by the daemon/,
  ],
  [
    "accounts: { x: { backend: claude, env: { A: 1 } } }\n",
    /^accounts\.x\.env\.A: must be text, not a number; put it in quotes/,
  ],
  ["accounts: { x: { backend: claude, concurrency: 0 } }\n", /^accounts\.x\.concurrency: must be at least 1/],
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
  ["prices: { m: { input: 3 } }\n", /^prices\.m\.output: is missing/],
  ["prices: { m: { input: -3, output: 1 } }\n", /^prices\.m\.input: must be at least 0/],
  ["prices: { m: { input: 3, output: 1, cached: 1 } }\n", /^prices\.m\.cached: unknown key/],
  [budgeted("task_uds: 5"), /^projects\[0\]\.budget\.task_uds: unknown key; did you mean "task_usd"/],
  [budgeted("run_runs: 5"), /^projects\[0\]\.budget\.run_runs: unknown key/],
  [budgeted("task_usd: 0"), /^projects\[0\]\.budget\.task_usd: must be/],
  [budgeted("task_tokens: 1.5"), /^projects\[0\]\.budget\.task_tokens: must be a whole number/],
  [budgeted("mode: free"), /^projects\[0\]\.budget\.mode: must be one of metered, subscription/],
  [
    budgeted("mode: subscription, day_usd: 5"),
    /^projects\[0\]\.budget\.day_usd: is no limit in mode subscription/,
  ],
  [
    budgeted("run_usd: 5, day_usd: 4"),
    /^projects\[0\]\.budget\.day_usd: is less than run_usd, which every run reserves/,
  ],
  [
    budgeted("mode: subscription, run_tokens: 5, task_tokens: 4"),
    /^projects\[0\]\.budget\.task_tokens: is less than run_tokens/,
  ],
];

for (const [text, says] of REFUSED) {
  test(`refused is \`${text.trim().replaceAll("\n", " ")}\``, async () => {
    const found = await problems(text);
    assert.ok(
      found.some((problem) => says.test(problem)),
      found.join("\n") || "no problem at all",
    );
    assert.equal(found.length, says.source.includes("circle") ? 2 : 1, found.join("\n"));
  });
}

test("what a backend cannot do is refused instead of having no effect", async () => {
  const server = "mcp: { tools: { command: serve } }";
  assert.deepEqual(
    await problems(
      `agents:
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
