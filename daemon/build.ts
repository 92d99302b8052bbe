/**
 * The composition root: builds every part and hands each what it needs. The only room that knows all others; it wires
 * and holds no decision. Features meet in rows of the store and in bells (`wiring/bells.ts`), never in each other.
 */

import { adminApp } from "../handlers/api/app.ts";
import type { ConfigHealth } from "../handlers/api/base.ts";
import { createIntake, type Intake } from "../handlers/intake.ts";
import { webhookSources } from "../handlers/sources.ts";
import { webhookApp } from "../handlers/webhooks.ts";
import { createStore } from "../store/build.ts";
import { migrate } from "../store/engine/migrate.ts";
import type { Tell } from "../store/engine/work.ts";
import { systemChance } from "../system/chance.ts";
import type { Clock } from "../system/clock.ts";
import { systemCommands } from "../system/commands.ts";
import type { Files } from "../system/files.ts";
import type { Log } from "../system/log.ts";
import { createPulses } from "../system/pulse.ts";
import { type Notify, systemNotify } from "../system/service-manager.ts";
import { createWake } from "../system/wake.ts";
import { adminToken } from "./admin-token.ts";
import { type Ballast, ballastOf, withRoom } from "./ballast.ts";
import type { Config } from "./config/config.ts";
import { createInForce } from "./config/in-force.ts";
import { configure } from "./config/reconsider.ts";
import { openDatabase, using } from "./data-directory.ts";
import { createLoops } from "./loops.ts";
import type { Departure } from "./shutdown.ts";
import { createBells, ringer } from "./wiring/bells.ts";
import { type Ground, runsDirectory, type Start } from "./wiring/ground.ts";

/** No loop that is well works so long between two sleeps; the longest steps wait for the network, 10 s at a time. */
const LOOP_PATIENCE_MS = 120_000;

export type Fetch = (request: Request) => Response | Promise<Response>;

export interface Built {
  readonly webhooksFetch: Fetch;
  readonly adminFetch: Fetch;
  readonly token: string;
  /** Given up where a start needs room on the disk, and by the intake. */
  readonly ballast: Ballast;
  /** Set once the admin listener is bound; agents are told it. */
  readonly adminUrl: { value: string };
  readonly durability: { readonly journal: string; readonly synchronous: string };
  /** How the configuration file fares; whoever reads it again writes it down here. */
  readonly health: { value: ConfigHealth };
  /** What it takes to part from the agents that run. */
  readonly departure: Departure;
  /** The service manager; the loops tell it how they fare, and `main.ts` how the daemon does. */
  readonly notify: Notify;
  /** The configuration in force. */
  config(): Config;
  /** Puts another configuration in force, but for what needs a restart. @throws StoreFault, and then changed nothing */
  apply(config: Config): Promise<void>;
  /** Starts the loops. Resolves with a reason if one of them ends by an error that nobody expected. */
  start(): Promise<string>;
  /** Ends what would keep a listener open: logs that are followed. */
  hangUp(): void;
  /** Ends the loops, waiting for them no longer than `graceMs`, and closes the store; agents live on. */
  stop(graceMs: number): Promise<void>;
}

