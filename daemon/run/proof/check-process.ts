/**
 * One check as a process: started behind the start gate like an agent, with the mark of its run, and ended with all
 * that it has started.
 *
 * Q1. It is launched as agents are (`system/process/processes.ts`), so that walls, scopes, group and sweep are those of
 *     agents. Nothing of it is written down: who comes after a daemon that died sweeps, and runs the check anew.
 * Q2. It ends with its shell. What is left working then (a server in the background, say) is killed, and what is
 *     written goes to a file, so that nobody waits for whoever holds the other end of a pipe.
 * Q3. Late, loud or unwanted, it is told gently and then killed, by its group and by the mark.
 */

import { ownPlace } from "../../../agents/supervision/run-folder.ts";
import { type Watch, watchEnd } from "../../../agents/supervision/watch.ts";
import type { Clock } from "../../../system/clock.ts";
import { textOf } from "../../../system/files/door.ts";
import type { Files } from "../../../system/files.ts";
import type { LaunchSpec, Processes, ProcessIdentity } from "../../../system/process/processes.ts";
import { visibleLine } from "../../../workflow/text/visible.ts";
import { CHECK_OUTPUT, type CheckRun, type CheckSpec, type Checks } from "../ports.ts";

export interface CheckPorts {
  readonly clock: Clock;
  readonly processes: Processes;
  readonly files: Pick<Files, "door">;
}

const FLOOD_BYTES = 64 * 1_024 * 1_024;
const LOOK_MS = 500;
/** After having been told to end, and after having been killed. */
const GRACE_MS = 3_000;
/** What stands around agents may not be ready for the next one yet, as a scope that is about to go. */
const TRIES_MAX = 3;
const TRY_AGAIN_MS = 1_000;
const SAID_BYTES = 1_024;

/** Checks on this machine. */
export function createChecks(ports: CheckPorts): Checks {
  const atWork = new Set<string>();
  return {
    async run(operation, spec, isUnwanted, signal): Promise<CheckRun> {
      atWork.add(spec.mark);
      try {
        for (let tries = 1; ; tries++) {
          const ran = await runOnce(ports, operation, spec, isUnwanted, signal);
          if (ran.kind !== "unable" || tries === TRIES_MAX) return ran;
          await ports.clock.sleep(TRY_AGAIN_MS, signal);
          if (signal.aborted || (await isUnwanted())) return { kind: "dropped" };
        }
      } finally {
        atWork.delete(spec.mark);
      }
    },
    isAtWork: (mark) => atWork.has(mark),
  };
}

async function runOnce(
  ports: CheckPorts,
  operation: string,
  spec: CheckSpec,
  isUnwanted: () => Promise<boolean>,
  signal: AbortSignal,
): Promise<CheckRun> {
  const { processes } = ports;
  const result = await processes.launch(operation, launchOf(spec));
  if (result.kind === "failed") return { kind: "unable", reason: result.reason };
  const { identity, release } = result.launched;
  const watch = watchEnd(ports, { identity, directory: spec.directory }, signal);
  try {
    release();
    const cut = await follow(ports, spec, watch, isUnwanted);
    if (cut !== null) await end(processes, identity, watch);
    return cut ?? (await endOf(ports, spec));
  } finally {
    watch.close();
    await processes.sweep(operation, spec.mark, spec.cwd);
  }
}

/** One stream, in which what went wrong stands where it happened. */
const IN_ONE = 'exec 2>&1; exec /bin/sh -c "$1" chargehand-check';

function launchOf({ command, cwd, env, walls, directory }: CheckSpec): LaunchSpec {
  const argv = ["/bin/sh", "-c", IN_ONE, "chargehand-check", command];
  const launch = { argv, cwd, env, directory, stdin: null };
  return walls.length === 0 ? launch : { ...launch, wrapper: walls };
}

/** Waits for its end. @returns why it has to be ended; `null` when it has ended by itself */
async function follow(
  { clock, files }: CheckPorts,
  { directory, timeoutMs }: CheckSpec,
  watch: Watch,
  isUnwanted: () => Promise<boolean>,
): Promise<CheckRun | null> {
  const until = clock.monotonic() + timeoutMs;
  for (let left = timeoutMs; ; left = until - clock.monotonic()) {
    if (watch.hasEnded()) return null;
    if (watch.hasLeft() || (await isUnwanted())) return { kind: "dropped" };
    if (left <= 0) return { kind: "timeout", afterMs: timeoutMs };
    const looked = await files.door.look("check", ownPlace(directory, CHECK_OUTPUT));
    if (looked.kind === "seen" && looked.size > FLOOD_BYTES) return { kind: "flood", bytes: looked.size };
    await watch.grace(Math.min(left, LOOK_MS));
  }
}

/** Q3. A daemon that stops does not wait for good manners. */
async function end(processes: Processes, identity: ProcessIdentity, watch: Watch): Promise<void> {
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    processes.signal("check", identity, signal, "group");
    await watch.grace(GRACE_MS);
    if (watch.hasEnded()) return;
  }
}

async function endOf({ processes, files }: CheckPorts, { directory }: CheckSpec): Promise<CheckRun> {
  const exit = await processes.exitRecord(directory);
  if (exit === null)
    return { kind: "unable", reason: "it was ended together with what would have told its end" };
  if (exit.neverRan) {
    const stderr = await files.door.readEnd("check", ownPlace(directory, "stderr.log"), SAID_BYTES);
    const said = visibleLine((textOf(stderr) ?? "").trim().split("\n").at(-1) ?? "");
    return { kind: "unable", reason: `what stands around it could not be made: ${said}` };
  }
  if (exit.signal !== null) return { kind: "signal", signal: exit.signal };
  return { kind: "exit", code: exit.code ?? 0 };
}
