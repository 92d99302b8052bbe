/** {@link Processes} on Linux: launch, identity and end of agents. Signals and sweeps stand in `signals.ts`. */

import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, watch } from "node:fs";
import type { Readable, Writable } from "node:stream";
import type { Clock } from "./clock.ts";
import { decodeStatus, LAUNCHER } from "./launcher.ts";
import { readBootId, readStat } from "./proc.ts";
import type { ExitRecord, LaunchResult, LaunchSpec, Processes, ProcessIdentity } from "./processes.ts";
import { signalProcess, sweepStrays } from "./signals.ts";

/** A gated child that has not told its pid by then will not. */
const LAUNCH_MS = 5_000;
/** How often a process that is not our child is looked at; the directory's watch is usually faster. */
const LOOK_MS = 250;

export function systemProcesses(clock: Clock): Processes {
  const bootId = readBootId();
  /** Launchers that are our children, by pid: their end is told, not looked for. */
  const children = new Map<number, Promise<void>>();
  const isAlive = (identity: ProcessIdentity): boolean =>
    identity.bootId === bootId && isRunning(identity.pid, identity.startTicks);
  const isLauncherAlive = (identity: ProcessIdentity): boolean =>
    identity.bootId === bootId && isRunning(identity.pgid, identity.leaderTicks);
  return {
    launch: (_operation, spec) => launch(spec, bootId, children, clock),
    isAlive,
    isLauncherAlive,
    signal: (_operation, identity, signal, scope) =>
      identity.bootId === bootId && signalProcess(identity, signal, scope),
    async ended(identity, directory, signal): Promise<void> {
      const child = children.get(identity.pgid);
      if (child !== undefined) await Promise.race([child, aborted(signal)]);
      const isOver = (): boolean => !isAlive(identity) && (hasExit(directory) || !isLauncherAlive(identity));
      if (!signal.aborted && !isOver()) await watchUntil(isOver, directory, signal, clock);
    },
    exitRecord: async (directory) => readExit(directory),
    sweep: (_operation, mark, directory) => sweepStrays(mark, directory, clock),
  };
}

function isRunning(pid: number, startTicks: number): boolean {
  const stat = readStat(pid);
  return stat?.running === true && stat.startTicks === startTicks;
}

async function launch(
  spec: LaunchSpec,
  bootId: string,
  children: Map<number, Promise<void>>,
  clock: Clock,
): Promise<LaunchResult> {
  const files = openFiles(spec);
  try {
    const child = spawn("/bin/sh", ["-c", LAUNCHER, "chargehand-launcher", spec.directory, ...spec.argv], {
      cwd: spec.cwd,
      env: { ...spec.env },
      detached: true,
      stdio: [files.stdin, files.stdout, files.stderr, "pipe", "pipe"],
    });
    const exited = new Promise<void>((resolve) => {
      child.once("exit", () => resolve());
      child.once("error", () => resolve());
    });
    child.unref();
    const gate = child.stdio[3] as Writable;
    // A child that dies behind a closed gate breaks the pipe; its end is noticed elsewhere.
    gate.on("error", () => gate.destroy());
    const pid = await readPid(child, exited, clock);
    const [agent, leader] = [
      pid === null ? null : readStat(pid),
      child.pid === undefined ? null : readStat(child.pid),
    ];
    if (agent === null || leader === null) {
      gate.destroy();
      return { kind: "failed", reason: `no process came up in ${spec.cwd}` };
    }
    children.set(
      leader.pid,
      exited.then(() => void children.delete(leader.pid)),
    );
    const identity: ProcessIdentity = {
      pid: agent.pid,
      startTicks: agent.startTicks,
      pgid: leader.pid,
      leaderTicks: leader.startTicks,
      bootId,
    };
    return {
      kind: "launched",
      launched: {
        identity,
        release: () => void gate.end("go\n", () => gate.destroy()),
        abandon: () => gate.destroy(),
      },
    };
  } catch (error) {
    return { kind: "failed", reason: error instanceof Error ? error.message : String(error) };
  } finally {
    for (const file of [files.stdin, files.stdout, files.stderr]) closeSync(file);
  }
}

function openFiles(spec: LaunchSpec): { stdin: number; stdout: number; stderr: number } {
  const stdin = openSync(spec.stdin ?? "/dev/null", "r");
  const stdout = openSync(`${spec.directory}/stdout.log`, "a", 0o600);
  const stderr = openSync(`${spec.directory}/stderr.log`, "a", 0o600);
  return { stdin, stdout, stderr };
}

/** The gated child's pid, from fd 4; `null` when it ends or stays silent. */
async function readPid(child: ChildProcess, exited: Promise<void>, clock: Clock): Promise<number | null> {
  const pipe = child.stdio[4] as Readable;
  const late = new AbortController();
  const told = new Promise<number | null>((resolve) => {
    let text = "";
    pipe.on("data", (bytes: Buffer) => {
      text += bytes.toString("latin1");
      if (text.endsWith("\n")) resolve(Number.parseInt(text, 10));
    });
    pipe.on("error", () => resolve(null));
    pipe.on("end", () => resolve(null));
  });
  const pid = await Promise.race([
    told,
    exited.then(() => null),
    clock.sleep(LAUNCH_MS, late.signal).then(() => null),
  ]);
  late.abort();
  pipe.destroy();
  return pid;
}

function hasExit(directory: string): boolean {
  return readExit(directory) !== null;
}

/** `null` when the launcher has not written it, or was killed before it could. */
function readExit(directory: string): ExitRecord | null {
  try {
    const { status, ran } = JSON.parse(readFileSync(`${directory}/exit.json`, "utf8")) as {
      status: number;
      ran: boolean;
    };
    return { ...decodeStatus(status), neverRan: !ran };
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}

async function watchUntil(
  isOver: () => boolean,
  directory: string,
  signal: AbortSignal,
  clock: Clock,
): Promise<void> {
  let nap = new AbortController();
  const look = (): void => nap.abort();
  const watcher = watchQuietly(directory, look);
  signal.addEventListener("abort", look, { once: true });
  while (!signal.aborted && !isOver()) {
    nap = new AbortController();
    await clock.sleep(LOOK_MS, nap.signal);
  }
  signal.removeEventListener("abort", look);
  watcher?.close();
}

/** Watches are a courtesy of the kernel: where there are none left, the look every {@link LOOK_MS} does. */
function watchQuietly(directory: string, look: () => void): ReturnType<typeof watch> | null {
  try {
    const watcher = watch(directory, look);
    watcher.on("error", () => watcher.close());
    return watcher;
  } catch {
    return null;
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
