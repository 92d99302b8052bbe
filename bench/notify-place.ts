/** Daemons with and without a chat, for `bench notify`: each on its own repository, with an agent that does nothing. */

import { type ChildProcess, execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { addressesOf, endDaemon, startDaemon } from "./daemon.ts";

/** The smallest that the configuration takes. */
const PACE = 0.01;
const LOOK_MS = 5;
const PATIENCE_MS = 60_000;

export interface Place {
  readonly folder: string;
  readonly daemon: ChildProcess;
  /** The answer's body. @throws where it is no success */
  ask<T>(method: "GET" | "POST", path: string, body?: object): Promise<T>;
}

/** Of a chat of Telegram's; `null` for a daemon that has none. */
export type Api = string | null;

export type Cards = "all" | "none";

export async function open(folder: string, api: Api): Promise<Place> {
  mkdirSync(folder);
  const remote = join(folder, "shop.git");
  const seed = join(folder, "seed");
  const git = (...args: string[]): void => {
    execFileSync("git", args, { stdio: "pipe" });
  };
  git("init", "--quiet", "--bare", "--initial-branch=main", remote);
  git("init", "--quiet", "--initial-branch=main", seed);
  const who = ["-c", "user.name=T", "-c", "user.email=t@localhost"];
  git("-C", seed, ...who, "commit", "--quiet", "--allow-empty", "-m", "Begin");
  git("-C", seed, "push", "--quiet", remote, "main");
  return start(folder, api, "all");
}

/** Ends the daemon and starts it again on what it has. */
export async function reopen({ folder, daemon }: Place, api: Api, cards: Cards = "all"): Promise<Place> {
  await endDaemon(daemon, "SIGTERM");
  return start(folder, api, cards);
}

async function start(folder: string, api: Api, cards: Cards): Promise<Place> {
  writeFileSync(join(folder, "chargehand.yaml"), configText(folder, api, cards));
  const { daemon } = await startDaemon(folder);
  const token = readFileSync(join(folder, "data", "admin-token"), "utf8").trim();
  const { admin_url: url } = addressesOf(folder);
  return {
    folder,
    daemon,
    async ask<T>(method: "GET" | "POST", path: string, body?: object): Promise<T> {
      const answer = await fetch(`${url}/api/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      if (answer.status >= 300) throw new Error(`${path} is answered ${answer.status}: ${text}`);
      return JSON.parse(text);
    },
  };
}

function configText(folder: string, api: Api, cards: Cards): string {
  const chat = `  - { channel: telegram, token: "123456:AAF-fake_token_of_the_proof_server", chat: 111, api: "${api}", pace: ${PACE}, cards: ${cards} }\n`;
  return `data_dir: ${folder}/data
isolation: none
server: { webhooks: { port: 0 }, admin: { port: 0 } }
agents: { nobody: { backend: command, argv: [/bin/true] } }
projects:
  - { name: shop, prefix: SHOP, clone_url: ${folder}/shop.git, base_branch: main, agent: nobody, publish: none }
${api === null ? "" : `notify:\n${chat}`}`;
}

/** @throws when that takes longer than a minute */
export async function eventually(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const began = performance.now();
  while (!(await holds())) {
    if (performance.now() - began > PATIENCE_MS) throw new Error(`it took too long until ${what}`);
    await pause(LOOK_MS);
  }
}
