/** What `/proc` says of processes (proc(5)). Reads only; a process that is gone is an ordinary answer. */

import {
  closeSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  realpathSync,
} from "node:fs";

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
  const text = readSmall(`/proc/${pid}/stat`, ")");
  return text === null ? null : parseStat(text);
}

/** Whether the process that began at this tick still runs: a zombie does not, nor does the pid's next owner. */
export function isRunning(pid: number, startTicks: number): boolean {
  const stat = readStat(pid);
  return stat?.running === true && stat.startTicks === startTicks;
}

/** How long ago the process that began at this tick began, in ms; `null` where that cannot be known. */
export function ageOf(startTicks: number): number | null {
  const own = readStat(process.pid);
  const uptime = readSmall("/proc/uptime", " ");
  return own === null || uptime === null
    ? null
    : ageIn(uptime, startTicks, { startTicks: own.startTicks, ranMs: process.uptime() * 1_000 });
}

/** Of start times, on every machine that Node runs on: what the kernel calls USER_HZ is part of its interface. */
const MS_PER_TICK = 10;
/** A process is older than its program, and ticks are coarse. */
const SLACK_MS = 1_000;

/**
 * @param uptime `/proc/uptime`. Some containers have one that tells their own age, while start times go on to count
 *   from the machine's boot: then `own`, this process, would be younger than it has run
 */
export function ageIn(
  uptime: string,
  startTicks: number,
  own: { readonly startTicks: number; readonly ranMs: number },
): number | null {
  const upMs = Number.parseFloat(uptime) * 1_000;
  const isSound = upMs - own.startTicks * MS_PER_TICK >= own.ranMs - SLACK_MS;
  return isSound ? Math.max(0, upMs - startTicks * MS_PER_TICK) : null;
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

/** Pids of the children of the process's first thread; none where the kernel does not tell. */
export function childrenOf(pid: number): readonly number[] {
  const text = readSmall(`/proc/${pid}/task/${pid}/children`, " ");
  return text === null ? [] : text.trim().split(" ").map(Number);
}

/** Whether it is the first process of a namespace of its own: within it its pid is 1. */
export function leadsNamespace(pid: number): boolean {
  const status = readSmall(`/proc/${pid}/status`, "NSpid:");
  return status !== null && /^NSpid:.*\t1$/m.test(status);
}

/** Pids of all processes there are at this moment. */
export function allPids(): readonly number[] {
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && pid > 0);
}

/**
 * Pids of the processes that this one may signal. For an ordinary user those of others are left out unread: that costs
 * a fifth of being refused.
 */
export function ourPids(): readonly number[] {
  const user = process.geteuid?.() ?? 0;
  return user === 0 ? allPids() : allPids().filter((pid) => ownerOf(pid) === user);
}

/** Whether the process carries this `NAME=value` in its environment; false also where it may not be looked at. */
export function hasMark(pid: number, mark: string): boolean {
  const [name = "", ...value] = mark.split("=");
  return valuesOf(pid, name).includes(value.join("="));
}

/** The values of this variable in the process's environment as it was when its program began; mostly one or none. */
export function valuesOf(pid: number, name: string): readonly string[] {
  const environ = readSmall(`/proc/${pid}/environ`, `${name}=`);
  if (environ === null) return [];
  return environ
    .split("\0")
    .filter((entry) => entry.startsWith(`${name}=`))
    .map((entry) => entry.slice(name.length + 1));
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

/** Whether a place is this directory or lies below it; see {@link resolveLinks}. */
export function isWithin(place: string | null, directory: string): boolean {
  return place !== null && (place === directory || place.startsWith(`${directory}/`));
}

/** Where the process works; `null` when it is gone or not ours to look at. */
export function workingDirectory(pid: number): string | null {
  try {
    return readlinkSync(`/proc/${pid}/cwd`).replace(/ \(deleted\)$/, "");
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
}

/** Identifies one boot of the machine; pids and start times mean nothing across it. */
export function readBootId(): string {
  return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
}

function ownerOf(pid: number): number | null {
  return lstatSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid ?? null;
}

/** Where small files are read to, one at a time: hundreds are read in a row, and each would leave a page to collect. */
const page = Buffer.alloc(65_536);

/**
 * A file of `/proc` as text, or `null` where there is none or it does not hold `needle`. The kernel fills a read as far
 * as it can, so that a short one is the last: asking only once costs half.
 */
function readSmall(path: string, needle: string): string | null {
  let file: number | null = null;
  try {
    file = openSync(path, "r");
    const length = readSync(file, page, 0, page.length, 0);
    if (length === page.length) return readFileSync(path, "latin1");
    const text = page.subarray(0, length);
    return text.includes(needle) ? text.toString("latin1") : null;
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  } finally {
    if (file !== null) closeSync(file);
  }
}

/** Gone, or not ours to look at. */
function isGone(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : null;
  return code === "ENOENT" || code === "ESRCH" || code === "EACCES" || code === "EPERM";
}
