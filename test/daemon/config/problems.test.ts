/** Every problem of a configuration is told with its path and its line, and all of them at once. */

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type ConfigProblem, printProblem } from "../../../daemon/config/file.ts";
import { loadConfig } from "../../../daemon/config/load.ts";

let folder = "";
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "chargehand-config-"));
});
after(() => rm(folder, { recursive: true, force: true }));

const GOOD: readonly string[] = [
  "data_dir: data", // 1
  "server: { webhooks: { port: 0 }, admin: { port: 0 } }", // 2
  "sources:", // 3
  "  github: { secret: github-secret }", // 4
  "  plane: { secret: plane-secret, token: plane-token, workspace: acme }", // 5
  "agents:", // 6
  "  developer: { backend: claude }", // 7
  "  script: { backend: command, argv: [./fix-it] }", // 8
  "projects:", // 9
  "  - name: shop", // 10
  "    prefix: SHOP", // 11
  "    repo: acme/shop", // 12
  "    clone_url: git@github.com:acme/shop.git", // 13
  "    agent: developer", // 14
  "  - { name: mill, prefix: MILL, clone_url: ./mill.git, plane_project: p1, agent: script }", // 15
];

/** The good file with one line replaced (or added behind it with `+`). */
function edited(line: number, text: string): string {
  const [added, replaced] = text.startsWith("+") ? [[text.slice(1)], 0] : [[text], 1];
  const lines = GOOD.toSpliced(replaced === 1 ? line - 1 : line, replaced, ...added);
  return `${lines.join("\n")}\n`;
}

async function problemsOf(text: string, env: Record<string, string> = {}): Promise<readonly ConfigProblem[]> {
  const path = join(folder, "chargehand.yaml");
  await writeFile(path, text);
  const loaded = await loadConfig({ path, env });
  return loaded.kind === "problems" ? loaded.problems : [];
}

interface Case {
  readonly line: number;
  readonly text: string;
  readonly path: string;
  readonly says: RegExp;
  /** Line of the problem, when it is not the edited one. */
  readonly at?: number;
}

