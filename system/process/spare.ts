/**
 * A spare launcher, started ahead of need. Forking a process out of a daemon of a hundred megabytes takes longer than
 * all the rest of a launch together, and the shell's own fork is next; so one launcher waits with its gated child
 * behind the start gate, and both learn on pipes for whom.
 *
 * W1. A spare that nobody takes knows nothing: its environment is empty, and the end of its pipes is its end too.
 * W2. What a run needs goes through the pipes, never through a file: it may hold secrets (I12).
 * W3. It is an advance, not a need: without a spare a launch is only slower.
 */

import { type ChildProcess, spawn } from "node:child_process";
import type { Socket } from "node:net";
import type { Clock } from "../clock.ts";
import { launchScript, SPARE_ARGUMENTS } from "./launcher.ts";
import { isRunning } from "./proc.ts";
import type { LaunchSpec } from "./processes.ts";
import { type Gated, gated, pipeOf } from "./start-gate.ts";

/** What fits into the pipe at once; a longer script is left to a launcher of its own. */
const SCRIPT_BYTES_MAX = 49_152;
/** The next spare is forked when the agent that took the last one has had a moment to start. */
const PAUSE_MS = 20;
/** Where the gated child reads its script; the start gate; where the pid is told; where the exit belongs. */
const PIPES = [0, 3, 4, 5];

export interface Spares {
  /** Tells the waiting launcher for whom it is; `null` when none waits or a shell could not be told exactly. */
  take(spec: LaunchSpec): Gated | null;
  /** Starts the next one, a moment later: when a start gate was opened or given up. The fork delays no agent then. */
  refill(): Promise<void>;
}

/** Keeps one launcher waiting from the first launch on, so that a daemon that launches nothing forks nothing. */
export function createSpares(clock: Clock): Spares {
  let waiting: Gated | null = null;
  let isComing = false;
  const refill = async (): Promise<void> => {
    if (isComing || waiting !== null) return;
    isComing = true;
    await clock.sleep(PAUSE_MS);
    const spare = await comeUp(clock);
    isComing = false;
    if (spare === null) return;
    waiting = spare;
    await spare.exited;
    if (waiting !== spare) return;
    waiting = null;
    discard(spare.launcher);
  };
  return {
    take(spec): Gated | null {
      const script = launchScript(spec);
      if (waiting === null || script === null || Buffer.byteLength(script) > SCRIPT_BYTES_MAX) return null;
      const spare = waiting;
      waiting = null;
      if (!isWhole(spare)) {
        discard(spare.launcher);
        return null;
      }
      say(pipeOf(spare.launcher, 5), `${spec.directory}\n`);
      say(pipeOf(spare.launcher, 0), script);
      return spare;
    },
    refill,
  };
}

/** `null` where the machine is short of something, such as memory or descriptors: the next launch tries again (W3). */
async function comeUp(clock: Clock): Promise<Gated | null> {
  let launcher: ChildProcess | null = null;
  try {
    launcher = spareLauncher();
    const spare = await gated(launcher, clock);
    if (typeof spare !== "string") return spare;
  } catch (error) {
    if (!isShortage(error)) throw error;
  }
  if (launcher !== null) discard(launcher);
  return null;
}

/** Nor where that cannot be seen. */
function isWhole({ leader, agent }: Gated): boolean {
  try {
    return [leader, agent].every(({ pid, startTicks }) => isRunning(pid, startTicks));
  } catch (error) {
    if (!isShortage(error)) throw error;
    return false;
  }
}

/** What the system refused; everything else is a mistake of ours. */
function isShortage(error: unknown): boolean {
  return error instanceof Error && "code" in error;
}

/** Ends what is left of it: a launcher without its child, or a child without its launcher, ends with its pipes. */
function discard(launcher: ChildProcess): void {
  for (const fd of PIPES) pipeOf(launcher, fd)?.destroy();
}

/** Our end goes when all is said; what was said stays to be read, even if this daemon dies now. */
function say(pipe: Socket | null, text: string): void {
  pipe?.end(text, () => pipe.destroy());
}

function spareLauncher(): ChildProcess {
  const launcher = spawn("/bin/sh", SPARE_ARGUMENTS, {
    cwd: "/",
    env: {},
    detached: true,
    stdio: ["pipe", "ignore", "ignore", "pipe", "pipe", "pipe"],
  });
  launcher.unref();
  for (const fd of PIPES) {
    const pipe = pipeOf(launcher, fd);
    // Neither does a waiting launcher keep the daemon alive, nor does its end break it.
    pipe?.on("error", () => pipe.destroy());
    pipe?.unref();
  }
  return launcher;
}
