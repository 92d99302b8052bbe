/**
 * The composition root: builds every part and hands each what it needs. The only room that knows all others; it wires
 * and holds no decision. Features meet in rows of the store and in bells (`wiring/bells.ts`), never in each other.
 */

import type { ConfigHealth } from "../handlers/api/base.ts";
import type { Door } from "../handlers/chat/api.ts";
import { createIntake } from "../handlers/intake.ts";
import { systemChance } from "../system/chance.ts";
import type { Clock } from "../system/clock.ts";
import { systemCommands } from "../system/commands.ts";
import type { Files } from "../system/files.ts";
import type { Log } from "../system/log.ts";
import { createPulses } from "../system/pulse.ts";
import { type ServiceManager, systemServiceManager } from "../system/service-manager.ts";
import { createWake } from "../system/wake.ts";
import { adminToken } from "./admin-token.ts";
import { type Ballast, ballastOf, withRoom } from "./ballast.ts";
import type { Config } from "./config/config.ts";
import { createInForce } from "./config/in-force.ts";
import { configure } from "./config/reconsider.ts";
import { gitEnvironment } from "./git-environment.ts";
import { createIsolation } from "./isolation.ts";
import type { Fetch } from "./listener/listen.ts";
import { type Loop, type Loops, startLoops } from "./loops.ts";
import { createPreflight } from "./merging/preflight.ts";
import { wireOutside } from "./outside/outside.ts";
import { wireReconciler } from "./outside/reconciler.ts";
import type { Departure } from "./shutdown.ts";
import { using } from "./unusable.ts";
import { wireAdmin } from "./wiring/admin.ts";
import { createBells, ringer } from "./wiring/bells.ts";
import { wireChats } from "./wiring/chats.ts";
import { wireClaim } from "./wiring/claim.ts";
import { wireGates } from "./wiring/gates.ts";
import type { Ground, Start } from "./wiring/ground.ts";
import { wireInbox } from "./wiring/inbox.ts";
import { wireKept } from "./wiring/kept.ts";
import { wireMerging } from "./wiring/merging.ts";
import { wireDigests, wireOutbox, wireTrials } from "./wiring/outbox.ts";
import { wirePauses } from "./wiring/pauses.ts";
import { wireReaper } from "./wiring/reaper.ts";
import { wireRecurring } from "./wiring/recurring.ts";
import { wireRunner } from "./wiring/runner.ts";
import { wireScheduler } from "./wiring/scheduler.ts";
import { openStore } from "./wiring/store.ts";
import { wireTidy } from "./wiring/tidy.ts";
import { wireUpkeep } from "./wiring/upkeep.ts";
import { wireWatchdog } from "./wiring/watchdog.ts";
import { wireWebhooks } from "./wiring/webhooks.ts";
import { choicesOf, wireWorkflows } from "./wiring/workflows.ts";

