/** What a good configuration becomes: defaults, variables, secrets, absolute paths, and where it is looked for. */

import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Config } from "../../../daemon/config/config.ts";
import { findDataDir } from "../../../daemon/config/data-dir.ts";
import { printProblem } from "../../../daemon/config/file.ts";
import { loadConfig } from "../../../daemon/config/load.ts";
import { configJsonSchema, type JsonSchema } from "../../../daemon/config/schema.ts";
import { SINGLE } from "../../../workflow/workflow.ts";

let folder = "";
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "chargehand-config-"));
});
after(() => rm(folder, { recursive: true, force: true }));

async function load(
  text: string,
  env: Record<string, string> = {},
): Promise<{ config: Config; secrets: readonly string[] }> {
  const path = join(folder, "chargehand.yaml");
  await writeFile(path, text);
  const loaded = await loadConfig({ path, env });
  if (loaded.kind === "problems") assert.fail(loaded.problems.map(printProblem).join("\n"));
  return loaded;
}

const PROJECT =
  "projects: [{ name: shop, prefix: SHOP, clone_url: ./shop.git, agent: a }]\nagents: { a: { backend: claude } }\n";

test("what is left out gets the documented default", async () => {
  const { config, secrets } = await load(`data_dir: data\n${PROJECT}`);
  assert.deepEqual(config.server, {
    webhooks: { host: "127.0.0.1", port: 8787 },
    admin: { host: "127.0.0.1", port: 8788 },
    bodyLimit: 26_214_400,
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
      cloneUrl: join(folder, "shop.git"),
      baseBranch: "main",
      trackers: {},
      workflow: SINGLE,
      agent: "a",
      publish: "branch",
      start: { labels: [], states: [], commands: ["/agent"], assignees: [] },
      trust: { github: ["OWNER", "MEMBER", "COLLABORATOR"], users: [], bots: [] },
      concurrency: 3,
      budget: [
        { scope: "task", unit: "runs", amount: 40 },
        { scope: "task", unit: "tokens", amount: 100_000_000 },
      ],
    },
  ]);
  assert.deepEqual([config.accounts, config.prices], [[], new Map()]);
  assert.deepEqual(config.agents["a"], {
    name: "a",
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
    mcp: {},
    accounts: [],
    fallback: null,
  });
  assert.deepEqual(secrets, []);
});

test("durations become milliseconds and sizes bytes", async () => {
  const text =
    "data_dir: d\nserver: { body_limit: 500kB }\nagents: { a: { backend: claude, timeout: 90s } }\n";
  const { config } = await load(text);
  assert.equal(config.server.bodyLimit, 500_000);
  assert.equal(config.agents["a"]?.timeoutMs, 90_000);
});

test("relative paths are relative to the file's folder, bare program names stay as they are", async () => {
  const text =
    "data_dir: ../data\nagents: { a: { backend: command, argv: [bin/fix, ./x] }, b: { backend: command, argv: [sh, -c, y] } }\n";
  const { config } = await load(text);
  assert.equal(config.dataDir, join(folder, "../data"));
  assert.deepEqual(config.agents["a"]?.argv, [join(folder, "bin/fix"), "./x"]);
  assert.deepEqual(config.agents["b"]?.argv, ["sh", "-c", "y"]);
});

test("variables are filled in anywhere in a text, and a doubled dollar is a literal one", async () => {
  const text = `data_dir: "\${ROOT}/data"\nagents: { a: { backend: command, argv: [sh, -c, "echo $\${HOME} $HOME \${ROOT}"] } }\n`;
  const { config } = await load(text, { ROOT: "/srv/x" });
  assert.equal(config.dataDir, "/srv/x/data");
  assert.equal(config.agents["a"]?.argv[2], `echo \${HOME} $HOME /srv/x`);
});

