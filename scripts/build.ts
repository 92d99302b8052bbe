/**
 * Compiles the rooms to `dist/` for `npm pack`: Node strips no types below `node_modules`, so the package holds
 * JavaScript. A checkout needs none of this.
 *
 * Everything in a room that is no TypeScript (SQL, JSON) is part of the program and is copied beside it.
 */

import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "..");
const DIST = join(ROOT, "dist");
const MAIN = join(DIST, "cli/main.js");

rmSync(DIST, { recursive: true, force: true });
compile();
copyTexts();
refuseTypeScript();
writeHelp();
chmodSync(MAIN, 0o755);
process.stderr.write(`built ${globSync("**/*.js", { cwd: DIST }).length} files below dist/\n`);

function compile(): void {
  const compiler = join(ROOT, "node_modules/.bin/tsc");
  const { status, error } = spawnSync(compiler, ["-p", "tsconfig.build.json"], {
    cwd: ROOT,
    stdio: ["ignore", 2, 2],
  });
  if (error !== undefined) throw error;
  if (status !== 0) fail(`tsc ended with ${status}`);
}

function copyTexts(): void {
  const { include } = readBuildConfig();
  for (const path of globSync(
    include.map((room) => `${room}/**/*.*`),
    { cwd: ROOT },
  )) {
    if (/\.(ts|md)$/.test(path)) continue;
    mkdirSync(dirname(join(DIST, path)), { recursive: true });
    cpSync(join(ROOT, path), join(DIST, path));
  }
}

/** The rooms of the package stand in one place. */
function readBuildConfig(): { readonly include: readonly string[] } {
  const config: unknown = JSON.parse(readFileSync(join(ROOT, "tsconfig.build.json"), "utf8"));
  if (
    typeof config !== "object" ||
    config === null ||
    !("include" in config) ||
    !Array.isArray(config.include)
  ) {
    return fail("tsconfig.build.json names no rooms");
  }
  return { include: config.include.map(String) };
}

/** `bin/chargehand.js` shows it without loading any command. */
function writeHelp(): void {
  const { status, stdout, error } = spawnSync(process.execPath, [MAIN, "--help"], { encoding: "utf8" });
  if (error !== undefined) throw error;
  if (status !== 0 || stdout === "") fail(`${MAIN} --help ended with ${status}`);
  writeFileSync(join(DIST, "cli/help.txt"), stdout);
}

/** The compiler rewrites imports and nothing else: a `.ts` file named in a string would be missing at run time. */
function refuseTypeScript(): void {
  const naming = globSync("**/*.js", { cwd: DIST }).filter((path) => {
    const text = readFileSync(join(DIST, path), "utf8");
    const named = text.match(/"[\w./-]+\.ts"/g) ?? [];
    return named.some((name) => !text.includes(name.replace(/\.ts"$/, '.js"')));
  });
  if (naming.length > 0) fail(`these name a .ts file, which the package does not have: ${naming.join(", ")}`);
}

function fail(reason: string): never {
  process.stderr.write(`build: ${reason}\n`);
  process.exit(1);
}
