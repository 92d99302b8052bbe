/**
 * The start gate as the daemon sees it: a child that has told its pid and waits for a line (L3 of `launcher.ts`). Both
 * kinds of launcher, the one started for its run and the spare one, come up behind it.
 */

import type { ChildProcess } from "node:child_process";
import { Socket } from "node:net";
import type { Clock } from "../clock.ts";
import { type ProcStat, readStat } from "./proc.ts";

/** A gated child that has not told its pid by then will not. */
const LAUNCH_MS = 5_000;

export interface Gated {
  /** The launcher: our child, and the leader of the group. */
  readonly launcher: ChildProcess;
  readonly leader: ProcStat;
  /** The child behind the gate: what becomes the agent. */
  readonly agent: ProcStat;
  /** Resolves at the end of the launcher. */
  readonly exited: Promise<void>;
}

/** Waits until the child behind the start gate has told its pid; why none did, if the launcher ends or keeps silent. */
export async function gated(launcher: ChildProcess, clock: Clock): Promise<Gated | string> {
  let trouble = "its shell ended or kept silent";
  const exited = new Promise<void>((resolve) => {
    launcher.once("exit", () => resolve());
    launcher.once("error", (error) => {
      trouble = describe(error);
      resolve();
    });
  });
  // A child that dies behind a closed start gate breaks the pipe; its end is noticed elsewhere.
  const startGate = pipeOf(launcher, 3);
  startGate?.on("error", () => startGate.destroy());
  const pid = await readPid(launcher, exited, clock);
  const agent = pid === null ? null : readStat(pid);
  const leader = launcher.pid === undefined ? null : readStat(launcher.pid);
  if (startGate !== null && agent !== null && leader !== null) return { launcher, leader, agent, exited };
  startGate?.destroy();
  // Nor may a launcher that is merely late write an exit into the directory of what is launched in its place.
  launcher.kill("SIGKILL");
  return trouble;
}

export function openGate({ launcher }: Gated): void {
  const startGate = pipeOf(launcher, 3);
  startGate?.end("go\n", () => startGate.destroy());
}

/** The child behind it meets end of file, and ends. */
export function closeGate({ launcher }: Gated): void {
  pipeOf(launcher, 3)?.destroy();
}

/** Our end of the launcher's descriptor `fd`; without file descriptors to spare there is none. */
export function pipeOf({ stdio }: ChildProcess, fd: number): Socket | null {
  const ends: readonly unknown[] = stdio ?? [];
  const end = ends[fd];
  return end instanceof Socket ? end : null;
}

/** The gated child's pid, from fd 4; `null` when it ends or stays silent. */
async function readPid(launcher: ChildProcess, exited: Promise<void>, clock: Clock): Promise<number | null> {
  const pipe = pipeOf(launcher, 4);
  const late = new AbortController();
  const told = new Promise<number | null>((resolve) => {
    let text = "";
    pipe?.on("data", (bytes: Buffer) => {
      text += bytes.toString("latin1");
      if (text.endsWith("\n")) resolve(Number.parseInt(text, 10));
    });
    pipe?.on("error", () => resolve(null));
    pipe?.on("end", () => resolve(null));
  });
  const pid = await Promise.race([
    told,
    exited.then(() => null),
    clock.sleep(LAUNCH_MS, late.signal).then(() => null),
  ]);
  late.abort();
  pipe?.destroy();
  return pid;
}

/** Node's own messages quote arguments and environment, which may hold secrets (I12); the system's do not. */
export function describe(error: unknown): string {
  if (!(error instanceof Error)) return "an unknown error";
  const code = "code" in error ? String(error.code) : error.name;
  if (code === "E2BIG") return "its arguments or its environment are too long (E2BIG)";
  if (code === "ERR_INVALID_ARG_VALUE")
    return "an argument or a variable of its environment holds a NUL byte";
  return "syscall" in error ? error.message : code;
}