const CASES: readonly Case[] = [
  { line: 1, text: "data_dri: x", path: "data_dri", says: /unknown key; did you mean "data_dir"\?/ },
  { line: 1, text: "data_dir: ''", path: "data_dir", says: /must not be empty/ },
  { line: 1, text: "data_dir: [x]", path: "data_dir", says: /must be text, not a list/ },
  { line: 1, text: "+database: mysql", path: "database", says: /must be sqlite/, at: 2 },
  {
    line: 1,
    text: "+database: postgres://h/d",
    path: "database",
    says: /PostgreSQL is not available in this version/,
    at: 2,
  },
  { line: 1, text: "+shutdown: leave", path: "shutdown", says: /one of detach, drain, stop/, at: 2 },
  { line: 1, text: "+log_level: verbose", path: "log_level", says: /one of debug, info, warn, error/, at: 2 },
  { line: 1, text: "+schedules: []", path: "schedules", says: /not available in this version/, at: 2 },
  { line: 1, text: "+notify: []", path: "notify", says: /not available in this version/, at: 2 },
  {
    line: 1,
    text: "+limits: { memory_floor: plenty }",
    path: "limits.memory_floor",
    says: /must be a size/,
    at: 2,
  },
  {
    line: 1,
    text: "+limits: { run: { memory: 1GiB } }",
    path: "limits.run",
    says: /needs isolation: scope/,
    at: 2,
  },
  {
    line: 1,
    text: "+limits: { run: { memory: 1MiB } }\nisolation: scope",
    path: "limits.run.memory",
    says: /at least 64MiB/,
    at: 2,
  },
  { line: 1, text: "+isolation: chroot", path: "isolation", says: /must be one of none, scope/, at: 2 },
  { line: 1, text: "+limits: { concurrency: 0 }", path: "limits.concurrency", says: /at least 1/, at: 2 },
  {
    line: 1,
    text: "+limits: { concurrency: 1.5 }",
    path: "limits.concurrency",
    says: /a whole number/,
    at: 2,
  },
  {
    line: 2,
    text: "server: { webhooks: { port: 70000 } }",
    path: "server.webhooks.port",
    says: /at most 65535/,
  },
  {
    line: 2,
    text: "server: { webhooks: { port: 8788 } }",
    path: "server.admin.port",
    says: /also the port of server.webhooks/,
  },
  { line: 2, text: "server: { body_limit: 25 }", path: "server.body_limit", says: /a size such as "25MiB"/ },
  {
    line: 2,
    text: "server: { body_limit: 2GiB }",
    path: "server.body_limit",
    says: /between 1kB and 256MiB/,
  },
  { line: 4, text: "  github: {}", path: "sources.github.secret", says: /is missing/ },
  {
    line: 4,
    text: "  github: { secret: 12345678 }",
    path: "sources.github.secret",
    says: /must be text, or a list/,
  },
  { line: 4, text: "  github: { secret: [] }", path: "sources.github.secret", says: /must not be empty/ },
  {
    line: 4,
    text: `  github: { secret: "\${NOT_SET}" }`,
    path: "sources.github.secret",
    says: /variable NOT_SET is not set/,
  },
  {
    line: 4,
    text: `  github: { secret: ["\${}"] }`,
    path: "sources.github.secret[0]",
    says: /is not the name of an environment variable/,
  },
  {
    line: 4,
    text: "  github: { secret: file:nowhere }",
    path: "sources.github.secret",
    says: /nowhere does not exist/,
  },
  {
    line: 4,
    text: "  github: { secret: 'file:' }",
    path: "sources.github.secret",
    says: /needs the path of a file/,
  },
  {
    line: 4,
    text: "  github: { secret: x, api_url: api.github.com }",
    path: "sources.github.api_url",
    says: /http\(s\) address/,
  },
  {
    line: 4,
    text: "  github: { secret: x, api_url: https://u:p@h }",
    path: "sources.github.api_url",
    says: /without user, password/,
  },
  { line: 4, text: "  gitlab: { secret: x }", path: "sources.gitlab", says: /not available in this version/ },
  {
    line: 4,
    text: "  generic:ci: { secret: x }",
    path: 'sources."generic:ci"',
    says: /not available in this version/,
  },
  { line: 4, text: "  gihub: { secret: x }", path: "sources.gihub", says: /did you mean "github"\?/ },
  {
    line: 5,
    text: "  plane: { secret: x, token: y }",
    path: "sources.plane.workspace",
    says: /workspace's slug/,
  },
  {
    line: 5,
    text: "  github2: { secret: x }",
    path: "projects[1].plane_project",
    says: /sources.plane is missing/,
    at: 15,
  },
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
  {
    line: 10,
    text: "  - name: mill",
    path: "projects[1].name",
    says: /"mill" is already the name of projects\[0\]/,
    at: 15,
  },
  { line: 10, text: "  - name: a/b", path: "projects[0].name", says: /letters, digits/ },
  {
    line: 11,
    text: "    prefix: MILL",
    path: "projects[1].prefix",
    says: /already the prefix of projects\[0\]/,
    at: 15,
  },
  { line: 11, text: "    prefix: shop", path: "projects[0].prefix", says: /capital letters/ },
  { line: 11, text: "    prefix: ABCDEFGHIJK", path: "projects[0].prefix", says: /1 to 10/ },
  {
    line: 11,
    text: "    prefix: 12",
    path: "projects[0].prefix",
    says: /must be text, not a number; put it in quotes/,
  },
  { line: 12, text: "    repo: shop", path: "projects[0].repo", says: /as the forge names it/ },
  {
    line: 13,
    text: "    base_branch: main",
    path: "projects[0].clone_url",
    says: /is missing: what git clones from/,
    at: 10,
  },
  {
    line: 13,
    text: "    clone_url: --upload-pack=x",
    path: "projects[0].clone_url",
    says: /git can clone from/,
  },
  { line: 13, text: "    clone_url: ext::sh", path: "projects[0].clone_url", says: /git can clone from/ },
  {
    line: 13,
    text: "+    base_branch: -x",
    path: "projects[0].base_branch",
    says: /name of a branch/,
    at: 14,
  },
  {
    line: 13,
    text: "+    base_branch: a..b",
    path: "projects[0].base_branch",
    says: /name of a branch/,
    at: 14,
  },
  {
    line: 13,
    text: "+    workflow: pipeline",
    path: "projects[0].workflow",
    says: /built-in single/,
    at: 14,
  },
  {
    line: 13,
    text: "+    publish: pull_request",
    path: "projects[0].publish",
    says: /use branch or none/,
    at: 14,
  },
  {
    line: 13,
    text: "+    publish: brunch",
    path: "projects[0].publish",
    says: /did you mean "branch"\?/,
    at: 14,
  },
  {
    line: 13,
    text: "+    serial: true",
    path: "projects[0].serial",
    says: /not available in this version/,
    at: 14,
  },
  {
    line: 13,
    text: "+    start: { labels: [1] }",
    path: "projects[0].start.labels[0]",
    says: /put it in quotes/,
    at: 14,
  },
  {
    line: 13,
    text: "+    start: { commands: [agent] }",
    path: "projects[0].start.commands[0]",
    says: /begins with a slash/,
    at: 14,
  },
  {
    line: 13,
    text: "+    trust: { github: [CONTRIBUTOR] }",
    path: "projects[0].trust.github[0]",
    says: /OWNER, MEMBER, COLLABORATOR/,
    at: 14,
  },
  {
    line: 14,
    text: "    agent: developper",
    path: "projects[0].agent",
    says: /there is no agent "developper"; did you mean "developer"\?/,
  },
  { line: 14, text: "    agent: toString", path: "projects[0].agent", says: /known are developer, script/ },
  { line: 14, text: "", path: "projects[0].agent", says: /is missing/, at: 10 },
];

