/**
 * The composition root: builds every part and hands each what it needs. The only room that knows all others; it wires
 * and holds no decision. Features meet in rows of the store and in bells (`Wake`), never in each other.
 */

import { createWorkspaces } from "../forges/worktrees.ts";
import { adminApp } from "../handlers/api.ts";
import { githubSource } from "../handlers/github.ts";
import { createIntake, type Intake } from "../handlers/group.ts";
import { createInbox } from "../handlers/inbox.ts";
import { planeSource } from "../handlers/plane.ts";
import { webhookApp } from "../handlers/webhooks.ts";
import { createStore } from "../store/build.ts";
import { migrate } from "../store/migrate.ts";
import { openSqlite, type SqliteEngine } from "../store/sqlite.ts";
import type { Store } from "../store/store.ts";
import { systemChance } from "../system/chance.ts";
import type { Clock } from "../system/clock.ts";
import { systemCommands } from "../system/commands.ts";
import type { Files } from "../system/files.ts";
import { systemHttp } from "../system/http.ts";
import { systemProcesses } from "../system/linux.ts";
import type { Log } from "../system/log.ts";
import { fileSystemOf, readMounts } from "../system/mounts.ts";
import { createWake, type Wake } from "../system/wake.ts";
import { createClients, findAccounts } from "./accounts.ts";
import { adminToken } from "./admin-token.ts";
import { layBallast } from "./ballast.ts";
import { claimLoop } from "./claim.ts";
import { type Config, databaseFile } from "./config.ts";
import { recover } from "./recover.ts";
import { createRunner } from "./runner.ts";
import type { RunnerPorts } from "./runner-ports.ts";
import { createStops } from "./stops.ts";
import { tidyWorktrees } from "./workspace.ts";

export type Fetch = (request: Request) => Response | Promise<Response>;

export interface Built {
  readonly webhooksFetch: Fetch;
  readonly adminFetch: Fetch;
  readonly token: string;
  /** Set once the admin listener is bound; agents are told it. */
  readonly adminUrl: { value: string };
  readonly durability: { readonly journal: string; readonly synchronous: string };
  /** Starts the loops. Resolves with a reason if one of them ends by an error that nobody expected. */
  start(): Promise<string>;
  /** Ends the loops and closes the store; agents live on. */
  stop(): Promise<void>;
}

interface Bells {
  readonly claimWake: Wake;
  readonly inboxWake: Wake;
  readonly stopWake: Wake;
}

/** What every part is built from. */
interface Ground extends Bells {
  readonly config: Config;
  readonly version: string;
  readonly log: Log;
  readonly clock: Clock;
  readonly files: Files;
  readonly engine: SqliteEngine;
  readonly store: Store;
  readonly end: AbortController;
  readonly adminUrl: { value: string };
}

/** @throws StoreFault when the database cannot be opened or migrated. */
export async function build(
  config: Config,
  version: string,
  log: Log,
  clock: Clock,
  files: Files,
): Promise<Built> {
  const { dataDir } = config;
  const engine = await openSqlite(databaseFile(dataDir), { fileSystem: fileSystemOf(dataDir, readMounts()) });
  if (engine.durability.journal !== "wal") {
    log.warn({
      event: "database.journal",
      journal: engine.durability.journal,
      reason: "WAL is unsafe on this file system",
    });
  }
  await migrate(engine, clock.now());
  const bells = { claimWake: createWake(clock), inboxWake: createWake(clock), stopWake: createWake(clock) };
  const store = createStore(engine);
  const ground: Ground = {
    ...bells,
    config,
    version,
    log,
    clock,
    files,
    engine,
    store,
    end: new AbortController(),
    adminUrl: { value: "" },
  };
  await store.jobs.configure(
    config.projects.map(({ name, concurrency }) => ({ name, concurrency })),
    clock.now(),
  );
  const token = await adminToken(files, systemChance(clock.now), dataDir);
  const ballast = await layBallast(files, log, dataDir);
  const { deliveries } = store;
  const intake = createIntake({
    deliveries,
    clock,
    log,
    wake: bells.inboxWake,
    giveUpBallast: ballast.giveUp,
  });
  const loops = createLoops(ground, intake);
  return {
    webhooksFetch: buildWebhooks(config, log, intake),
    adminFetch: buildAdmin(ground, token),
    token,
    adminUrl: ground.adminUrl,
    durability: engine.durability,
    start: loops.start,
    async stop(): Promise<void> {
      ground.end.abort();
      await loops.ended();
      await store.close();
    },
  };
}

function buildWebhooks(config: Config, log: Log, intake: Intake): Fetch {
  const { github, plane } = config.sources;
  const sources = [
    ...(github === null ? [] : [githubSource(github.secrets)]),
    ...(plane === null ? [] : [planeSource(plane.secrets)]),
  ];
  return webhookApp({ sources, record: intake.record, bodyLimit: config.server.bodyLimit, log }).fetch;
}

function buildAdmin(ground: Ground, token: string): Fetch {
  const { config, version, store, files, clock, log, engine, end, claimWake, stopWake, inboxWake } = ground;
  const { journal, synchronous } = engine.durability;
  const api = adminApp({
    store,
    files,
    clock,
    log,
    token,
    version,
    claimWake,
    stopWake,
    inboxWake,
    projects: byName(config.projects),
    pid: process.pid,
    startedAt: clock.now(),
    database: { engine: engine.name, journal, synchronous },
    runsDirectory: runsDirectory(config),
    signal: end.signal,
  });
  return api.fetch;
}

interface Loops {
  start(): Promise<string>;
  /** Resolves when every loop has seen the end. */
  ended(): Promise<void>;
}

function createLoops(ground: Ground, intake: Intake): Loops {
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
          { store, clock, chance, log, wake: claimWake, concurrency, begin: runner.begin },
          end.signal,
        ),
        tidyWorktrees({ ...ports, worktreesDirectory: `${config.dataDir}/worktrees` }),
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
  const { config, store, clock, files, log, claimWake, adminUrl } = ground;
  const identity = { name: "Chargehand", email: "chargehand@localhost" };
  return {
    store,
    clock,
    files,
    log,
    stops,
    claimWake,
    chance: systemChance(clock.now),
    processes: systemProcesses(clock),
    workspaces: createWorkspaces({
      commands: systemCommands(),
      environment: process.env,
      identity,
      files,
      dataDir: config.dataDir,
    }),
    profiles: new Map(Object.entries(config.agents)),
    projects: byName(config.projects),
    runsDirectory: runsDirectory(config),
    environment: process.env,
    adminUrl: () => adminUrl.value,
  };
}

function runsDirectory(config: Config): string {
  return `${config.dataDir}/runs`;
}

function byName<T extends { readonly name: string }>(things: readonly T[]): ReadonlyMap<string, T> {
  return new Map(things.map((thing) => [thing.name, thing]));
}
