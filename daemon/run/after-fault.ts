/**
 * What becomes of a run whose supervision ended by an error that nobody expected: a read that was refused, or no file
 * descriptors left for a moment.
 *
 * G1. An agent that lives is left alone: our trouble is no reason to end its work. Nobody has the run in hand then, so
 *     the reaper hands it to the runner within seconds; again and again, but not more than once a minute. If it gets
 *     overdue meanwhile, the reaper stops it (`reaper/tiers.ts`).
 * G2. One whose process has ended is left to the reaper once, too: what it has finished would otherwise be done again.
 * G3. It never rejects. What it could not do either is logged, and left to the reaper.
 */

import { stackOf } from "../../system/stack.ts";
import { markOf, type Run } from "../../workflow/run.ts";
import { runMoves } from "../../workflow/states.ts";
import { concludeRun } from "./conclude.ts";
import { failure } from "./own-outcomes.ts";
import { insist, type RunnerPorts } from "./ports.ts";

/** @param isRepeated it was left to the reaper before (G2) */
export async function afterFault(
  ports: RunnerPorts,
  run: Run,
  error: unknown,
  isRepeated: boolean,
  signal: AbortSignal,
): Promise<void> {
  // A daemon that stops takes its store away from under the last steps; the next one goes on from the rows
  // (R3 of `runner.ts`).
  if (signal.aborted) return;
  ports.log.error({ event: "run.faulted", run: run.id, task: run.task, reason: stackOf(error) });
  try {
    const now = await insist(ports, run.id, signal, () => ports.store.runs.get(run.id));
    if (now === null || runMoves.final.includes(now.status)) return;
    const state = stateOf(ports, now);
    if (state === "lives" || (state === "ended" && !isRepeated)) {
      const reason = `its process ${state}; the reaper will hand it to the runner again`;
      return ports.log.warn({ event: "run.left", run: run.id, task: run.task, reason });
    }
    await callOver(ports, now, signal);
  } catch (again) {
    ports.log.error({ event: "run.faulted", run: run.id, task: run.task, reason: stackOf(again) });
  }
}

function stateOf({ processes }: RunnerPorts, { identity }: Run): "unrecorded" | "lives" | "ended" {
  if (identity === null) return "unrecorded";
  return processes.isAlive(identity) || processes.isLauncherAlive(identity) ? "lives" : "ended";
}

/** Whatever the run has started goes before it is called over (I4). */
async function callOver(ports: RunnerPorts, run: Run, signal: AbortSignal): Promise<void> {
  await ports.processes.sweep("fault", markOf(run.id), ports.workspaces.directoryOf(run.task));
  // `lost` is the one ending that every live status may take; any other would leave a running row as it is (I7).
  const outcome = failure("interrupted", "the daemon met an unexpected error; see its log", "lost");
  await concludeRun(ports, run, outcome, signal);
}
