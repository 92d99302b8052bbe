/** The real thing for tests: a scratch repository, a configuration, and the daemon as a process of its own. */

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type Pace, quickNode } from "./quick/time.ts";

const MAIN = new URL("../../cli/main.ts", import.meta.url).pathname;
export const SECRET = "stage-secret-0123456789";

/** Fails the test when something takes longer; generous, because the machine may be busy. */
const PATIENCE_MS = 60_000;

export interface DaemonOptions {
  /** Command line of the agent. */
  readonly argv: readonly string[];
  readonly concurrency?: number;
  readonly publish?: string;
  readonly agent?: string;
  readonly cloneUrl?: string;
  /** Name of a built-in workflow, or the path of one. */
  readonly workflow?: string;
  /** None unless a test is about walls: a sandbox takes time, and not every machine has one. */
  readonly isolation?: "auto" | "sandbox" | "none" | "scope";
  /** How fast its time goes; as fast as ours where it is not said. */
  readonly pace?: Pace;
  /** How long anything may take (ms), where it is more than a busy machine that has to be waited for. */
  readonly patienceMs?: number;
}

export interface Answer {
  readonly status: number;
  readonly body: { readonly status: string; readonly delivery: number };
}

export class DaemonProcess {
  readonly folder: string = mkdtempSync(join(tmpdir(), "chargehand-test-"));
  readonly remote: string = join(this.folder, "shop.git");
  readonly dataDir: string = join(this.folder, "data");
  readonly config: string = join(this.folder, "chargehand.yaml");
  readonly #quick: ReturnType<typeof quickNode>;
  readonly #patienceMs: number;
  #daemon: ChildProcess | null = null;
  #log = "";

  constructor(options: DaemonOptions) {
    this.#patienceMs = options.patienceMs ?? PATIENCE_MS;
    this.#quick = options.pace === undefined ? { argv: [], env: {} } : quickNode(options.pace);
    const seed = join(this.folder, "seed");
    mkdirSync(seed);
    this.git(this.folder, "init", "--quiet", "--bare", "--initial-branch=main", this.remote);
    this.git(this.folder, "init", "--quiet", "--initial-branch=main", seed);
    writeFileSync(join(seed, "README.md"), "# Shop\n");
    this.git(seed, "add", "-A");
    this.git(seed, "-c", "user.name=T", "-c", "user.email=t@localhost", "commit", "--quiet", "-m", "Begin");
    this.git(seed, "push", "--quiet", this.remote, "main");
    this.configure(options);
  }

  configure(options: DaemonOptions): void {
    writeFileSync(this.config, configText(this, options));
  }

  git(cwd: string, ...args: string[]): string {
    return execFileSync("git", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  }

  /** Starts the daemon and waits until it says where it listens. */
  async start(): Promise<void> {
    rmSync(join(this.dataDir, "daemon.json"), { force: true });
    const daemon = spawn(process.execPath, [...this.#quick.argv, MAIN, "serve", "--config", this.config], {
      stdio: ["ignore", "ignore", "pipe"],
      env: { ...process.env, ...this.#quick.env, CHARGEHAND_CONFIG: "" },
    });
    daemon.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#log += text;
    });
    this.#daemon = daemon;
    await this.until("the daemon listens", () => {
      if (daemon.exitCode !== null) throw new Error(`the daemon ended with ${daemon.exitCode}: ${this.#log}`);
      return existsSync(join(this.dataDir, "daemon.json"));
    });
  }

  /** What the daemon has logged. */
  get log(): string {
    return this.#log;
  }

  get pid(): number {
    return this.#daemon?.pid ?? 0;
  }

