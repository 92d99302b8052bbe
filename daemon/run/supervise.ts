/** Looks after a run whose process was started, by this daemon or by an earlier one, until that is gone. */

import { reprice, repriceTurns } from "../../agents/prices/prices.ts";
import { backendFor } from "../../agents/registry.ts";
import { type Supervised, supervise } from "../../agents/supervision/supervise.ts";
import type { Run } from "../../workflow/run.ts";
import { createMeter } from "./meter.ts";
import { insist, type RunnerPorts, runDirectory } from "./ports.ts";
import { beginningOf, usageSoFar } from "./session.ts";
import { afterSetup } from "./setup.ts";

/** Timeout for a run of an older version whose profile has gone from the configuration meanwhile. */
const ORPHAN_TIMEOUT_MS = 3_600_000;

/** How long the run may take, in ms: what it was started with, so that a reload ends nothing. */
export function timeoutOf(ports: Pick<RunnerPorts, "profiles">, run: Run): number {
  return run.timeoutMs ?? ports.profiles.get(run.agent)?.timeoutMs ?? ORPHAN_TIMEOUT_MS;
}

/** @returns how its process ended; `null` when the daemon stops, or when somebody else has concluded the run */
export async function lookAfter(
  ports: RunnerPorts,
  row: Run,
  signal: AbortSignal,
): Promise<Extract<Supervised, { kind: "ended" }> | null> {
  const { store, clock, processes, files, workspaces } = ports;
  const ownMs = ports.profiles.get(row.agent)?.timeoutMs ?? ORPHAN_TIMEOUT_MS;
  const run = await afterSetup(ports, row, ownMs, signal);
  if (run.identity === null || run.startedAt === null) return null;
  const meter = createMeter(ports, run);
  const backend = backendFor(run.backend);
  const beginning = await insist(ports, run.id, signal, () => beginningOf(ports, run));
  if (beginning === null) return null;
  const usageOf = usageSoFar(ports, run, backend);
  // An earlier daemon may have seen a budget reached, and not come to saying so; the agent may be silent ever since.
  if (run.usage.length > 0) await insist(ports, run.id, signal, () => meter.read(run.usage));
  const result = await supervise(
    {
      run: run.id,
      identity: run.identity,
      directory: runDirectory(ports, run.id),
      worktree: workspaces.directoryOf(run.task),
      backend,
      beginning,
      transcript: run.transcript,
      logOffset: run.logOffset,
      startedAt: run.startedAt,
      activeAt: run.activeAt ?? run.startedAt,
      timeoutMs: timeoutOf(ports, run),
    },
    { clock, processes, files },
    {
      onProgress: async (report, isLast, read) => {
        if (read.lines > 0) ports.host.works();
        const turns = repriceTurns(report.turns, ports.prices);
        const progress = { ...report, turns, usage: reprice(await usageOf(read), ports.prices) };
        const written = await insist(ports, run.id, signal, () =>
          ports.progress.write(run.id, progress, isLast),
        );
        if (written === true) await insist(ports, run.id, signal, () => meter.read(progress.usage));
        return written ?? false;
      },
      stopAsked: () => ports.stops.reasonFor(run.id) ?? run.stop,
      onStop: async (reason) =>
        (await insist(ports, run.id, signal, () => store.runs.askToStop(run.id, reason))) ?? false,
    },
    signal,
  );
  if (result.kind === "ended") return result;
  if (result.kind === "lost") {
    const reason = "the run was concluded elsewhere";
    ports.log.warn({ event: "run.lost", run: run.id, task: run.task, reason });
  }
  return null;
}
