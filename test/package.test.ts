/** The package as a stranger gets it: packed from a clean tree, installed from the tarball alone, and run. */

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { NPM_ENV, packInto, QUIET, unpackInto } from "./pack.ts";

const run = promisify(execFile);
const ROOT = resolve(import.meta.dirname, "..");
const scratch = mkdtempSync(join(tmpdir(), "chargehand-package-"));
after(() => rmSync(scratch, { recursive: true, force: true }));

/** What npm says when it cannot reach its registry; everything else is a failure. */
const OFFLINE = /\b(ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|ENOTCACHED|network)\b/;

let tarball = "";
/** What is in the tarball, with the packages of this checkout beside it. */
let unpacked = "";
before(async () => {
  tarball = await packInto(scratch);
  unpacked = await unpackInto(scratch, tarball);
});

test("every file that the package's documents and units name is in the package", () => {
  const documents = globSync(["README.md", "docs/**/*.md"], { cwd: unpacked });
  assert.ok(documents.includes("README.md") && documents.includes("docs/systemd.md"));
  for (const path of documents) {
    const text = readFileSync(join(unpacked, path), "utf8").replace(/^```[\s\S]*?^```/gm, "");
    for (const [, link = ""] of text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)) {
      if (/^[a-z]+:/.test(link)) continue;
      assert.ok(existsSync(join(unpacked, dirname(path), link)), `${path} links to ${link}`);
    }
  }
  for (const unit of globSync("systemd/*", { cwd: unpacked })) {
    const text = readFileSync(join(unpacked, unit), "utf8");
    const pages = text.matchAll(/\bdocs\/[\w./-]+\w/g);
    for (const [page] of pages) assert.ok(existsSync(join(unpacked, page)), `${unit} names ${page}`);
    for (const [line] of text.matchAll(/^Documentation=.*/gm))
      assert.match(line, /\bdocs\/|https:/, `${unit} names a document of the package, or one in the web`);
  }
  for (const schema of ["config", "workflow"])
    assert.ok(existsSync(join(unpacked, `docs/${schema}.schema.json`)));
});

test("the command of the package answers, asks a daemon, and does the main job", async () => {
  const command = join(unpacked, "bin/chargehand.js");
  const plain = { env: { PATH: NPM_ENV["PATH"], HOME: scratch, LANG: "C.UTF-8" }, cwd: scratch };
  assert.equal((await run(command, ["--version"], plain)).stdout, `${readVersion()}\n`);
  const written = (await run(command, ["--help"], plain)).stdout;
  assert.match(written, /^Usage: chargehand /);
  assert.equal(
    written,
    (await run(command, ["help"], plain)).stdout,
    "the help is the one that the build wrote",
  );
  const workflow = await run(command, ["workflow", "show", "pipeline", "--yaml"], plain);
  assert.equal(workflow.stdout, readFileSync(join(ROOT, "daemon/workflows/built-in/pipeline.yaml"), "utf8"));
  const url = { CHARGEHAND_URL: "http://127.0.0.1:1", CHARGEHAND_TOKEN: "t0ken" };
  const asking = run(command, ["status"], { ...plain, env: { ...plain.env, ...url } });
  await assert.rejects(asking, { code: 3, stderr: /127\.0\.0\.1:1 did not answer: ECONNREFUSED/ });
  const report: unknown = JSON.parse((await run(command, ["demo", "--json"], plain)).stdout);
  assert.ok(
    typeof report === "object" && report !== null && "tasks" in report && Array.isArray(report.tasks),
  );
  assert.equal(report.tasks.length, 2);
  await seesChat(command, plain);
});

/** The demo's chat has a page, whose files are no code that a compiler would bring along. */
async function seesChat(
  command: string,
  { env, cwd }: { readonly env: NodeJS.ProcessEnv; readonly cwd: string },
) {
  const demo = spawn(command, ["demo", "--chat"], { env, cwd, stdio: ["ignore", "pipe", "ignore"] });
  const ended = once(demo, "exit");
  let said = "";
  for await (const text of demo.stdout.setEncoding("utf8").iterator({ destroyOnReturn: false })) {
    said += String(text);
    if (said.includes("You are Ada")) break;
  }
  const page = /The chat: (\S+)/.exec(said)?.[1] ?? assert.fail(said);
  for (const path of ["/", "/page.js", "/page.css"])
    assert.equal((await fetch(page + path)).status, 200, path);
  demo.kill("SIGINT");
  await ended;
}

test("npm pack gives a package whose command works after an install into an empty prefix", async (t) => {
  const prefix = join(scratch, "prefix");
  mkdirSync(prefix);
  try {
    await run("npm", ["install", "--global", "--prefix", prefix, "--prefer-offline", ...QUIET, tarball], {
      env: NPM_ENV,
      cwd: scratch,
    });
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    if (OFFLINE.test(said))
      return t.skip("npm cannot reach a registry, and its cache does not hold the dependencies");
    throw error;
  }
  const home = join(prefix, "lib/node_modules/chargehand");
  const version = readVersion();
  const command = join(prefix, "bin/chargehand");
  const plain = { env: { PATH: NPM_ENV["PATH"], HOME: scratch, LANG: "C.UTF-8" }, cwd: scratch };
  assert.equal((await run(command, ["--version"], plain)).stdout.trim(), version);
  assert.match((await run(command, ["--help"], plain)).stdout, /^Usage: chargehand /);

  const own = globSync("**/*", { cwd: home, exclude: (name) => basename(name) === "node_modules" });
  assert.deepEqual(
    own.filter((path) => path.endsWith(".ts") || path.startsWith("test")),
    [],
    "only compiled files are packed",
  );
  for (const path of ["LICENSE", "CHANGELOG.md"]) assert.ok(own.includes(path), `${path} is packed`);
  const migrations = own.filter((path) => path.endsWith(".sql")).map((path) => basename(path));
  assert.deepEqual(migrations.sort(), readdirSync(join(ROOT, "store/migrations")).sort());
  assert.notEqual(statSync(join(home, "dist/cli/main.js")).mode & 0o111, 0);
  const installed = readdirSync(join(home, "node_modules"));
  for (const dev of ["typescript", "knip", "fast-check", "node"])
    assert.ok(!installed.includes(dev), `${dev} is not installed`);
});

function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  assert.ok(typeof manifest === "object" && manifest !== null && "version" in manifest);
  return String(manifest.version);
}
