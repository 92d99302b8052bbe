/** Gives the reaper what it needs of the runner and of the configuration. */

import { backendFor } from "../../agents/registry.ts";
import { ownPlace } from "../../agents/supervision/run-folder.ts";
import { isSettingUp } from "../../agents/supervision/setting-up.ts";
import { openToolsIn } from "../../agents/transcript.ts";
import { reapLoop } from "../../reaper/loop.ts";
import type { Hands, ReaperPorts, RunKnowledge } from "../../reaper/ports.ts";
import { silenceOf } from "../../system/files/door.ts";
import { type ProcessTable, systemProcessTable } from "../../system/process/table.ts";
import { stackOf } from "../../system/stack.ts";
import { createWake } from "../../system/wake.ts";
import { markOf } from "../../workflow/run.ts";
import type { Loop } from "../loops.ts";
import { concludeRun } from "../run/conclude.ts";
import { type RunnerPorts, runDirectory } from "../run/ports.ts";
import type { Runner } from "../run/runner.ts";
import { timeoutOf } from "../run/supervise.ts";
import type { Ground } from "./ground.ts";

export function wireReaper({ clock, end }: Ground, ports: RunnerPorts, runner: Runner): Loop {
  const given = reaperPorts(ports, runner, systemProcessTable(clock), end.signal);
  return {
    name: "reaper",
    run: (pulse) => reapLoop({ ...given, wake: pulse.bell(given.wake), clock: pulse.clock }, end.signal),
  };
}

export function reaperPorts(
  ports: RunnerPorts,
  runner: Runner,
  table: ProcessTable,
  signal: AbortSignal,
): ReaperPorts {
  const { store, processes, clock, log } = ports;
  return {
    ...{ processes, table, clock, log },
    runs: store.runs,
    hands: hands(ports, runner, signal),
    knowledge: knowledge(ports),
    wake: createWake(clock),
  };
}

function hands(ports: RunnerPorts, runner: Runner, signal: AbortSignal): Hands {
  return {
    holds: runner.holds,
    adopt: (run) => void runner.adopt(run),
    takeOver(run): void {
      ports.turns.forget(run.task);
      void runner.adopt(run);
    },
    conclude(run, outcome): void {
      concludeRun(ports, run, outcome, signal).catch((error: unknown) => {
        const reason = stackOf(error);
        ports.log.error({ event: "run.faulted", run: run.id, task: run.task, reason });
      });
    },
  };
}

function knowledge(ports: RunnerPorts): RunKnowledge {
  return {
    timeoutMs: (run) => timeoutOf(ports, run),
    stopMs: (run) => backendFor(run.backend).stop.reduce((sum, step) => sum + step.graceMs, 0),
    directory: (run) => runDirectory(ports, run.id),
    worktree: (run) => ports.workspaces.directoryOf(run.task),
    logSilentMs: (run) =>
      silenceOf(ownPlace(runDirectory(ports, run.id), "stdout.log")) ?? Number.POSITIVE_INFINITY,
    gitIdleMs(run): number {
      // Its checks move a run on as git does, and each of them has its limit.
      if (ports.checks.isAtWork(markOf(run.id))) return 0;
      const project = ports.projects.get(run.project);
      return project === undefined ? Number.POSITIVE_INFINITY : ports.workspaces.idleMs(project.cloneUrl);
    },
    // Where an agent is not there yet, an installation works: it may be as silent as a tool.
    openTools: (run) => openToolsIn(run.transcript) + (isSettingUp(runDirectory(ports, run.id)) ? 1 : 0),
  };
}
