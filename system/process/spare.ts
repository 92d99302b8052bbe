/**
 * A spare shell, started ahead of need. Forking a process out of a daemon of a hundred megabytes takes longer than all
 * the rest of a launch together; so one shell waits for its script on a pipe, and becomes the launcher of the next run.
 *
 * W1. A spare that nobody takes knows nothing: its environment is empty, and the end of its pipe is its end too.
 * W2. What a run needs goes through the pipe, never through a file: it may hold secrets (I12).
 * W3. It is an advance, not a need: without a spare a launch is only slower.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { Socket } from "node:net";
import type { Clock } from "../clock.ts";

/** What fits into the pipe at once; a longer script is left to a launcher of its own. */
const SCRIPT_BYTES_MAX = 49_152;
/** The next spare is forked when the agent that took the last one has had a moment to start. */
const PAUSE_MS = 3;

export interface Spares {
  /** Hands the script to a waiting shell; `null` when none waits or the script is too long for it. */
  take(script: string): ChildProcess | null;
  /** Starts the next one, a moment later: when a start gate was opened or given up. The fork delays no agent then. */
  refill(): Promise<void>;
}

/** Keeps one shell waiting from the first launch on, so that a daemon that launches nothing forks nothing. */
export function createSpares(clock: Clock): Spares {
  let waiting: ChildProcess | null = null;
  let isComing = false;
  const refill = async (): Promise<void> => {
    if (isComing || waiting !== null) return;
    isComing = true;
    await clock.sleep(PAUSE_MS);
    isComing = false;
    const child = spareShell();
    waiting = child;
    const forget = (): void => {
      if (waiting === child) waiting = null;
    };
    child.once("exit", forget).once("error", forget);
  };
  return {
    take(script): ChildProcess | null {
      const child = waiting;
      if (child === null || Buffer.byteLength(script) > SCRIPT_BYTES_MAX) return null;
      waiting = null;
      child.stdin?.end(script);
      return child;
    },
    refill,
  };
}

function spareShell(): ChildProcess {
  const child = spawn("/bin/sh", ["-s"], {
    cwd: "/",
    env: {},
    detached: true,
    stdio: ["pipe", "ignore", "ignore", "pipe", "pipe"],
  });
  child.unref();
  for (const stream of [child.stdin, child.stdio?.[3], child.stdio?.[4]]) {
    // Neither does a waiting shell keep the daemon alive, nor does its end break it.
    stream?.on("error", () => stream.destroy());
    if (stream instanceof Socket) stream.unref();
  }
  return child;
}
