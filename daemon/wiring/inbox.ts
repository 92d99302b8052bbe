/**
 * The inbox of the configuration in force, a lane for each kind of source and one for everything else (chats, and what
 * nobody understands any more). A lane holds nothing between two deliveries, so a reload simply ends it after the
 * delivery in hand, and another one goes on with the next. A source is asked again who we are only when its settings
 * have changed.
 */

import { isDeepStrictEqual } from "node:util";
import type { ChatActor } from "../../handlers/chat/actor.ts";
import type { Door } from "../../handlers/chat/api.ts";
import { type Breaker, restoreBreaker } from "../../handlers/guard/breaker.ts";
import { createInbox, type InboxOptions } from "../../handlers/inbox.ts";
import type { Intake } from "../../handlers/intake.ts";
import type { UnknownLogin } from "../../handlers/own.ts";
import type { Reader } from "../../handlers/reader.ts";
import { KITS, readersOf } from "../../handlers/sources.ts";
import { tryDelivery, type WebhookTried } from "../../handlers/trial.ts";
import type { Sources } from "../../store/inbox/due.ts";
import { type Http, systemHttp } from "../../system/http.ts";
import type { Pulse } from "../../system/pulse.ts";
import type { NewDelivery } from "../../workflow/delivery.ts";
import type { Config } from "../config/config.ts";
import type { Loop } from "../loops.ts";
import type { Ground } from "./ground.ts";
import { type Acquaintances, connectSources } from "./sources.ts";

interface Acquaintance {
  readonly settings: Config["sources"];
  readonly readers: ReadonlyMap<string, Reader>;
  readonly acquaintances: Acquaintances;
}

/**
 * What an inbox stands on besides; `api` is asked for what comments ask, `tells` whether a source can be told, `askOf`
 * who knows the code of a project.
 */
interface Asked {
  readonly intake: Intake;
  readonly chats: ChatActor;
  readonly api: Door;
  readonly tells: (source: string) => boolean;
  readonly askOf: NonNullable<InboxOptions["askOf"]>;
}

/** What the lanes share. */
interface Shared extends Asked {
  readonly breaker: () => Promise<Breaker>;
  /** By lane, what it has found out. */
  readonly known: Map<Lane, Acquaintance>;
}

interface Lane {
  readonly name: string;
  readonly sources: Sources;
}

const NAMES = KITS.map(({ name }) => name);

const LANES: readonly Lane[] = [
  ...NAMES.map((only) => ({ name: `inbox of ${only}`, sources: { only } })),
  { name: "inbox", sources: { besides: NAMES } },
];

export interface WiredInbox {
  readonly loops: readonly Loop[];
  /** What a webhook would do now; nothing is stored. `null` as long as its source is not known. */
  tryWebhook(delivery: NewDelivery): Promise<WebhookTried | null>;
  /** Sources that have not said yet who we are there. */
  unknownLogins(): readonly UnknownLogin[];
}

export function wireInbox(ground: Ground, asked: Asked): WiredInbox {
  let restoring: Promise<Breaker> | null = null;
  const breaker = (): Promise<Breaker> => {
    restoring ??= restoreBreaker(ground.store, ground.clock);
    return restoring;
  };
  const known = new Map<Lane, Acquaintance>();
  const shared = { ...asked, breaker, known };
  return {
    loops: LANES.map((lane) => ({
      name: lane.name,
      run: (pulse) => runLane(ground, shared, lane, pulse),
    })),
    unknownLogins: () => [...known.values()].flatMap(({ acquaintances }) => acquaintances.unknown()),
    async tryWebhook(delivery): Promise<WebhookTried | null> {
      const { store, clock, inForce } = ground;
      const lane = LANES.find(({ sources }) => !("only" in sources) || sources.only === delivery.source);
      const readers = lane && known.get(lane)?.readers;
      if (readers === undefined) return null;
      const { projects } = inForce.config;
      const { askOf } = asked;
      return await tryDelivery(
        { store, clock, projects, breaker: await breaker(), readers, askOf },
        delivery,
      );
    },
  };
}

/** Runs until the daemon ends. */
async function runLane(
  ground: Ground,
  { intake, chats, api, tells, askOf, breaker, known }: Shared,
  lane: Lane,
  pulse: Pulse,
): Promise<void> {
  const { inForce, store, log, bells } = ground;
  const { clock } = pulse;
  const { sources } = lane;
  const end = ground.end.signal;
  const wake = pulse.bell(bells.deliveries.join());
  while (!end.aborted) {
    const { config, replaced } = inForce;
    const settings = settingsOf(config, sources);
    const before = known.get(lane);
    const now =
      before !== undefined && isDeepStrictEqual(before.settings, settings)
        ? before
        : await getAcquainted(settings, ground, pulse);
    known.set(lane, now);
    const { readers, acquaintances } = now;
    const inbox = createInbox({
      ...{ store, sources, readers, clock, log, wake },
      ...{ chats, api, tells, askOf, breaker: await breaker() },
      isIngestBusy: intake.isBusy,
      projects: config.projects,
    });
    const over = AbortSignal.any([end, replaced]);
    // Beside the inbox, by a clock of its own: its waiting is not the loop's.
    await Promise.all([inbox.run(over), acquaintances.askAgain(ground.clock, over)]);
  }
}

/** Of the sources of a lane. */
function settingsOf({ sources }: Config, lane: Sources): Config["sources"] {
  if (!("only" in lane)) return {};
  return Object.fromEntries(Object.entries(sources).filter(([name]) => name === lane.only));
}

async function getAcquainted(
  settings: Config["sources"],
  { env, log }: Ground,
  pulse: Pulse,
): Promise<Acquaintance> {
  const net = { http: audible(systemHttp(env), pulse), clock: pulse.clock };
  const acquaintances = await connectSources(settings, net, log);
  return { settings, acquaintances, readers: readersOf(acquaintances.contacts) };
}

/** A tracker that does not answer costs each look-up its time, many times in a turn; that is no hanging. */
function audible(http: Http, pulse: Pulse): Http {
  return {
    request(operation, request) {
      pulse.beat();
      return http.request(operation, request);
    },
  };
}
