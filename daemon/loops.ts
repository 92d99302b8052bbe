/** The loops of a running daemon: adopt what lives, then look, claim, and put away, until the end. */

import { createWorkspaces } from "../forges/git/worktrees.ts";
import type { Intake } from "../handlers/intake.ts";
import { reapLoop } from "../reaper/loop.ts";
import { systemChance } from "../system/chance.ts";
import { systemCommands } from "../system/commands.ts";
import { availableMemory } from "../system/host-memory.ts";
import { systemProcesses } from "../system/process/linux.ts";
import { systemProcessTable } from "../system/process/table.ts";
import type { Pulse } from "../system/pulse.ts";
import { createTurns } from "../system/turns.ts";
import { type ClaimPorts, claimLoop } from "./claim.ts";
import { createHost, type Host } from "./host.ts";
import { isolate } from "./isolation.ts";
import type { RunnerPorts } from "./run/ports.ts";
import { createProgress } from "./run/progress.ts";
import { recover } from "./run/recover.ts";
import { createRunner } from "./run/runner.ts";
import { createStops } from "./run/stops.ts";
import { tidyLoop } from "./run/workspace.ts";
import { notifyLoop } from "./watchdog.ts";
import { type Ground, runsDirectory } from "./wiring/ground.ts";
import { inboxLoop } from "./wiring/inbox.ts";
import { reaperPorts } from "./wiring/reaper.ts";

export interface Loops {
  start(): Promise<string>;
  /** Claims nothing more. Resolves when everything that was claimed is with the runner. */
  quiet(): Promise<void>;
  /** Runs that are prepared, supervised or concluded. */
  inHand(): number;
  /** Resolves when the next of them has ended. */
  nextEnd(): Promise<void>;
  /** Resolves when every loop has seen the end. */
  ended(): Promise<void>;
}

export function createLoops(ground: Ground, intake: Intake): Loops {
  const { config, store, clock, log, end, bells, notify, pulses } = ground;
  const totals = () => store.totals(clock.now());
  const stops = createStops(store.runs, log);
  const host = createHost(clock, bells.jobs.ring);
  const ports = runnerPorts(ground, stops, host);
  const runner = createRunner(ports, end.signal);
  const claiming = new AbortController();
  let claims: Promise<void> = Promise.resolve();
  let running: readonly Promise<void>[] = [];
  return {
    async start(): Promise<string> {
      await recover(store.runs, runner.adopt, log);
      const noClaims = AbortSignal.any([end.signal, claiming.signal]);
      claims = pulses.keep("claim", (pulse) =>
        claimLoop({ ...claimPorts(ground, pulse, runner.begin), host }, noClaims),
      );
      const reaping = reaperPorts(ports, runner, systemProcessTable(ground.clock), end.signal);
      running = [
        pulses.keep("stops", (pulse) => stops.watch(pulse.bell(bells.stops), end.signal)),
        pulses.keep("inbox", (pulse) => inboxLoop(ground, intake, pulse)),
        claims,
        pulses.keep("reaper", (pulse) =>
          reapLoop({ ...reaping, wake: pulse.bell(reaping.wake), clock: pulse.clock }, end.signal),
        ),
        notifyLoop({ notify, pulses, totals, clock, log }, end.signal),
        tidyLoop({ ...ports, worktreesDirectory: `${config.dataDir}/worktrees` }, end.signal),
      ];
      return new Promise((resolve) => {
        for (const loop of running)
          loop.catch((error: unknown) =>
            resolve(error instanceof Error ? (error.stack ?? "") : String(error)),
          );
      });
    },
    async quiet(): Promise<void> {
      claiming.abort();
      await Promise.allSettled([claims]);
    },
    inHand: runner.count,
    nextEnd: runner.nextEnd,
    async ended(): Promise<void> {
      await Promise.allSettled(running);
    },
  };
}

/** The limits are looked up at every look: they may have been loaded anew. */
function claimPorts(ground: Ground, { clock, bell }: Pulse, begin: ClaimPorts["begin"]): ClaimPorts {
  const { store, log, bells } = ground;
  return {
    store,
    clock,
    log,
    begin,
    wake: bell(bells.jobs),
    chance: systemChance(clock.now),
    concurrency: () => ground.config.limits.concurrency,
    memory: { floor: () => ground.config.limits.memoryFloor, available: availableMemory },
  };
}

function runnerPorts(ground: Ground, stops: RunnerPorts["stops"], host: Host): RunnerPorts {
  const { config, inForce, env, store, clock, files, log, adminUrl } = ground;
  const identity = { name: "Chargehand", email: "chargehand@localhost" };
  return {
    store,
    clock,
    files,
    log,
    stops,
    host,
    progress: createProgress(store.runs, clock),
    turns: createTurns(),
    chance: systemChance(clock.now),
    processes: isolate(systemProcesses(clock, { spare: true }), ground),
    workspaces: createWorkspaces({
      commands: systemCommands(),
      environment: env,
      identity,
      files,
      dataDir: config.dataDir,
      clock,
    }),
    profiles: inForce.profiles,
    projects: inForce.everKnown,
    accounts: inForce.accounts,
    prices: inForce.prices,
    runsDirectory: runsDirectory(config),
    environment: env,
    adminUrl: () => adminUrl.value,
  };
}
