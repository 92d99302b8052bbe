/** What a good configuration becomes: defaults and absolute paths. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { SINGLE } from "../../../workflow/workflow.ts";
import { reading } from "./reading.ts";

const { load, path } = reading();

const PROJECT =
  "projects: [{ name: shop, prefix: SHOP, clone_url: ./shop.git, agent: a }]\nagents: { a: { backend: claude } }\n";

test("what is left out gets the documented default", async () => {
  const { config, secrets } = await load(`data_dir: data\n${PROJECT}`);
  assert.deepEqual(config.server, {
    webhooks: { host: "127.0.0.1", port: 8787 },
    admin: { host: "127.0.0.1", port: 8788 },
    bodyLimit: 26_214_400,
    bodyMemory: 67_108_864,
    connections: 1_024,
    publicUrl: null,
    adminNames: [],
  });
  assert.deepEqual(
    [config.database, config.limits.concurrency, config.shutdown, config.logLevel],
    ["sqlite", 3, "detach", "info"],
  );
  assert.deepEqual(config.sources, {});
  assert.deepEqual(config.projects, [
    {
      name: "shop",
      prefix: "SHOP",
      repo: null,
      cloneUrl: path("shop.git"),
      baseBranch: "main",
      trackers: {},
      workflow: SINGLE,
      workflowFallback: null,
      agents: {},
      serial: false,
      agent: "a",
      publish: { to: "branch", allowCi: false, requireChange: false, merge: false },
      tell: { comment: true, status: false, labels: {}, states: {} },
      mounts: [],
      setup: null,
      dataBytesMax: 1_073_741_824,
      start: { labels: [], states: [], commands: ["/agent"], assignees: [] },
      trust: { github: ["OWNER", "MEMBER", "COLLABORATOR"], users: [], bots: [] },
      concurrency: 3,
      budget: [
        { scope: "task", unit: "runs", amount: 40 },
        { scope: "task", unit: "tokens", amount: 100_000_000 },
      ],
      isNotional: false,
    },
  ]);
  assert.deepEqual([config.accounts, config.prices], [[], new Map()]);
  assert.deepEqual(config.agents["a"], {
    name: "a",
    forgeAccount: null,
    backend: "claude",
    program: null,
    argv: [],
    prompt: "stdin",
    model: null,
    effort: null,
    args: [],
    timeoutMs: 2_700_000,
    maxAttempts: 2,
    env: [],
    permissions: "full",
    network: "open",
    mounts: [],
    mcp: {},
    accounts: [],
    fallback: null,
    projects: null,
    git: { name: "Chargehand agent (a)", email: "chargehand@localhost" },
  });
  assert.deepEqual(secrets, []);
});

test("relative paths are relative to the file's folder, bare program names stay as they are", async () => {
  const text =
    "data_dir: ../data\nagents: { a: { backend: command, argv: [bin/fix, ./x] }, b: { backend: command, argv: [sh, -c, y] } }\n";
  const { config } = await load(text);
  assert.equal(config.dataDir, path("../data"));
  assert.deepEqual(config.agents["a"]?.argv, [path("bin/fix"), "./x"]);
  assert.deepEqual(config.agents["b"]?.argv, ["sh", "-c", "y"]);
});
