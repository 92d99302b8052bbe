/** {@link Processes} on Linux: launch and identity of agents. Their end is noticed in `departures.ts`. */

import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, statSync } from "node:fs";
import type { Clock } from "../clock.ts";
import { createDepartures, readExit } from "./departures.ts";
import { launchArguments } from "./launcher.ts";
import { ageOf, isRunning, readBootId } from "./proc.ts";
import type { LaunchResult, LaunchSpec, Processes, ProcessIdentity } from "./processes.ts";
import { signalProcess } from "./signals.ts";
import { createSpares, type Spares } from "./spare.ts";
import { closeGate, describe, type Gated, gated, openGate } from "./start-gate.ts";
import { createSweep } from "./sweep.ts";
import type { Folders } from "./swept-folders.ts";

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
  const { sweep, strays, folders } = createSweep(clock);
  return {
    bootId,
    launch: (_operation, spec) => launch(spec, shared, folders),
    isAlive,
    ageMs: (identity) => (isAlive(identity) ? ageOf(identity.startTicks) : null),
    isLauncherAlive,
    signal: (_operation, identity, signal, scope) =>
      identity.bootId === bootId && signalProcess(identity, signal, scope),
    async ended(identity, directory, signal): Promise<void> {
      folders.recall(directory);
      const child = children.get(identity.pgid);
      if (child !== undefined) await Promise.race([child, aborted(signal)]);
      if (!signal.aborted) await departures.wait(identity, directory, signal);
    },
    async exitRecord(directory) {
      folders.recall(directory);
      return readExit(directory);
    },
    strays: (_operation, mark, directory) => strays(mark, directory),
    sweep: (_operation, mark, directory) => sweep(mark, directory),
  };
}

async function launch(
  spec: LaunchSpec,
  shared: Shared,
  folders: Pick<Folders, "remember">,
): Promise<LaunchResult> {
  if (spec.argv.length === 0) return failed("there is no program to run");
  const files: number[] = [];
  try {
    folders.remember(spec.cwd, spec.directory);
    files.push(openSync(spec.stdin ?? "/dev/null", "r"));
    for (const name of ["stdout.log", "stderr.log"])
      files.push(openSync(`${spec.directory}/${name}`, "a", 0o600));
    // Without a spare a launch is only slower (W3 of `spare.ts`); and what is wrong with one, `spawn` says best.
    const spare = isFolder(spec.cwd) ? shared.spares?.take(spec) : null;
    const child = spare ?? (await gated(spawnLauncher(spec, files), shared.clock));
    return typeof child === "string"
      ? failed(`no process came up in ${spec.cwd}: ${child}`)
      : launched(child, shared);
  } catch (error) {
    return failed(describe(error));
  } finally {
    for (const file of files) closeSync(file);
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
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

function launched(child: Gated, { bootId, children, spares }: Shared): LaunchResult {
  const { agent, leader, exited } = child;
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
  const release = (): void => {
    openGate(child);
    void spares?.refill();
  };
  const abandon = (): void => {
    closeGate(child);
    void spares?.refill();
  };
  return { kind: "launched", launched: { identity, release, abandon } };
}

function failed(reason: string): LaunchResult {
  return { kind: "failed", reason };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
