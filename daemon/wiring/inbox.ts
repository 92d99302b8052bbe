/**
 * The inbox of the configuration in force. It holds nothing between two deliveries, so a reload simply ends it after
 * the delivery in hand, and another one goes on with the next. Sources are asked again who we are only when their
 * settings have changed.
 */

import { isDeepStrictEqual } from "node:util";
import type { ChatActor } from "../../handlers/chat/actor.ts";
import type { Door } from "../../handlers/chat/api.ts";
import { type Breaker, restoreBreaker } from "../../handlers/guard/breaker.ts";
import { createInbox, type InboxOptions } from "../../handlers/inbox.ts";
import type { Intake } from "../../handlers/intake.ts";
import type { UnknownLogin } from "../../handlers/own.ts";
import type { Reader } from "../../handlers/reader.ts";
import { readersOf } from "../../handlers/sources.ts";
import { tryDelivery, type WebhookTried } from "../../handlers/trial.ts";
import { type Http, systemHttp } from "../../system/http.ts";
import type { Pulse } from "../../system/pulse.ts";
import type { NewDelivery } from "../../workflow/delivery.ts";
import type { Config } from "../config/config.ts";
import type { Loop } from "../loops.ts";
import type { Ground } from "./ground.ts";
import { type Acquaintances, connectSources } from "./sources.ts";

interface Acquaintance {
  readonly sources: Config["sources"];
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

/** What the loop has found out, for whoever wants to know what it would do. */
interface Knowledge {
  known: Acquaintance | null;
  breaker: Breaker | null;
}

export interface WiredInbox {
  readonly loop: Loop;
  /** What a webhook would do now; nothing is stored. `null` as long as the sources are not known. */
  tryWebhook(delivery: NewDelivery): Promise<WebhookTried | null>;
  /** Sources that have not said yet who we are there. */
  unknownLogins(): readonly UnknownLogin[];
}

export function wireInbox(ground: Ground, asked: Asked): WiredInbox {
  const knowledge: Knowledge = { known: null, breaker: null };
  return {
    loop: { name: "inbox", run: (pulse) => inboxLoop(ground, asked, pulse, knowledge) },
    unknownLogins: () => knowledge.known?.acquaintances.unknown() ?? [],
    async tryWebhook(delivery): Promise<WebhookTried | null> {
      const { store, clock, inForce } = ground;
      const { known, breaker } = knowledge;
      if (known === null || breaker === null) return null;
      const { projects } = inForce.config;
      return await tryDelivery(
        { store, clock, projects, breaker, readers: known.readers, askOf: asked.askOf },
        delivery,
      );
    },
  };
}

/** Runs until the daemon ends. */
async function inboxLoop(
  ground: Ground,
  { intake, chats, api, tells, askOf }: Asked,
  pulse: Pulse,
  knowledge: Knowledge,
): Promise<void> {
  const { inForce, store, log, bells } = ground;
  const { clock } = pulse;
  const end = ground.end.signal;
  const breaker = await restoreBreaker(store, clock);
  knowledge.breaker = breaker;
  while (!end.aborted) {
    const { config, replaced } = inForce;
    let { known } = knowledge;
    if (known === null || !isDeepStrictEqual(known.sources, config.sources))
      known = await getAcquainted(config, ground, pulse);
    knowledge.known = known;
    const inbox = createInbox({
      store,
      ...{ chats, api, tells, askOf, breaker },
      isIngestBusy: intake.isBusy,
      projects: config.projects,
      readers: known.readers,
      clock,
      log,
      wake: pulse.bell(bells.deliveries),
    });
    const over = AbortSignal.any([end, replaced]);
    // Beside the inbox, by a clock of its own: its waiting is not the loop's.
    await Promise.all([inbox.run(over), known.acquaintances.askAgain(ground.clock, over)]);
  }
}

async function getAcquainted(config: Config, { env, log }: Ground, pulse: Pulse): Promise<Acquaintance> {
  const { sources } = config;
  const net = { http: audible(systemHttp(env), pulse), clock: pulse.clock };
  const acquaintances = await connectSources(sources, net, log);
  return { sources, acquaintances, readers: readersOf(acquaintances.contacts) };
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
