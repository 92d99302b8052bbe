/** What `/proc` says of processes (proc(5)). Reads only; a process that is gone is an ordinary answer. */

import { readdirSync, readFileSync, readlinkSync, realpathSync } from "node:fs";

export interface ProcStat {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** Clock ticks after boot. */
  readonly startTicks: number;
  /** False for a zombie: it holds a pid and does nothing. */
  readonly running: boolean;
}

/** `null` when there is no such process. */
export function readStat(pid: number): ProcStat | null {
  const text = readOrNull(`/proc/${pid}/stat`);
  return text === null ? null : parseStat(text);
}

/** The command name stands in parentheses and may hold some itself, so fields are counted from the last one. */
export function parseStat(text: string): ProcStat {
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const number = (index: number): number => Number(fields[index - 3]);
  const state = fields[0] ?? "X";
  const pid = Number.parseInt(text, 10);
  return {
    pid,
    parent: number(4),
    group: number(5),
    startTicks: number(22),
    running: state !== "Z" && state !== "X",
  };
}

/** Pids of all processes there are at this moment. */
export function allPids(): readonly number[] {
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && pid > 0);
}

/** Whether the process carries this `NAME=value` in its environment; false also where it may not be looked at. */
export function hasMark(pid: number, mark: string): boolean {
  const environ = readOrNull(`/proc/${pid}/environ`);
  return environ !== null && `\0${environ}`.includes(`\0${mark}\0`);
}

/** The directory as `/proc` names it, without symbolic links; as it is when it does not exist any more. */
export function resolveLinks(directory: string): string {
  try {
    return realpathSync(directory);
  } catch (error) {
    if (isGone(error)) return directory;
    throw error;
  }
}

/** Whether the process works in this directory or below it; see {@link resolveLinks}. */
export function worksIn(pid: number, directory: string): boolean {
  try {
    const cwd = readlinkSync(`/proc/${pid}/cwd`).replace(/ \(deleted\)$/, "");
    return cwd === directory || cwd.startsWith(`${directory}/`);
  } catch (error) {
    if (isGone(error)) return false;
    throw error;
  }
}

/** Identifies one boot of the machine; pids and start times mean nothing across it. */
export function readBootId(): string {
  return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, "latin1");
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
}

/** Gone, or not ours to look at. */
function isGone(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : null;
  return code === "ENOENT" || code === "ESRCH" || code === "EACCES" || code === "EPERM";
}