/** @throws StoreFault when the database cannot be opened or migrated; Unusable when there can be no token. */
export async function build(start: Start, log: Log, clock: Clock, files: Files): Promise<Built> {
  const ballast = ballastOf(files, log, start.config.dataDir);
  const ground = await withRoom(ballast, () => layGround(start, log, clock, files));
  const token = await tokenOf(ground, ballast);
  const { store, engine, inForce, end, closing } = ground;
  const { file } = start.config;
  await ballast.lay();
  const { deliveries } = store;
  const intake = createIntake({ deliveries, clock, log, giveUpBallast: ballast.giveUp });
  const loops = createLoops(ground, intake);
  const health: Built["health"] = {
    value: { file, loadedAt: clock.now(), error: null, restartNeeded: [] },
  };
  let webhooks = buildWebhooks(start.config, log, intake);
  return {
    webhooksFetch: (request) => webhooks(request),
    adminFetch: buildAdmin(ground, token, health),
    token,
    ballast,
    health,
    notify: ground.notify,
    adminUrl: ground.adminUrl,
    durability: engine.durability,
    departure: {
      runs: store.runs,
      quiet: loops.quiet,
      runsInHand: loops.inHand,
      nextEnd: loops.nextEnd,
      clock,
      log,
    },
    config: () => inForce.config,
    async apply(config): Promise<void> {
      const before = inForce.config;
      // First for those who look a project up, then for the queue, which hands out jobs of projects that it knows.
      inForce.replace(config);
      try {
        await configure(store, config, clock.now());
      } catch (error) {
        inForce.replace(before);
        throw error;
      }
      webhooks = buildWebhooks(config, log, intake);
    },
    start: loops.start,
    hangUp: () => closing.abort(),
    async stop(graceMs): Promise<void> {
      closing.abort();
      end.abort();
      const over = new AbortController();
      await Promise.race([loops.ended(), clock.sleep(graceMs, over.signal)]);
      over.abort();
      await store.close();
    },
  };
}

/** Without it there is no daemon, and the database is closed again. */
async function tokenOf({ config, files, clock, store }: Ground, ballast: Ballast): Promise<string> {
  const remedy = "it must be a file that the daemon's user may read; remove it, and a new token is made";
  try {
    return await using(`${config.dataDir}/admin-token`, remedy, () =>
      withRoom(ballast, () => adminToken(files, systemChance(clock.now), config.dataDir)),
    );
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** Opens and migrates the database, and tells it which projects there are. Leaves nothing open when it fails. */
async function openStore(
  { config }: Start,
  log: Log,
  clock: Clock,
  tell: Tell,
): Promise<Pick<Ground, "engine" | "store">> {
  const engine = await openDatabase(config.dataDir);
  try {
    const { journal } = engine.durability;
    if (journal !== "wal")
      log.warn({ event: "database.journal", journal, reason: "WAL is unsafe on this file system" });
    await migrate(engine, clock.now());
    const store = createStore(engine, tell);
    await configure(store, config, clock.now());
    return { engine, store };
  } catch (error) {
    await engine.close();
    throw error;
  }
}

async function layGround(start: Start, log: Log, clock: Clock, files: Files): Promise<Ground> {
  const bells = createBells(() => createWake(clock));
  const { engine, store } = await openStore(start, log, clock, ringer(bells));
  const inForce = createInForce(start.config);
  return {
    bells,
    get config(): Config {
      return inForce.config;
    },
    inForce,
    version: start.version,
    env: start.env,
    log,
    clock,
    files,
    engine,
    store,
    end: new AbortController(),
    closing: new AbortController(),
    adminUrl: { value: "" },
    notify: systemNotify({ env: start.env, commands: systemCommands(), log }),
    pulses: createPulses(clock, LOOP_PATIENCE_MS),
  };
}

function buildWebhooks(config: Config, log: Log, intake: Intake): Fetch {
  const sources = webhookSources(config.sources);
  return webhookApp({ sources, record: intake.record, bodyLimit: config.server.bodyLimit, log }).fetch;
}

function buildAdmin(ground: Ground, token: string, health: Built["health"]): Fetch {
  const { config, inForce, version, store, files, clock, log, engine, closing } = ground;
  const { journal, synchronous } = engine.durability;
  const api = adminApp({
    store,
    files,
    clock,
    log,
    token,
    version,
    projects: inForce.projects,
    config: () => health.value,
    pid: process.pid,
    startedAt: clock.now(),
    database: { engine: engine.name, journal, synchronous },
    runsDirectory: runsDirectory(config),
    signal: closing.signal,
  });
  return api.fetch;
}
