/** Which values are secrets, and that none is told (I12). */

import assert from "node:assert/strict";
import { test } from "node:test";
import { printProblem } from "../../../daemon/config/file.ts";
import { reading } from "./reading.ts";
import { edited } from "./refusals.ts";

const { load, read, problems, write } = reading();

test("I12: keys that agents may see and passwords in addresses are listed for redaction, other variables are not", async () => {
  const text = `data_dir: "\${ROOT}"
agents: { a: { backend: claude, env: [ANTHROPIC_API_KEY, EDITOR] } }
projects: [{ name: s, prefix: S, clone_url: "https://robot:\${GIT_TOKEN}@h/s.git", agent: a }]
`;
  const env = {
    ROOT: "/srv/data",
    ANTHROPIC_API_KEY: "sk-ant-1",
    EDITOR: "vi-the-editor",
    GIT_TOKEN: "ghp_1",
  };
  const { secrets } = await load(text, env);
  assert.deepEqual(new Set(secrets), new Set(["sk-ant-1", "ghp_1"]));
});

test("I12: what accounts and servers hold under names that sound secret is read from files and never logged", async () => {
  await write("key", "sk-from-file\n");
  const loaded = await read(
    `data_dir: data
accounts: { api: { backend: claude, env: { ANTHROPIC_API_KEY: "file:key", CLAUDE_CONFIG_DIR: "file:not-read" } } }
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

test("I12: tokens of further accounts of a source are read from files and never logged", async () => {
  await write("reviewer", "ghp_reviewer\n");
  const loaded = await read(`data_dir: data
sources: { github: { secret: hush-hush, accounts: { a: { token: "file:reviewer" }, b: { token: ghp_b } } } }
`);
  assert.ok(loaded.kind === "ok");
  assert.deepEqual(new Set(loaded.secrets), new Set(["hush-hush", "ghp_reviewer", "ghp_b"]));
});

test("I12: no problem holds the value of a secret", async () => {
  const secret = "hunter2-hunter2";
  const text = edited(
    4,
    `  github: { secret: "\${S}", token: ["\${S}"], api_url: "https://u:\${S}@h", account: ["\${S}"] }`,
  );
  const found = await problems(text, { S: secret });
  assert.ok(found.length >= 3);
  assert.ok(!found.map(printProblem).join("\n").includes(secret));
});