  /** Signals the daemon and waits for its end; answers the exit code, `null` after a signal that kills. */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    const daemon = this.#daemon;
    if (daemon === null || daemon.exitCode !== null || daemon.signalCode !== null)
      return daemon?.exitCode ?? null;
    const ended = new Promise<number | null>((resolve) => daemon.once("exit", (code) => resolve(code)));
    daemon.kill(signal);
    return ended;
  }

  get urls(): { readonly webhooks: string; readonly admin: string } {
    const text = JSON.parse(readFileSync(join(this.dataDir, "daemon.json"), "utf8"));
    return { webhooks: text.webhooks_url, admin: text.admin_url };
  }

  async api<T>(path: string, method = "GET", body?: unknown): Promise<{ status: number; body: T }> {
    const token = readFileSync(join(this.dataDir, "admin-token"), "utf8").trim();
    const answer = await fetch(`${this.urls.admin}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: (await answer.json()) as T };
  }

  /**
   * Sends an `issues.labeled` delivery for issue `number`, signed.
   *
   * @param updatedAt of the issue; what is to be acted on again has to be newer than what is known
   */
  async label(number: number, delivery = `label-${number}`, updatedAt?: string): Promise<Answer> {
    const body = labeled(number, updatedAt);
    const answer = await fetch(`${this.urls.webhooks}/webhooks/github`, {
      method: "POST",
      headers: signed(body, delivery),
      body,
    });
    return { status: answer.status, body: (await answer.json()) as Answer["body"] };
  }

  /** Sends `issues.labeled` over many connections at once; what got no 2xx is sent again, as often as it takes. */
  async flood(
    numbers: readonly number[],
    connections: number,
    onAnswer: (answer: Answer) => void,
  ): Promise<void> {
    const waiting = [...numbers];
    const one = async (): Promise<void> => {
      for (let number = waiting.shift(); number !== undefined; number = waiting.shift()) {
        const answer = await this.label(number).catch(() => null);
        if (answer !== null && answer.status < 300) {
          onAnswer(answer);
          continue;
        }
        waiting.push(number);
        await pause(20);
      }
    };
    await Promise.all(Array.from({ length: connections }, one));
  }

  /** Waits for something to become true, looking every few milliseconds; the test fails when it never does. */
  async until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
    const began = performance.now();
    while (!(await holds())) {
      if (performance.now() - began > this.#patienceMs)
        throw new Error(`waited in vain until ${what}\n${this.#log.slice(-4_000)}`);
      await pause(20);
    }
  }

  async close(): Promise<void> {
    await this.end("SIGKILL");
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

export function labeled(number: number, updatedAt = "2026-11-01T00:00:00Z"): string {
  const user = { login: "alice", id: 1, type: "User" };
  return JSON.stringify({
    action: "labeled",
    issue: {
      id: 9_000 + number,
      number,
      title: `Issue ${number}`,
      body: "please",
      state: "open",
      user,
      author_association: "MEMBER",
      html_url: `https://forge.example/acme/shop/issues/${number}`,
      labels: [{ name: "agent" }],
      assignees: [],
      created_at: "2026-11-01T00:00:00Z",
      updated_at: updatedAt,
    },
    label: { name: "agent" },
    repository: { full_name: "acme/shop" },
    sender: user,
  });
}

export function signed(body: string, delivery: string): Record<string, string> {
  return {
    "content-type": "application/json",
    "x-github-event": "issues",
    "x-github-delivery": delivery,
    "x-hub-signature-256": `sha256=${createHmac("sha256", SECRET).update(body).digest("hex")}`,
  };
}

function configText(stage: DaemonProcess, options: DaemonOptions): string {
  return `data_dir: ${stage.dataDir}
server: { webhooks: { host: 127.0.0.1, port: 0 }, admin: { host: 127.0.0.1, port: 0 } }
limits: { concurrency: ${options.concurrency ?? 2} }
isolation: ${options.isolation ?? "none"}
sources:
  github: { secret: ${SECRET} }
agents:
  scripted: ${options.agent ?? `{ backend: command, argv: ${JSON.stringify(options.argv)}, prompt: stdin, timeout: 10m, max_attempts: 2 }`}
projects:
  - name: shop
    prefix: SHOP
    repo: acme/shop
    clone_url: ${options.cloneUrl ?? stage.remote}
    base_branch: main
    agent: scripted
    workflow: ${options.workflow ?? "single"}
    publish: ${options.publish ?? "branch"}
    start: { labels: [agent], commands: [/agent] }
`;
}