/** No loop that is well works so long between two sleeps; the longest steps wait for the network, 10 s at a time. */
const LOOP_PATIENCE_MS = 120_000;

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
  readonly serviceManager: ServiceManager;
  /** The configuration in force. */
  config(): Config;
  /** Puts another configuration in force, but for what needs a restart. @throws StoreFault, and then changed nothing */
  apply(config: Config): Promise<void>;
  /** Starts the loops. Resolves with a reason if one of them ends by an error that nobody expected. */
  start(): Promise<string>;
  /** Makes the calls to the outside that are due, for no longer than `graceMs`. */
  flush(graceMs: number): Promise<void>;
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
  log.redactor.learn([token]);
  await ballast.lay();
  const health = healthOf(start.config, clock);
  const { intake, chats, door, api, answerBy } = wireIncoming(ground, ballast);
  const [scheduler, outside] = [wireScheduler(ground), wireOutside(ground)];
  const reconciler = wireReconciler(ground, intake);
  const { ports, runner, host, stops, recover, bases } = wireRunner(
    ground,
    await gitEnvironment(files, start.config.dataDir, start.env),
    scheduler.windows.settings,
    { preflight: createPreflight(ground.clock, outside.askOf), imagesOf: outside.imagesOf },
  );
  const claim = wireClaim(ground, host, runner);
  const [kept, recurring] = [wireKept(ground, ports), wireRecurring(ground)];
  const outbox = wireOutbox(ground, host, () => new Map([...chats.senders(), ...outside.senders()]));
  const inbox = wireInbox(ground, { intake, api, chats: chats.actor, ...outside });
  const loops = [
    ...[stops, ...inbox.loops, claim.loop],
    wirePauses(ground),
    ...wireGates(ground),
    wireWorkflows(ground, bases),
    ...scheduler.loops,
    wireReaper(ground, ports, runner),
    ...[wireWatchdog(ground), wireTidy(ground, ports)],
    ...wireUpkeep(ground),
    ...[kept.loop, wireMerging(ground, ports, outside.forgeOf)],
    ...[recurring.loop, outbox.loop, wireDigests(ground, scheduler.shown), ...chats.loops],
    ...[outside.loop, reconciler.loop],
  ];
  const { store, engine, serviceManager, adminUrl } = ground;
  const adminFetch = wireAdmin(ground, token, health, {
    ...{ keptWorks: kept.works, recurring: recurring.tasks, resting: outbox.resting, chats: chats.links },
    ...{ trials: wireTrials(ground, outbox, chats), wrongSecrets: door.wrongSecrets },
    ...{ tryWebhook: inbox.tryWebhook, unknownLogins: inbox.unknownLogins },
    ...{ watched: reconciler.standings, schedules: scheduler.shown, paces: scheduler.paces.standings },
    choices: choicesOf(ground, bases),
  });
  answerBy(adminFetch);
  return {
    ...{ token, ballast, health, serviceManager, adminUrl },
    webhooksFetch: door.fetch,
    adminFetch,
    flush: outbox.flush,
    durability: engine.durability,
    departure: {
      ...{ runs: store.runs, clock, log, quiet: claim.quiet },
      ...{ runsInHand: runner.count, nextEnd: runner.nextEnd },
    },
    config: () => ground.inForce.config,
    async apply(config): Promise<void> {
      await putInForce(ground, config);
      door.follow(config);
    },
    ...lifeOf(ground, [recover, scheduler.windows.look, scheduler.paces.look], loops),
  };
}

function healthOf({ file }: Config, clock: Clock): Built["health"] {
  return { value: { file, loadedAt: clock.now(), error: null, restartNeeded: [] } };
}

/** One intake for webhooks and chats. The API that people in both ask is there before anything can come from one. */
function wireIncoming(ground: Ground, { giveUp }: Ballast) {
  const { store, clock, log } = ground;
  const intake = createIntake({ clock, log, deliveries: store.deliveries, giveUpBallast: giveUp });
  let answering: Door = () => new Response(null, { status: 503 });
  const api: Door = (request, bindings) => answering(request, bindings);
  const chats = wireChats(ground, intake, api);
  const answerBy = (door: Door): void => {
    answering = door;
  };
  return { intake, chats, api, door: wireWebhooks(ground, intake, chats.door), answerBy };
}

/** @throws StoreFault, and then it has changed nothing */
async function putInForce({ store, inForce, clock, bells }: Ground, config: Config): Promise<void> {
  const before = inForce.config;
  // First for those who look a project up, then for the queue, which hands out jobs of projects that it knows.
  inForce.replace(config);
  try {
    await configure(store, config, clock.now());
  } catch (error) {
    inForce.replace(before);
    throw error;
  }
  for (const bell of [bells.windows, bells.pace, bells.workflows, bells.cards, bells.outside]) bell.ring();
}

function lifeOf(
  { store, clock, pulses, closing, end, isolation }: Ground,
  first: readonly (() => Promise<unknown>)[],
  loops: readonly Loop[],
): Pick<Built, "start" | "hangUp" | "stop"> {
  let going: Loops | null = null;
  return {
    async start(): Promise<string> {
      isolation.tell();
      // Nothing is claimed before it is known which windows are open.
      for (const step of first) await step();
      going = startLoops(loops, pulses);
      return going.broken;
    },
    hangUp: () => closing.abort(),
    async stop(graceMs): Promise<void> {
      closing.abort();
      end.abort();
      const over = new AbortController();
      await Promise.race([going?.ended, clock.sleep(graceMs, over.signal)]);
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

async function layGround(start: Start, log: Log, clock: Clock, files: Files): Promise<Ground> {
  const bells = createBells(() => createWake(clock));
  const { engine, store } = await openStore(start.config, log, clock, ringer(bells));
  const inForce = createInForce(start.config);
  const isolation = await createIsolation({ ...start, clock, files, log });
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
    isolation,
    end: new AbortController(),
    closing: new AbortController(),
    adminUrl: { value: "" },
    serviceManager: systemServiceManager({ env: start.env, commands: systemCommands(), log }),
    pulses: createPulses(clock, LOOP_PATIENCE_MS),
  };
}
