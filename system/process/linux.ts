/** {@link Processes} on Linux: launch and identity of agents. Their end is noticed in `departures.ts`. */

import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import type { Readable, Writable } from "node:stream";
import type { Clock } from "../clock.ts";
import { createDepartures, readExit } from "./departures.ts";
import { launchArguments, launchScript } from "./launcher.ts";
import { ageOf, isRunning, readBootId, readStat } from "./proc.ts";
import type { LaunchResult, LaunchSpec, Processes, ProcessIdentity } from "./processes.ts";
import { signalProcess } from "./signals.ts";
import { createSpares, type Spares } from "./spare.ts";
import { createSweep } from "./sweep.ts";

/** A gated child that has not told its pid by then will not. */
const LAUNCH_MS = 5_000;

/** What all launches of one daemon share. */
interface Shared {
  readonly bootId: string;
  /** Launchers that are our children, by pid: their end is told, not looked for. */
  readonly children: Map<number, Promise<void>>;
  readonly clock: Clock;
  readonly spares: Spares | null;
}

/** @param options `spare`: keep one shell waiting, so that agents start sooner (`spare.ts`) */
export function systemProcesses(clock: Clock, options: { readonly spare?: boolean } = {}): Processes {
  const bootId = readBootId();
  const children = new Map<number, Promise<void>>();
  const shared: Shared = {
    bootId,
    children,
    clock,
    spares: options.spare === true ? createSpares(clock) : null,
  };
  const isAlive = (identity: ProcessIdentity): boolean =>
    identity.bootId === bootId && isRunning(identity.pid, identity.startTicks);
  const isLauncherAlive = (identity: ProcessIdentity): boolean =>
    identity.bootId === bootId && isRunning(identity.pgid, identity.leaderTicks);
  const departures = createDepartures(clock, isAlive, isLauncherAlive);
  const { sweep, strays } = createSweep(clock);
  return {
    bootId,
    launch: (_operation, spec) => launch(spec, shared),
    isAlive,
    ageMs: (identity) => (isAlive(identity) ? ageOf(identity.startTicks) : null),
    isLauncherAlive,
    signal: (_operation, identity, signal, scope) =>
      identity.bootId === bootId && signalProcess(identity, signal, scope),
    async ended(identity, directory, signal): Promise<void> {
      const child = children.get(identity.pgid);
      if (child !== undefined) await Promise.race([child, aborted(signal)]);
      if (!signal.aborted) await departures.wait(identity, directory, signal);
    },
    exitRecord: async (directory) => readExit(directory),
    strays: (_operation, mark, directory) => strays(mark, directory),
    sweep: (_operation, mark, directory) => sweep(mark, directory),
  };
}

async function launch(spec: LaunchSpec, shared: Shared): Promise<LaunchResult> {
  if (spec.argv.length === 0) return failed("there is no program to run");
  const files: number[] = [];
  try {
    files.push(openSync(spec.stdin ?? "/dev/null", "r"));
    for (const name of ["stdout.log", "stderr.log"])
      files.push(openSync(`${spec.directory}/${name}`, "a", 0o600));
    const script = shared.spares === null ? null : launchScript(spec);
    const spare = script === null ? null : (shared.spares?.take(script) ?? null);
    const early = spare === null ? null : await gated(spare, spec, shared);
    // A spare that was no good any more costs time only (W3 of `spare.ts`); what is wrong with the launch itself,
    // `spawn` says best.
    return early?.kind === "launched" ? early : await gated(spawnLauncher(spec, files), spec, shared);
  } catch (error) {
    return failed(describe(error));
  } finally {
    for (const file of files) closeSync(file);
  }
}

function spawnLauncher(spec: LaunchSpec, files: readonly number[]): ChildProcess {
  const child = spawn("/bin/sh", launchArguments(spec), {
    cwd: spec.cwd,
    env: { ...spec.env },
    detached: true,
    stdio: [...files, "pipe", "pipe"],
  });
  child.unref();
  return child;
}

/** Waits until the child behind the start gate has told its pid, and says who it is. */
async function gated(child: ChildProcess, spec: LaunchSpec, shared: Shared): Promise<LaunchResult> {
  let trouble = "its shell ended or kept silent";
  const exited = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", (error) => {
      trouble = describe(error);
      resolve();
    });
  });
  // Without file descriptors to spare there are not even pipes.
  const startGate = child.stdio?.[3] as Writable | undefined;
  // A child that dies behind a closed start gate breaks the pipe; its end is noticed elsewhere.
  startGate?.on("error", () => startGate.destroy());
  const pid = await readPid(child, exited, shared.clock);
  const agent = pid === null ? null : readStat(pid);
  const leader = child.pid === undefined ? null : readStat(child.pid);
  if (startGate === undefined || agent === null || leader === null) {
    startGate?.destroy();
    // Nor may a launcher that is merely late write an exit into the directory of what is launched in its place.
    child.kill("SIGKILL");
    return failed(`no process came up in ${spec.cwd}: ${trouble}`);
  }
  shared.children.set(
    leader.pid,
    exited.then(() => void shared.children.delete(leader.pid)),
  );
  const identity: ProcessIdentity = {
    pid: agent.pid,
    startTicks: agent.startTicks,
    pgid: leader.pid,
    leaderTicks: leader.startTicks,
    bootId: shared.bootId,
  };
  const release = (): void => {
    startGate.end("go\n", () => startGate.destroy());
    void shared.spares?.refill();
  };
  const abandon = (): void => {
    startGate.destroy();
    void shared.spares?.refill();
  };
  return { kind: "launched", launched: { identity, release, abandon } };
}

function failed(reason: string): LaunchResult {
  return { kind: "failed", reason };
}

/** Node's own messages quote arguments and environment, which may hold secrets (I12); the system's do not. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return "an unknown error";
  const code = "code" in error ? String(error.code) : error.name;
  if (code === "E2BIG") return "its arguments or its environment are too long (E2BIG)";
  if (code === "ERR_INVALID_ARG_VALUE")
    return "an argument or a variable of its environment holds a NUL byte";
  return "syscall" in error ? error.message : code;
}

/** The gated child's pid, from fd 4; `null` when it ends or stays silent. */
async function readPid(child: ChildProcess, exited: Promise<void>, clock: Clock): Promise<number | null> {
  const pipe = child.stdio?.[4] as Readable | undefined;
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

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
