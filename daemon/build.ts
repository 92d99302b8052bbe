/**
 * The composition root: builds every part and hands each what it needs. The only room that knows all others; it wires
 * and holds no decision. Features meet in rows of the store and in bells (`Wake`), never in each other.
 */

import { adminApp } from "../handlers/api.ts";
import { githubSource } from "../handlers/github.ts";
import { createIntake, type Intake } from "../handlers/group.ts";
import { planeSource } from "../handlers/plane.ts";
import { webhookApp } from "../handlers/webhooks.ts";
import { createStore } from "../store/build.ts";
import { migrate } from "../store/migrate.ts";
import { openSqlite } from "../store/sqlite.ts";
import { systemChance } from "../system/chance.ts";
import type { Clock } from "../system/clock.ts";
import type { Files } from "../system/files.ts";
import type { Log } from "../system/log.ts";
import { fileSystemAt } from "../system/mounts.ts";
import { createWake } from "../system/wake.ts";
import { adminToken } from "./admin-token.ts";
import { layBallast } from "./ballast.ts";
import { type Config, databaseFile } from "./config.ts";
import { byName, type Ground, runsDirectory, type Start } from "./ground.ts";
import { createLoops } from "./loops.ts";

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

/** @throws StoreFault when the database cannot be opened or migrated. */
export async function build(start: Start, log: Log, clock: Clock, files: Files): Promise<Built> {
  const { config, version, env } = start;
  const { dataDir } = config;
  const engine = await openSqlite(databaseFile(dataDir), { fileSystem: fileSystemAt(dataDir) });
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
    env,
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