test("a secret may be text, a variable, a file, or a list of them, and loses the newline at its end", async () => {
  await writeFile(join(folder, "hook-secret"), "from-file\r\n");
  const text = `data_dir: d
sources:
  github: { secret: ["plain-secret", "\${HOOK}", "file:hook-secret"], token: "file:\${DIR}/hook-secret", account: robot }
  plane: { secret: plane-secret, token: plane-token, api_url: https://plane.example.org/, workspace: acme }
`;
  const { config, secrets } = await load(text, { HOOK: "from-env", DIR: folder });
  assert.deepEqual(config.sources["github"], {
    secret: ["plain-secret", "from-env", "from-file"],
    token: "from-file",
    api_url: "https://api.github.com",
    account: "robot",
  });
  assert.deepEqual(config.sources["plane"], {
    secret: ["plane-secret"],
    token: "plane-token",
    api_url: "https://plane.example.org",
    workspace: "acme",
  });
  assert.deepEqual(
    new Set(secrets),
    new Set(["plain-secret", "from-env", "from-file", "plane-secret", "plane-token"]),
  );
});

test("an empty or unreadable secret file is a problem that names it", async () => {
  await writeFile(join(folder, "empty"), "\n");
  await mkdir(join(folder, "directory"), { recursive: true });
  const path = join(folder, "chargehand.yaml");
  await writeFile(path, "data_dir: d\nsources: { github: { secret: [file:empty, file:directory] } }\n");
  const loaded = await loadConfig({ path, env: {} });
  assert.equal(loaded.kind, "problems");
  const messages = loaded.kind === "problems" ? loaded.problems.map(printProblem) : [];
  assert.equal(messages.length, 2);
  assert.match(messages[0] ?? "", /secret\[0\]: the secret file .*empty is empty/);
  assert.match(messages[1] ?? "", /secret\[1\]: the secret file .*directory cannot be read/);
});

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

test("the file is taken from --config, else $CHARGEHAND_CONFIG, and a missing one is named", async () => {
  const one = join(folder, "one.yaml");
  const two = join(folder, "two.yaml");
  await writeFile(one, "data_dir: one\n");
  await writeFile(two, "data_dir: two\n");
  const env = { CHARGEHAND_CONFIG: two };
  const given = await findDataDir({ path: one, env });
  const named = await findDataDir({ env });
  assert.deepEqual(
    [given, named],
    [
      { kind: "ok", dataDir: join(folder, "one") },
      { kind: "ok", dataDir: join(folder, "two") },
    ],
  );
  const missing = await loadConfig({ path: join(folder, "three.yaml"), env });
  assert.match(
    missing.kind === "problems" ? missing.problems.map(printProblem).join() : "",
    /three.yaml: there is no such file/,
  );
});

test("where nothing is found, the places are listed", async () => {
  const files = {
    ...(await import("../../../system/files.ts")).systemFiles(),
    read: () => Promise.resolve(null),
  };
  const loaded = await loadConfig({ env: {}, files });
  const said = loaded.kind === "problems" ? loaded.problems.map(printProblem).join() : "";
  assert.match(
    said,
    /\.\/chargehand\.yaml and \/etc\/chargehand\/chargehand\.yaml.*--config or \$CHARGEHAND_CONFIG/,
  );
});

const SCHEMA_FILE = new URL("../../../docs/config.schema.json", import.meta.url);

test("docs/config.schema.json is the schema that validates", async () => {
  const text = `${JSON.stringify(configJsonSchema(), null, 2)}\n`;
  if (process.env["UPDATE"]) await writeFile(SCHEMA_FILE, text);
  assert.equal(
    await readFile(SCHEMA_FILE, "utf8"),
    text,
    "run this test with UPDATE=1 and read the difference",
  );
});

test("docs/configuration.md explains every key", async () => {
  const page = await readFile(new URL("../../../docs/configuration.md", import.meta.url), "utf8");
  const keys = (schema: JsonSchema): string[] => {
    const own = Object.entries(schema.properties ?? {}).flatMap(([key, inner]) => [key, ...keys(inner)]);
    const others = typeof schema.additionalProperties === "object" ? keys(schema.additionalProperties) : [];
    return [...own, ...others, ...(schema.items === undefined ? [] : keys(schema.items))];
  };
  const missing = new Set(keys(configJsonSchema()).filter((key) => !page.includes(`\`${key}\``)));
  assert.deepEqual([...missing], []);
});
