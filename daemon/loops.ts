/** The loops of a running daemon: adopt what lives, then look, claim, and put away, until the end. */

import { createWorkspaces } from "../forges/worktrees.ts";
import type { Intake } from "../handlers/group.ts";
import { createInbox } from "../handlers/inbox.ts";
import { systemChance } from "../system/chance.ts";
import { systemCommands } from "../system/commands.ts";
import { systemHttp } from "../system/http.ts";
import { systemProcesses } from "../system/linux.ts";
import { availableMemory } from "../system/memory.ts";
import { createTurns } from "../system/turns.ts";
import { createClients, findAccounts } from "./accounts.ts";
import { claimLoop } from "./claim.ts";
import { byName, type Ground, runsDirectory } from "./ground.ts";
import { recover } from "./recover.ts";
import { createRunner } from "./runner.ts";
import type { RunnerPorts } from "./runner-ports.ts";
import { createStops } from "./stops.ts";
import { tidyLoop } from "./workspace.ts";

export interface Loops {
  start(): Promise<string>;
  /** Resolves when every loop has seen the end. */
  ended(): Promise<void>;
}

export function createLoops(ground: Ground, intake: Intake): Loops {
  const { config, store, clock, log, end, inboxWake, claimWake, stopWake } = ground;
  const chance = systemChance(clock.now);
  const clients = createClients(config, systemHttp(), clock);
  let running: readonly Promise<void>[] = [];
  const inboxLoop = async (): Promise<void> => {
    const accounts = await findAccounts(config, clients, log);
    const projects = config.projects;
    const inbox = createInbox({
      store,
      isIngestBusy: intake.isBusy,
      projects,
      lookups: clients,
      accounts,
      clock,
      log,
      wake: inboxWake,
      claimWake,
      stopWake,
    });
    await inbox.run(end.signal);
  };
  return {
    async start(): Promise<string> {
      const stops = createStops(store.runs, log, stopWake);
      const ports = runnerPorts(ground, stops);
      const runner = createRunner(ports, end.signal);
      await recover(store.runs, runner, log);
      const { concurrency } = config.limits;
      running = [
        stops.watch(end.signal),
        inboxLoop(),
        claimLoop(
          {
            store,
            clock,
            chance,
            log,
            wake: claimWake,
            concurrency,
            memory: { floor: config.limits.memoryFloor, available: availableMemory },
            begin: runner.begin,
          },
          end.signal,
        ),
        tidyLoop({ ...ports, worktreesDirectory: `${config.dataDir}/worktrees` }, end.signal),
      ];
      return new Promise((resolve) => {
        for (const loop of running)
          loop.catch((error: unknown) =>
            resolve(error instanceof Error ? (error.stack ?? "") : String(error)),
          );
      });
    },
    async ended(): Promise<void> {
      await Promise.allSettled(running);
    },
  };
}

function runnerPorts(ground: Ground, stops: RunnerPorts["stops"]): RunnerPorts {
  const { config, env, store, clock, files, log, claimWake, adminUrl } = ground;
  const identity = { name: "Chargehand", email: "chargehand@localhost" };
  return {
    store,
    clock,
    files,
    log,
    stops,
    claimWake,
    turns: createTurns(),
    chance: systemChance(clock.now),
    processes: systemProcesses(clock, { spare: true }),
    workspaces: createWorkspaces({
      commands: systemCommands(),
      environment: env,
      identity,
      files,
      dataDir: config.dataDir,
    }),
    profiles: new Map(Object.entries(config.agents)),
    projects: byName(config.projects),
    runsDirectory: runsDirectory(config),
    environment: env,
    adminUrl: () => adminUrl.value,
  };
}
