/**
 * Processes as `/proc` shows them, read with eyes of our own: the oracle must not see through the glasses of the code
 * it judges. And innocents: processes that have nothing to do with any run, some with the pid of a dead agent.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";

export interface Seen {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
  /** `R`, `S`, `T`, `Z`, …; see proc(5). */
  readonly state: string;
  readonly startTicks: number;
}

/** All processes there are now. */
export function processes(): readonly Seen[] {
  return readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? (seen(Number(name)) ?? []) : []));
}

/** `null` when there is no such process. */
export function seen(pid: number): Seen | null {
  const text = read(`/proc/${pid}/stat`);
  if (text === null) return null;
  const open = text.indexOf("(");
  const close = text.lastIndexOf(")");
  const [state = "", parent = "", ...rest] = text.slice(close + 2).split(" ");
  const startTicks = Number(rest[17]);
  return { pid, parent: Number(parent), name: text.slice(open + 1, close), state, startTicks };
}

export function isAlive(pid: number, startTicks: number): boolean {
  const process = seen(pid);
  return process !== null && process.startTicks === startTicks && !"ZX".includes(process.state);
}

/** Living processes that carry the mark of a run, by the run's id. */
export function marked(): ReadonlyMap<string, readonly Seen[]> {
  const found = new Map<string, Seen[]>();
  for (const process of processes()) {
    if ("ZX".includes(process.state)) continue;
    const [, run] = /(?:^|\0)CHARGEHAND_RUN=([^\0]*)/.exec(read(`/proc/${process.pid}/environ`) ?? "") ?? [];
    if (run !== undefined) found.set(run, [...(found.get(run) ?? []), process]);
  }
  return found;
}

/** Living processes whose working directory lies below `folder`, by that directory's first name below it. */
export function workingBelow(folder: string): ReadonlyMap<string, Seen> {
  const found = new Map<string, Seen>();
  for (const process of processes()) {
    if ("ZX".includes(process.state)) continue;
    const directory = workingDirectory(process.pid)?.replace(/ \(deleted\)$/, "");
    if (directory?.startsWith(`${folder}/`)) {
      found.set(directory.slice(folder.length + 1).split("/")[0] ?? "", process);
    }
  }
  return found;
}

/** `null` when it is gone. */
export function workingDirectory(pid: number): string | null {
  return orGone(() => readlinkSync(`/proc/${pid}/cwd`));
}

/** Ends everything that was told of `folder` or works in it: after a failure nobody else does. */
export function clearOut(folder: string): void {
  for (const { pid } of processes()) {
    const isTold = read(`/proc/${pid}/environ`)?.includes(`${folder}/`) === true;
    if (isTold || workingDirectory(pid)?.startsWith(`${folder}/`) === true) strike(pid, "SIGKILL");
  }
}

/** Signals if there is somebody to signal; false when not. */
export function strike(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ESRCH") return false;
    throw error;
  }
}

const LAST_PID = "/proc/sys/kernel/ns_last_pid";

/** Lets the kernel go on counting from `pid`; the next process gets `pid + 1`, or the next free one. */
export function countPidsFrom(pid: number): void {
  writeFileSync(LAST_PID, String(pid));
}

/** Tries for one pid, because others start processes, too. */
const TRIES = 30;

/** An innocent with exactly this pid, leader of a group of its own; `null` when the pid cannot be had. */
export function innocentAt(pid: number): ChildProcess | null {
  for (let n = 0; n < TRIES; n++) {
    if (seen(pid) !== null) return null;
    countPidsFrom(pid - 1);
    const child = innocent();
    if (child.pid === pid) return child;
    child.kill("SIGKILL");
  }
  return null;
}

/** A process that nobody has a reason to touch. */
function innocent(): ChildProcess {
  return spawn("/bin/sleep", ["100000"], { cwd: "/", env: {}, detached: true, stdio: "ignore" });
}

function read(path: string): string | null {
  return orGone(() => readFileSync(path, "latin1"));
}

export function orGone(look: () => string): string | null {
  try {
    return look();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : null;
    if (code === "ENOENT" || code === "ESRCH" || code === "EACCES") return null;
    throw error;
  }
}
