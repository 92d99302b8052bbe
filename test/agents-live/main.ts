/**
 * `npm run test:agents [-- --only claude,codex --case success,resume --cache DIR --parallel 2 --keep --record DIR
 * --isolation sandbox]`
 *
 * The real agent programs, at pinned versions, against a scripted model on loopback, through the house's own backends,
 * launcher and supervisor; and a table of what came of it. It needs npm's registry once, and no account anywhere.
 *
 * T1. Agents run as an unprivileged user, in homes of their own, with nothing of our environment. Started by root, this
 *     program installs, and then starts itself again as `nobody`.
 * T2. A program that cannot be installed was not tried. That is said, and is no failure; a case that was tried and came
 *     out otherwise than expected is.
 * T3. What was tried and failed leaves its directory with `--keep`; `--record` keeps what every program printed, in a
 *     directory that `nobody` may write to.
 * T4. With `--isolation sandbox` each works inside walls, as an agent of the daemon does there.
 * T5. The cache is $XDG_CACHE_HOME/chargehand/agents, or below ~/.cache; for root, whose home others may not enter,
 *     below /var/cache.
 * T6. `workflow` is the daemon itself, with a task that walks through two phases (`walk.ts`); everything else is what
 *     the daemon does with one run.
 */

import { spawn } from "node:child_process";
import { chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { NO_WALLS } from "../../agents/sandbox/walls.ts";
import { NO_SANDBOX, walls as sandbox } from "../agents/sandbox/walled.ts";
import { CASES } from "./cases.ts";
import { type Installed, install, type ProgramName } from "./install.ts";
import { startModelServer } from "./model-server.ts";
import { clearStage } from "./perform.ts";
import { PROGRAMS, type Program } from "./programs.ts";
import { play, type Verdict } from "./scene.ts";
import { drawTable, type Tried } from "./table.ts";
import { breakOff, walk } from "./walk.ts";

const NOBODY = 65_534;

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    case: { type: "string" },
    cache: { type: "string" },
    parallel: { type: "string", default: "2" },
    keep: { type: "boolean", default: false },
    record: { type: "string" },
    isolation: { type: "string", default: "none" },
    /** Set by this program for itself: a directory with `installed.json`. */
    base: { type: "string" },
  },
});

const programs = chosen(PROGRAMS, values.only);
const cases = chosen(CASES, values.case);
process.exitCode = values.base === undefined ? await begin() : await tryAll(values.base);

function chosen<T extends { readonly name: string }>(
  all: readonly T[],
  names: string | undefined,
): readonly T[] {
  if (names === undefined) return all;
  return names.split(",").map((name) => {
    const found = all.find((one) => one.name === name);
    if (found === undefined) throw new Error(`${name} is none of ${all.map((one) => one.name).join(", ")}`);
    return found;
  });
}

/** Installs, and goes on as a user who owns nothing here. */
async function begin(): Promise<number> {
  const base = mkdtempSync(`${tmpdir()}/chargehand-live-`);
  const installed: Partial<Record<ProgramName, Installed>> = {};
  const cache = values.cache ?? defaultCache();
  mkdirSync(cache, { recursive: true });
  for (const { name } of programs) {
    process.stdout.write(`installing ${name} … `);
    const result = await install(name, cache);
    installed[name] = result;
    process.stdout.write(result.kind === "ready" ? `${result.version}\n` : `not installed: ${result.why}\n`);
  }
  writeFileSync(`${base}/installed.json`, JSON.stringify(installed));
  try {
    return process.getuid?.() === 0 ? await againAsNobody(base) : await tryAll(base);
  } finally {
    // What was killed a moment ago may still be about to close its files.
    const patient = { recursive: true, force: true, maxRetries: 10, retryDelay: 200 };
    if (!values.keep) rmSync(base, patient);
  }
}

function defaultCache(): string {
  const own = process.getuid?.() === 0 ? "/var/cache" : `${homedir()}/.cache`;
  return `${process.env["XDG_CACHE_HOME"] ?? own}/chargehand/agents`;
}

async function againAsNobody(base: string): Promise<number> {
  chownSync(base, NOBODY, NOBODY);
  const args = [fileURLToPath(import.meta.url), ...process.argv.slice(2), "--base", base];
  const child = spawn(process.execPath, args, {
    ...{ uid: NOBODY, gid: NOBODY, cwd: base, stdio: "inherit" },
    env: { PATH: process.env["PATH"], HOME: base },
  });
  // From a terminal it hears the signal itself, and once is enough.
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  process.on("SIGINT", () => undefined);
  return new Promise((resolve) => {
    child.once("error", (error) => {
      process.stderr.write(`cannot go on as an unprivileged user: ${error.message}\n`);
      resolve(1);
    });
    child.once("exit", (code) => resolve(code ?? 1));
  });
}

async function tryAll(base: string): Promise<number> {
  const installed: Partial<Record<ProgramName, Installed>> = JSON.parse(
    readFileSync(`${base}/installed.json`, "utf8"),
  );
  const walls = values.isolation === "sandbox" ? sandbox([base]) : NO_WALLS;
  if (walls.level === "sandbox" && NO_SANDBOX !== false) throw new Error(NO_SANDBOX);
  const server = await startModelServer();
  const tried: Tried[] = [];
  const queue = cases.flatMap((planned) => programs.map((program) => ({ program, planned })));
  // It may come twice, from the terminal's group and from whoever started us.
  for (const signal of ["SIGINT", "SIGTERM"]) {
    process.on(signal, () => {
      queue.length = 0;
      void Promise.all([clearStage(), breakOff()]).then(() => process.exit(130));
    });
  }
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const { program, planned } = next;
      const found = installed[program.name];
      if (found?.kind !== "ready") continue;
      const stage = { server, base, keep: values.keep, recordings: values.record ?? null, walls };
      const verdict = await (planned.name === "workflow"
        ? walk(stage, program, found.program)
        : play(stage, program, found.program, planned)
      ).catch(broken);
      tried.push({ program: program.name, case: planned.name, verdict });
      process.stdout.write(tell(program, planned.name, verdict));
    }
  };
  await Promise.all(Array.from({ length: Number(values.parallel) }, work));
  await server.close();
  process.stdout.write(drawTable(programs, cases, installed, tried));
  return tried.some(({ verdict }) => verdict.wrong.length > 0) ? 1 : 0;
}

/** What breaks the test itself is a failure of its case, not the end of all others. */
function broken(error: unknown): Verdict {
  const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
  // `fetch` says only there what it was that failed.
  const cause = error instanceof Error && error.cause !== undefined ? [`because of ${error.cause}`] : [];
  return { wrong: [why, ...cause], tookMs: 0, stderrTail: "" };
}

function tell(program: Program, name: string, { wrong, tookMs, stderrTail }: Verdict): string {
  const head = `${program.name} ${name}: ${wrong.length === 0 ? "ok" : "FAILED"} (${(tookMs / 1_000).toFixed(1)} s)\n`;
  if (wrong.length === 0) return head;
  const quoted = stderrTail
    .trim()
    .split("\n")
    .slice(-3)
    .filter((line) => line !== "");
  return `${head}${[...wrong, ...quoted.map((line) => `stderr: ${line.slice(0, 200)}`)].map((line) => `    ${line}\n`).join("")}`;
}
