/**
 * The inbox of the configuration in force. It holds nothing between two deliveries, so a reload simply ends it after
 * the delivery in hand, and another one goes on with the next. Sources are asked again who we are only when their
 * settings have changed.
 */

import { isDeepStrictEqual } from "node:util";
import type { ChatActor } from "../../handlers/chat/actor.ts";
import type { Door } from "../../handlers/chat/api.ts";
import { restoreBreaker } from "../../handlers/guard/breaker.ts";
import { createInbox, type InboxOptions } from "../../handlers/inbox.ts";
import type { Intake } from "../../handlers/intake.ts";
import type { Reader } from "../../handlers/reader.ts";
import { readersOf } from "../../handlers/sources.ts";
import { type Http, systemHttp } from "../../system/http.ts";
import type { Pulse } from "../../system/pulse.ts";
import type { Config } from "../config/config.ts";
import type { Loop } from "../loops.ts";
import type { Ground } from "./ground.ts";
import { connectSources } from "./sources.ts";

interface Acquaintance {
  readonly sources: Config["sources"];
  readonly readers: ReadonlyMap<string, Reader>;
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

export function wireInbox(ground: Ground, asked: Asked): Loop {
  return { name: "inbox", run: (pulse) => inboxLoop(ground, asked, pulse) };
}

/** Runs until the daemon ends. */
async function inboxLoop(
  ground: Ground,
  { intake, chats, api, tells, askOf }: Asked,
  pulse: Pulse,
): Promise<void> {
  const { inForce, store, log, bells } = ground;
  const { clock } = pulse;
  const end = ground.end.signal;
  const breaker = await restoreBreaker(store, clock);
  let known: Acquaintance | null = null;
  while (!end.aborted) {
    const { config, replaced } = inForce;
    if (known === null || !isDeepStrictEqual(known.sources, config.sources))
      known = await getAcquainted(config, ground, pulse);
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
    await inbox.run(AbortSignal.any([end, replaced]));
  }
}

async function getAcquainted(config: Config, { env, log }: Ground, pulse: Pulse): Promise<Acquaintance> {
  const { sources } = config;
  const net = { http: audible(systemHttp(env), pulse), clock: pulse.clock };
  return { sources, readers: readersOf(await connectSources(sources, net, log)) };
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