test("the file that the cases change has no problem itself", async () => {
  assert.deepEqual(await problemsOf(`${GOOD.join("\n")}\n`), []);
});

for (const { line, text, path, says, at } of CASES) {
  test(`a configuration with \`${text.trim().replace(/^\+/, "")}\` is refused at ${path}`, async () => {
    const problems = await problemsOf(edited(line, text));
    const found = problems.find((problem) => problem.path === path);
    assert.ok(found, `nothing about ${path}: ${problems.map(printProblem).join(" | ") || "no problem"}`);
    assert.match(found.message, says);
    assert.equal(found.line, at ?? line);
    assert.ok(found.column >= 1);
  });
}

test("all problems of a file are told at once, in the order of the file", async () => {
  const wrong = CASES.filter(({ text, at }) => !text.startsWith("+") && at === undefined);
  const first = new Map(wrong.map((entry) => [entry.line, entry]));
  const text = GOOD.map((line, index) => first.get(index + 1)?.text ?? line).join("\n");
  const lines = (await problemsOf(text)).map(({ line }) => line);
  assert.deepEqual(
    lines,
    lines.toSorted((one, other) => one - other),
  );
  for (const line of first.keys()) assert.ok(lines.includes(line), `nothing about line ${line}`);
});

test("a problem is printed as file, line, column, path and sentence", async () => {
  const [problem] = await problemsOf(edited(11, "    prefix: shop"));
  assert.ok(problem);
  assert.match(printProblem(problem), /^\/.*chargehand\.yaml:11:13: projects\[0\]\.prefix: must be /);
});

test("YAML that cannot be parsed is refused with its line, one problem per line, and a hint about quotes", async () => {
  const problems = await problemsOf(`data_dir: x\nsources: { github: { secret: \${NAME} } }\n`);
  assert.deepEqual(
    problems.map(({ line }) => line),
    [2],
  );
  assert.match(problems[0]?.message ?? "", /needs quotes/);
  assert.match((await problemsOf("data_dir: x\ndata_dir: y\n"))[0]?.message ?? "", /unique/i);
  assert.match((await problemsOf(""))[0]?.message ?? "", /must be a mapping/);
  assert.match((await problemsOf("- a\n"))[0]?.message ?? "", /must be a mapping/);
});

test("I12: no problem holds the value of a secret", async () => {
  const secret = "hunter2-hunter2";
  const text = edited(
    4,
    `  github: { secret: "\${S}", token: ["\${S}"], api_url: "https://u:\${S}@h", account: ["\${S}"] }`,
  );
  const problems = await problemsOf(text, { S: secret });
  assert.ok(problems.length >= 3);
  assert.ok(!problems.map(printProblem).join("\n").includes(secret));
});
