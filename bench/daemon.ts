/** The daemon that a benchmark loads, as a user runs it: a process of its own, and what that takes of the machine. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/** The command itself, not Node with a file. */
const COMMAND = new URL("../bin/chargehand.js", import.meta.url).pathname;
const READY_MS = 60_000;
const TICKS_PER_SECOND = 100;

/**
 * Starts it for a folder with a `chargehand.yaml` whose data directory is `data` beside it. It has a compile cache of
 * its own there, so that the first start in a folder is a first one indeed.
 *
 * @throws when it does not become ready
 */
export async function startDaemon(folder: string): Promise<{ daemon: ChildProcess; readyMs: number }> {
  const env = { ...process.env, NODE_COMPILE_CACHE: join(folder, "cache") };
  const began = performance.now();
  const config = join(folder, "chargehand.yaml");
  const daemon = spawn(COMMAND, ["serve", "--config", config], { stdio: "ignore", env });
  await until(
    "the daemon was ready",
    READY_MS,
    daemon,
    () => existsSync(join(folder, "data", "daemon.json")),
    5,
  );
  return { daemon, readyMs: performance.now() - began };
}

/** The addresses it listens on. */
export function addressesOf(folder: string): { readonly webhooks_url: string; readonly admin_url: string } {
  return JSON.parse(readFileSync(join(folder, "data", "daemon.json"), "utf8"));
}

export async function endDaemon(daemon: ChildProcess, signal: "SIGTERM" | "SIGKILL"): Promise<void> {
  const ended = once(daemon, "exit");
  if (!isOver(daemon) && daemon.kill(signal)) await ended;
}

/** Looks until `holds`. @throws when that takes longer than `patienceMs`, or the daemon ends meanwhile */
export async function until(
  what: string,
  patienceMs: number,
  daemon: ChildProcess,
  holds: () => boolean,
  lookMs = 100,
): Promise<void> {
  const began = performance.now();
  while (!holds()) {
    if (isOver(daemon))
      throw new Error(`the daemon ended with ${daemon.exitCode ?? daemon.signalCode} before ${what}`);
    if (performance.now() - began > patienceMs)
      throw new Error(`${patienceMs / 1_000} seconds were not enough until ${what}`);
    await pause(lookMs);
  }
}

/** What it takes of one core while `ms` go by, in per cent. */
export async function cpuPercent(daemon: ChildProcess, ms: number): Promise<number> {
  const [before, began] = [cpuTicks(daemon), performance.now()];
  await pause(ms);
  return ((cpuTicks(daemon) - before) / TICKS_PER_SECOND / ((performance.now() - began) / 1_000)) * 100;
}

/** Resident memory in MB. */
export function residentMegabytes(daemon: ChildProcess): number {
  return megabytes(daemon, /VmRSS:\s+(\d+)/);
}

/** The most that it has been since the start, in MB. */
export function peakMegabytes(daemon: ChildProcess): number {
  return megabytes(daemon, /VmHWM:\s+(\d+)/);
}

function megabytes({ pid }: ChildProcess, line: RegExp): number {
  return Number(line.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1_024;
}

/** Processor time that it has used since its start, its threads included, in ms. */
export function cpuMs(daemon: ChildProcess): number {
  return (cpuTicks(daemon) * 1_000) / TICKS_PER_SECOND;
}

/** User and system time, in clock ticks (proc(5), `/proc/PID/stat` fields 14 and 15). */
function cpuTicks({ pid }: ChildProcess): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return Number(fields[11]) + Number(fields[12]);
}

function isOver({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}
