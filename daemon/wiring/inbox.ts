/**
 * The inbox of the configuration in force. It holds nothing between two deliveries, so a reload simply ends it after
 * the delivery in hand, and another one goes on with the next. Forge and tracker are asked again who we are only when
 * their settings have changed.
 */

import { isDeepStrictEqual } from "node:util";
import { createInbox } from "../../handlers/inbox.ts";
import type { Intake } from "../../handlers/intake.ts";
import type { Accounts } from "../../handlers/sources.ts";
import { type Http, systemHttp } from "../../system/http.ts";
import type { Pulse } from "../../system/pulse.ts";
import type { Config } from "../config/load.ts";
import type { Ground } from "./ground.ts";
import { type Clients, createClients, findAccounts } from "./sources.ts";

interface Acquaintance {
  readonly sources: Config["sources"];
  readonly clients: Clients;
  readonly accounts: Accounts;
}

/** Runs until the daemon ends. */
export async function inboxLoop(ground: Ground, intake: Intake, pulse: Pulse): Promise<void> {
  const { current, store, log, inboxWake, claimWake, stopWake } = ground;
  const { clock } = pulse;
  const end = ground.end.signal;
  let known: Acquaintance | null = null;
  while (!end.aborted) {
    const { config, turn } = current;
    if (known === null || !isDeepStrictEqual(known.sources, config.sources))
      known = await getAcquainted(config, ground, pulse);
    const inbox = createInbox({
      store,
      isIngestBusy: intake.isBusy,
      projects: config.projects,
      lookups: known.clients,
      accounts: known.accounts,
      clock,
      log,
      wake: pulse.bell(inboxWake),
      claimWake,
      stopWake,
    });
    await inbox.run(AbortSignal.any([end, turn]));
  }
}

async function getAcquainted(config: Config, { log }: Ground, pulse: Pulse): Promise<Acquaintance> {
  const clients = createClients(config, audible(systemHttp(), pulse), pulse.clock);
  return { sources: config.sources, clients, accounts: await findAccounts(config, clients, log) };
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
