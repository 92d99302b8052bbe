/**
 * The daemon under torture: a real process, started, ended, frozen and killed at chosen moments. Its log is read as it
 * is written, so that a fault can strike right after a named move.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { appendFileSync, existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { until } from "./patience.ts";
import { seen } from "./processes.ts";
import type { Yard } from "./yard.ts";

const COMMAND = new URL("../../bin/chargehand.js", import.meta.url).pathname;
/** A start may come while everything else on the machine is busy. */
const START_MS = 60_000;
/** The daemon itself wants no more than ten (`test/e2e/shutdown.test.ts`); here it shares the machine with faults. */
const STOP_MS = 30_000;
const LINES_KEPT = 60;
/** What the daemon calls its own defects; a full disk is none. */
const ALARMS: readonly string[] = [
  "run.faulted",
  "daemon.broken",
  "delivery.error",
  "api.error",
  "webhook.error",
];
const EXCUSES = /SQLITE_FULL|SQLITE_IOERR|ENOSPC/;

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export class Daemon {
  starts = 0;
  readonly #yard: Yard;
  #child: ChildProcess | null = null;
  #lines: string[] = [];
  readonly #alarms: string[] = [];
  #listeners: Set<(event: string) => void> = new Set();

  constructor(yard: Yard) {
    this.#yard = yard;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  get isUp(): boolean {
    return this.#child !== null && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Lines that tell of something nobody expected. */
  get alarms(): readonly string[] {
    return this.#alarms;
  }

  /** The last lines of the log, for whoever has to find out. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  /** Starts one and returns at once. */
  launch(): void {
    rmSync(join(this.#yard.dataDir, "daemon.json"), { force: true });
    this.#child = this.#spawn((line) => this.#hear(line));
    this.starts += 1;
  }

  /** Starts one and waits until it listens; answers its end instead if it refuses. */
  async start(): Promise<Ended | null> {
    this.launch();
    await until("the daemon listens or ends", START_MS, () => !this.isUp || this.listens);
    return this.isUp ? null : ended(this.#child);
  }

  get listens(): boolean {
    return existsSync(join(this.#yard.dataDir, "daemon.json"));
  }

  /** Starts a second one beside it and waits for its end; answers that and what it said. */
  async startSecond(): Promise<Ended & { readonly said: string }> {
    let said = "";
    const child = this.#spawn((line) => {
      said += `${line}\n`;
    });
    try {
      await until(
        "a second daemon is refused",
        START_MS,
        () => child.exitCode !== null || child.signalCode !== null,
      );
      await until("its last words are read", START_MS, () => child.stderr?.closed !== false);
    } finally {
      child.kill("SIGKILL");
    }
    return { ...ended(child), said };
  }

  /** Kills it and waits until it is gone. */
  async kill(): Promise<void> {
    const child = this.#child;
    child?.kill("SIGKILL");
    await until("a killed daemon is gone", STOP_MS, () => !this.isUp);
  }

  /** Asks it to stop, which must take less than ten seconds; @throws Found when it does not, or ends badly. */
  async stop(): Promise<Ended> {
    this.#child?.kill("SIGTERM");
    await until("the daemon has stopped after SIGTERM", STOP_MS, () => !this.isUp);
    return ended(this.#child);
  }

  async freeze(): Promise<void> {
    this.#child?.kill("SIGSTOP");
    await until(
      "the daemon stands still",
      STOP_MS,
      () => !this.isUp || "TtZ".includes(seen(this.pid)?.state ?? "Z"),
    );
  }

  thaw(): void {
    this.#child?.kill("SIGCONT");
  }

  /** Resolves at the next log line of that event, and after `patienceMs` in any case. */
  moment(event: string, patienceMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#listeners.delete(listener);
        resolve();
      };
      const listener = (heard: string): void => {
        if (heard === event) done();
      };
      const timer = setTimeout(done, patienceMs);
      this.#listeners.add(listener);
    });
  }

  get urls(): { readonly webhooks: string; readonly admin: string } {
    const text = JSON.parse(readFileSync(join(this.#yard.dataDir, "daemon.json"), "utf8"));
    return { webhooks: String(text.webhooks_url), admin: String(text.admin_url) };
  }

  #hear(line: string): void {
    this.#lines = [...this.#lines.slice(1 - LINES_KEPT), line];
    appendFileSync(join(this.#yard.folder, "daemon.log"), `${line}\n`);
    const [, event] = /"event":"([a-z._]+)"/.exec(line) ?? [];
    if (event !== undefined && ALARMS.includes(event) && !EXCUSES.test(line)) this.#alarms.push(line);
    if (event !== undefined) for (const listener of [...this.#listeners]) listener(event);
  }

  #spawn(hear: (line: string) => void): ChildProcess {
    const child = spawn(
      process.execPath,
      ["--max-semi-space-size=2", COMMAND, "serve", "--config", this.#yard.config],
      { stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, CHARGEHAND_CONFIG: "" } },
    );
    let rest = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) hear(line);
    });
    return child;
  }
}

function ended(child: ChildProcess | null): Ended {
  return { code: child?.exitCode ?? null, signal: child?.signalCode ?? null };
}
