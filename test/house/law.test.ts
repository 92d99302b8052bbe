/** The law itself, held to what it says: what it forbids is found, and words in comments and strings are not. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { astray, spoken } from "./judge.ts";
import { BANS, BANS_EVERYWHERE, FOLDERS, MODULES, OUTSIDE, REMARKS, SQL } from "./law.ts";
import { parseSource, type Source } from "./source.ts";

function source(text: string): Source {
  return parseSource("reaper/reaper.ts", text);
}

const FORBIDDEN = [
  "const now = Date.now();",
  "const now = new Date();",
  "const now = new Date;",
  "const now = Date();",
  "performance.now();",
  "setTimeout(() => undefined, 5);",
  "globalThis.setInterval(() => undefined, 5);",
  "AbortSignal.timeout(5);",
  "const id = crypto.randomUUID();",
  'import { randomBytes } from "node:crypto";',
  "const dice = Math.random();",
  'await fetch("http://localhost");',
  "process.kill(1);",
  "const home = process.env.HOME;",
  "process.exit(1);",
  "console.log(1);",
  "enum Colour { Red }",
  "export default 1;",
];
for (const text of FORBIDDEN) {
  test(`a room may not say ${text}`, () => assert.equal(spoken(source(text), BANS).length, 1));
}

const ALLOWED = [
  "// Date.now() and setTimeout( are for system/",
  'const hint = "never say Date.now() or console.log";',
  "const hint = `process.env.${name}`;",
  "const day = new Date(now).toISOString();",
  "const pattern = /Math.random/;",
  "const answer = app.fetch(request);",
];
for (const text of ALLOWED) {
  test(`a room may say ${text}`, () => assert.deepEqual(spoken(source(text), BANS), []));
}

test("an exception holds for its paths only", () => {
  const text = "export const now = (): number => Date.now();";
  assert.deepEqual(spoken(parseSource("system/clock.ts", text), BANS), []);
  assert.deepEqual(spoken(parseSource("store/clock.ts", text), BANS).length, 1);
});

test("nobody may say any, leave a test alone, or skip one without a reason", () => {
  const only = ["test", "only"].join(".");
  for (const text of [
    "const x = y as any;",
    "let x: any;",
    `${only}("a", () => {});`,
    'test.skip("a", () => {});',
    "t.skip();",
  ]) {
    assert.equal(spoken(source(text), BANS_EVERYWHERE).length, 1, text);
  }
  assert.deepEqual(
    spoken(source('t.skip("no registry"); test("a", { skip: reason }, () => {});'), BANS_EVERYWHERE),
    [],
  );
});

test("modules with effects are known by every name they have", () => {
  for (const name of [
    "node:child_process",
    "node:fs",
    "node:fs/promises",
    "undici",
    "node:http",
    "node:timers/promises",
    "better-sqlite3",
  ]) {
    assert.equal(MODULES.filter(({ what }) => what.test(name)).length, 1, name);
  }
});

test("remarks that hide something are found, and those with an issue are not", () => {
  const todo = ["TO", "DO"].join("");
  const found = (text: string): boolean => REMARKS.some(({ what }) => what.test(text));
  assert.deepEqual([`${todo}: later`, ` ${todo} see #12`, "@ts-ignore", "nothing"].map(found), [
    true,
    false,
    true,
    false,
  ]);
});

test("SQL is known by its sentences, and English is not SQL", () => {
  const spelled = [
    "select id from jobs where",
    "INSERT INTO jobs (",
    "update jobs set x",
    "delete from jobs where",
    "pragma user_version",
    "create unique index a",
  ];
  for (const text of spelled) assert.match(text, SQL);
  for (const text of ["update the settings", "select one", "created table of contents", "begin with this"])
    assert.doesNotMatch(text, SQL);
});

test("hosts of registries and paths of a machine are found", () => {
  const slash = "/";
  assert.match(["https://registry", "example", "org"].join("."), OUTSIDE);
  assert.match(`cd ${slash}work${slash}x`, OUTSIDE);
  assert.doesNotMatch("runs/work/x and /worktrees/", OUTSIDE);
});

test("a kit is imported by itself and by the registry, and by nobody else", () => {
  const broken = (path: string, from: string): number =>
    astray(parseSource(path, `import { a } from "${from}";`), FOLDERS).length;
  assert.equal(broken("handlers/gitea/trust.ts", "../github/trust.ts"), 1);
  assert.equal(broken("handlers/trust.ts", "./github/trust.ts"), 1);
  assert.equal(broken("handlers/api/app.ts", "../plane/plane.ts"), 1);
  assert.equal(broken("daemon/build.ts", "../handlers/plane/webhook.ts"), 1);
  assert.equal(broken("handlers/sources.ts", "./github/github.ts"), 0);
  assert.equal(broken("handlers/github/github.ts", "./trust.ts"), 0);
  assert.equal(broken("handlers/github/trust.ts", "../trust.ts"), 0);
  assert.equal(broken("daemon/build.ts", "../handlers/api/app.ts"), 0);
});

test("the configuration imports nothing of the daemon that is built of it", () => {
  const broken = (path: string, from: string): number =>
    astray(parseSource(path, `import type { A } from "${from}";`), FOLDERS).length;
  assert.equal(broken("daemon/config/in-force.ts", "../wiring/ground.ts"), 1);
  assert.equal(broken("daemon/config/parts/agents.ts", "../../run/ports.ts"), 1);
  assert.equal(broken("daemon/config/reload.ts", "../build.ts"), 1);
  assert.equal(broken("daemon/config/load.ts", "./parts/agents.ts"), 0);
  assert.equal(broken("daemon/config/parts/agents.ts", "../tree.ts"), 0);
  assert.equal(broken("daemon/wiring/ground.ts", "../config/in-force.ts"), 0);
});

test("a run knows neither wiring nor loops, a wiring file no composition, and a decision no explanation", () => {
  const broken = (path: string, from: string): number =>
    astray(parseSource(path, `import type { A } from "${from}";`), FOLDERS).length;
  assert.equal(broken("daemon/run/runner.ts", "../wiring/runner.ts"), 1);
  assert.equal(broken("daemon/run/runner.ts", "../loops.ts"), 1);
  assert.equal(broken("daemon/run/runner.ts", "./ports.ts"), 0);
  assert.equal(broken("daemon/wiring/runner.ts", "../run/ports.ts"), 0);
  assert.equal(broken("daemon/wiring/runner.ts", "../build.ts"), 1);
  assert.equal(broken("daemon/build.ts", "./wiring/runner.ts"), 0);
  assert.equal(broken("workflow/decide/decide.ts", "../explain/refusal.ts"), 1);
  assert.equal(broken("workflow/job.ts", "./explain/refusal.ts"), 1);
  assert.equal(broken("workflow/explain/explain.ts", "./refusal.ts"), 0);
  assert.equal(broken("workflow/explain/explain.ts", "../decide/decide.ts"), 0);
});

test("a source is read as it is: imports, functions, casts, catches, strings, page", () => {
  const read = source(
    [
      "#!/usr/bin/env node",
      "/** The page. */",
      'import type { A } from "./a.ts";',
      'import { b } from "../b.ts";',
      'export { c } from "./c.ts";',
      'const d = await import("./d.ts");',
      "export function long(): number {",
      "  const tuple = [1] as const;",
      "  try { b(); } catch {}",
      "  return d as unknown as number;",
      "}",
      "const sql = `select ${tuple} from x`;",
    ].join("\n"),
  );
  assert.deepEqual(read.imports, [
    { line: 3, from: "./a.ts", typesOnly: true },
    { line: 4, from: "../b.ts", typesOnly: false },
    { line: 5, from: "./c.ts", typesOnly: false },
    { line: 6, from: "./d.ts", typesOnly: false },
  ]);
  assert.deepEqual(read.functions, [{ line: 7, name: "long", lines: 5 }]);
  assert.deepEqual([read.emptyCatches, read.casts.length, read.hasPage], [[9], 2, true]);
  assert.ok(read.strings.some(({ text }) => text === "`select ${tuple} from x`"));
  assert.ok(read.strings.some(({ text }) => SQL.test(text)));
  assert.equal(source("const a = 1; // late").hasPage, false);
  assert.throws(() => source("const = 1"), /does not parse/);
});
