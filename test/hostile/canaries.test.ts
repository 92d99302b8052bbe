/**
 * The attempts are worth something: each of them comes through where there are no walls and nobody is careful, and
 * leaves the trace that the tests of the daemon look for.
 */

import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { NO_SANDBOX } from "../agents/sandbox/walled.ts";
import { type Attempt, attemptText, evilText, SECRET_WORD, surroundingsText } from "./attempt.ts";
import { ATTEMPTS } from "./attempts.ts";
import { tracesOf } from "./traces.ts";

const AT_ONCE = 4;
const PATIENCE_MS = 30_000;

/** A house as a daemon has one, without a daemon. */
function layHouse(base: string): string {
  const house = join(base, "house");
  for (const path of ["data/worktrees/PREY-1", "data/runs/prey", "data/mirrors", "home", "shm"])
    mkdirSync(join(house, path), { recursive: true });
  for (const path of [
    ...[
      "data/admin-token",
      "data/chargehand.db",
      "data/worktrees/PREY-1/private.txt",
      "data/runs/prey/prompt.md",
    ],
    ...["data/runs/prey/stdout.log", "home/.netrc", "chargehand.yaml", "plain.txt", "shm/segment"],
  ])
    writeFileSync(join(house, path), `${SECRET_WORD} of ${path}\n`);
  const seed = join(base, "seed");
  const git = (...args: string[]): unknown => execFileSync("git", args, { stdio: "pipe" });
  git("init", "--quiet", "--initial-branch=main", seed);
  writeFileSync(join(seed, "README.md"), "# Shop\n");
  git("-C", seed, "add", "-A");
  git("-C", seed, "-c", "user.name=T", "-c", "user.email=t@localhost", "commit", "--quiet", "-m", "Begin");
  for (const place of ["shop.git", "data/mirrors/shop.git"])
    git("clone", "--quiet", "--bare", seed, join(house, place));
  return house;
}

/** Runs it in a group of its own, of which nothing is left afterwards. */
async function run(script: string, cwd: string, env: Readonly<Record<string, string>>): Promise<void> {
  const child = spawn("/bin/sh", ["-c", script], { cwd, env, stdio: "ignore", detached: true });
  const end = (): void => {
    if (child.pid !== undefined) killGroup(child.pid);
  };
  const timer = setTimeout(end, PATIENCE_MS);
  await new Promise((resolve) => child.once("exit", resolve));
  clearTimeout(timer);
  end();
}

function killGroup(group: number): void {
  try {
    process.kill(-group, "SIGKILL");
  } catch (error) {
    // All of it may have ended by itself.
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

function decoy(): ChildProcess {
  return spawn("/bin/sh", ["-c", "while :; do sleep 0.1; done", "serve", "--config"], {
    env: { PATH: process.env["PATH"], TELLS: SECRET_WORD },
    stdio: "ignore",
  });
}

/** Tries it on a house of its own, without walls; every trace of it. */
async function tryOut(template: string, folder: string, one: Attempt): Promise<readonly string[]> {
  cpSync(template, folder, { recursive: true });
  const at = (path: string): string => join(folder, path);
  for (const path of ["scripts", "marks", "loot", "agent-home", "data/runs/own/out"])
    mkdirSync(at(path), { recursive: true });
  const [mirror, work] = [at("data/mirrors/shop.git"), at("data/worktrees/OWN-1")];
  execFileSync("git", ["clone", "--quiet", "--shared", mirror, work], { stdio: "pipe" });
  const [daemon, prey] = [decoy(), decoy()];
  const variables = {
    ...{
      D: at("data"),
      M: mirror,
      R: at("shop.git"),
      H: at("home"),
      CONFIG: at("chargehand.yaml"),
      SHM: at("shm"),
    },
    ...{
      RUN: at("data/runs/own"),
      W: work,
      PREY: at("data/worktrees/PREY-1"),
      PREYRUN: at("data/runs/prey"),
    },
    ...{ DAEMON: daemon.pid ?? 0, PREYPID: prey.pid ?? 0 },
  };
  const surroundings = { scripts: at("scripts"), marks: at("marks"), loot: at("loot"), variables };
  const env = {
    ...{ PATH: process.env["PATH"] ?? "", HOME: at("agent-home"), GIT_CONFIG_NOSYSTEM: "1" },
    ...{ GIT_AUTHOR_NAME: "A", GIT_AUTHOR_EMAIL: "a", GIT_COMMITTER_NAME: "A", GIT_COMMITTER_EMAIL: "a" },
    TELLS: SECRET_WORD,
    CHARGEHAND_RESULT: at("data/runs/own/out/result.json"),
  };
  try {
    for (const path of ["exit.json", "meta.json", "prompt.md", "stdout.log", "stderr.log"])
      writeFileSync(at(`data/runs/own/${path}`), "");
    writeFileSync(at(`scripts/evil-${one.name}`), evilText(surroundings, one.name), { mode: 0o755 });
    const names = `${surroundingsText(surroundings)}cd "$W"\n`;
    await run(`${names}${attemptText(surroundings, one)}`, folder, { ...env, CHARGEHAND_RUN: "own" });
    const own = `E=${at(`scripts/evil-${one.name}`)} LOOT=${at(`loot/${one.name}`)} BITE=bitten-${one.name}`;
    await run(`${names}${own}\n${one.unwary}`, folder, env);
    const ended = [daemon, prey].filter(({ exitCode, signalCode }) => (exitCode ?? signalCode) !== null);
    return [...tracesOf(surroundings, [folder]), ...ended.map(() => `${one.name}: ended a process`)];
  } finally {
    for (const child of [daemon, prey]) child.kill("SIGKILL");
  }
}

test("each attempt comes through where nobody is careful, and leaves the trace that is looked for", async () => {
  const base = mkdtempSync(join(tmpdir(), "chargehand-canaries-"));
  try {
    const house = layHouse(base);
    const silent: string[] = [];
    const waiting = ATTEMPTS.filter(({ modes }) => modes.includes("none") || NO_SANDBOX === false);
    const one = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const traces = await tryOut(house, join(base, next.name), next);
        if (!traces.some((trace) => trace.startsWith(`${next.name}: `))) silent.push(next.name);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, one));
    assert.deepEqual(silent, []);
  } finally {
    execFileSync("chmod", ["-R", "u+rwX", base]);
    execFileSync("rm", ["-rf", base]);
  }
});

test("attempts have names of their own, and there are at least forty in each mode", () => {
  assert.equal(new Set(ATTEMPTS.map(({ name }) => name)).size, ATTEMPTS.length);
  for (const mode of ["none", "sandbox"] as const)
    assert.ok(ATTEMPTS.filter(({ modes }) => modes.includes(mode)).length >= 40, mode);
});
