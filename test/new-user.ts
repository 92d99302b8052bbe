/** The way of somebody who has just installed the package: `init`, `doctor`, a pull request at a scripted GitHub. */

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import type { FakeGithub } from "../cli/stage/fake-github/start.ts";
import { startGithub } from "./proof/github/start.ts";

const run = promisify(execFile);
/** Fails the test when something takes longer; generous, because the machine may be busy. */
const PATIENCE_MS = 120_000;

export interface Newcomer {
  readonly github: FakeGithub;
  /** What is said with flags, because it is no question or cannot be found out on a machine without GitHub. */
  readonly flags: readonly string[];
  /** The flag that says where webhooks reach it. */
  readonly reach: readonly string[];
  /** To its end; its standard output. @throws Error when it ends with another code than 0 */
  chargehand(...args: readonly string[]): Promise<string>;
  /** On a terminal: each answer is typed when its question is there. All that was shown. */
  answering(args: readonly string[], answers: Readonly<Record<string, string>>): Promise<string>;
  /** Waits until GitHub has a pull request with these words in its title; the title. */
  pull(words: string): Promise<string>;
  close(): Promise<void>;
}

/** @param command of the installed package; @param folder an empty one */
export async function newcomer(command: string, folder: string): Promise<Newcomer> {
  const github = await startGithub();
  mkdirSync(folder);
  const agent = join(dirname(command), "../dist/cli/stage/scripted-agent.js");
  const path = [dirname(process.execPath), "/usr/local/bin", "/usr/bin", "/bin"].join(delimiter);
  const env = { PATH: path, HOME: folder, LANG: "C.UTF-8", TERM: "dumb" };
  const port = await freePort();
  const flags = [
    ...["--clone-url", github.cloneUrl("acme/shop"), "--repo", "acme/shop", "--github-api", github.api],
    ...["--port", String(port)],
    ...["--command", process.execPath, agent],
  ];
  const pids = new Set<number>();
  const noted = (said: string): string => {
    for (const [, pid] of said.matchAll(/background: pid (\d+)/g)) pids.add(Number(pid));
    return said;
  };
  return {
    ...{ github, flags, reach: ["--public-url", `http://127.0.0.1:${port}`] },
    async chargehand(...args) {
      const given = { ...env, GITHUB_TOKEN: github.token };
      return noted((await run(command, args, { env: given, cwd: folder })).stdout);
    },
    answering: async (args, answers) => noted(await typed([command, ...args], { env, cwd: folder }, answers)),
    async pull(words) {
      const until = performance.now() + PATIENCE_MS;
      while (performance.now() < until) {
        const found = [...github.world.repo("acme/shop").issues.values()].find(
          ({ pull, title }) => pull !== null && title.includes(words),
        );
        if (found !== undefined) return found.title;
        await pause(50);
      }
      return assert.fail(`there is no pull request “${words}”\n${logOf(folder)}`);
    },
    async close() {
      for (const pid of pids) await end(pid);
      await github.close();
    },
  };
}

function logOf(folder: string): string {
  return readFileSync(join(folder, "chargehand.data/daemon.log"), "utf8").slice(-4_000);
}

/** util-linux's `script` gives the command a terminal. */
function typed(
  words: readonly string[],
  place: { readonly env: NodeJS.ProcessEnv; readonly cwd: string },
  answers: Readonly<Record<string, string>>,
): Promise<string> {
  const line = words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
  const terminal = spawn("script", ["-qec", line, "/dev/null"], {
    ...place,
    stdio: ["pipe", "pipe", "inherit"],
  });
  const open = new Map(Object.entries(answers));
  let [shown, seen] = ["", 0];
  terminal.stdout.setEncoding("utf8").on("data", (text: string) => {
    shown += text;
    const asked = shown.slice(seen);
    // A question ends with a colon, behind which the answer is typed.
    if (!/: \S*$/.test(asked.replaceAll(/\x1b\[[0-9;?]*[A-Za-z]/g, ""))) return;
    seen = shown.length;
    const [question, answer = ""] = [...open].find(([words]) => asked.includes(words)) ?? [];
    if (question !== undefined) open.delete(question);
    terminal.stdin.write(`${answer}\r`);
  });
  return new Promise((resolve, reject) => {
    terminal.once("error", reject);
    terminal.once("close", (code) => {
      if (code === 0) resolve(shown);
      else reject(new Error(`it ended with ${code}\n${shown}`));
    });
  });
}

/** One of which the next one is free, too. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = await listens(0);
    if (port !== null && port < 65_535 && (await listens(port + 1)) !== null) return port;
  }
}

function listens(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(null));
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : null));
    });
  });
}

/** It is no child of ours: whoever started it is over. */
async function end(pid: number): Promise<void> {
  for (let signal: NodeJS.Signals | 0 = "SIGTERM"; ; signal = 0) {
    try {
      process.kill(pid, signal);
    } catch {
      return;
    }
    await pause(20);
  }
}
