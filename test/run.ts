/**
 * `npm test [-- PATH…] [--name PATTERN]`: every test file, or those below the given paths.
 *
 * Files that need a process of their own (real processes, timers, a database in wasm) are isolated. The others are
 * pure: they share one process (`test/together.ts`), because starting Node costs more than running them.
 *
 * V1. A file that fails, crashes or hangs fails the run: each has its time (`limits.ts`), and must tell its end.
 * V2. A path that holds no test is an error, so that a typing mistake never looks like a green run.
 * V3. The last lines are Node's own summary (`# tests`, `# pass`, …).
 */

import { globSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, relative, resolve } from "node:path";
import { run } from "node:test";
import { parseArgs } from "node:util";
import { WHOLE_MS } from "./limits.ts";
import { follow } from "./report.ts";

const ROOT = resolve(import.meta.dirname, "..");
const TOGETHER = join(import.meta.dirname, "together.ts");
const WATCHDOG = join(import.meta.dirname, "watchdog.ts");

/** Folders and files whose tests hold no state outside themselves. Everything else is isolated. */
const PURE = ["test/house.test.ts", "test/house/", "test/workflow/", "test/agents/", "test/handlers/"];
/** Among them, what starts processes: their end must find this one still waiting. */
const IMPURE = ["test/agents/sandbox/", "test/agents/setup/"];
/** What takes longest begins first, so that nobody waits for it at the end. */
const SLOW = [
  "test/world/",
  "test/torture/",
  "test/forges/git/",
  "test/e2e/",
  "test/package.test.ts",
  "test/conformance/",
  "test/reaper/daemon.test.ts",
  "test/daemon/",
];

/** A second process is worth it even on one core, because many of these tests wait for others. */
const PROCESSES = Math.max(2, Math.min(4, availableParallelism()));

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { name: { type: "string", multiple: true } },
});

const files = choose(positionals);
const alone = files.filter((file) => !isPure(file) || files.length === 1).sort((a, b) => rank(a) - rank(b));
const together = files.filter((file) => !alone.includes(file));
process.env["CHARGEHAND_TOGETHER"] = together.join("\n");
process.chdir(ROOT);
// Most of the time of a small test is Node reading our sources, which it remembers here for the next one.
process.env["NODE_COMPILE_CACHE"] ??= join(ROOT, "node_modules", ".cache", "node");

const processes = [...(together.length > 0 ? [TOGETHER] : []), ...alone].map((file) => resolve(ROOT, file));
const giveUp = new AbortController();
const tests = run({
  cwd: ROOT,
  files: processes,
  concurrency: PROCESSES,
  execArgv: ["--import", WATCHDOG],
  signal: giveUp.signal,
  ...(values.name !== undefined && { testNamePatterns: values.name.map((name) => new RegExp(name)) }),
});
const watchdog = setTimeout(() => {
  process.stderr.write(`the tests took longer than ${WHOLE_MS / 1_000} s and were given up\n`);
  giveUp.abort();
  setTimeout(() => process.exit(1), 5_000);
}, WHOLE_MS);

const passed = await follow(tests, processes, (line) => process.stdout.write(`${line}\n`));
clearTimeout(watchdog);
process.exitCode = passed ? 0 : 1;

/** The test files below `paths`, or all of them, as paths from the root. */
function choose(paths: readonly string[]): readonly string[] {
  if (paths.length === 0) return globSync("test/**/*.test.ts", { cwd: ROOT }).sort();
  return paths.flatMap((path) => {
    const found = statSync(path).isDirectory() ? globSync(`${path}/**/*.test.ts`) : [path];
    if (found.length === 0) throw new Error(`there is no *.test.ts below ${path}`);
    return found.map((file) => relative(ROOT, resolve(file))).sort();
  });
}

function isPure(file: string): boolean {
  const isBelow = (prefix: string): boolean => file.startsWith(prefix);
  return PURE.some(isBelow) && !IMPURE.some(isBelow);
}

function rank(file: string): number {
  const index = SLOW.findIndex((prefix) => file.startsWith(prefix));
  return index === -1 ? SLOW.length : index;
}
