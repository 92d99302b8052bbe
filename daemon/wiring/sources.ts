/** Makes the acquaintance of the sources: their APIs, and who we are there. What we do there starts nothing here. */

import type { Net } from "../../handlers/kit.ts";
import { createOwnAsker, type OwnAsker, type UnknownLogin } from "../../handlers/own.ts";
import type { Contact } from "../../handlers/reader.ts";
import { KITS, type SourceSettings } from "../../handlers/sources.ts";
import type { Clock } from "../../system/clock.ts";
import type { Log } from "../../system/log.ts";

export interface Acquaintances {
  /** By kit, for all that are configured. */
  readonly contacts: ReadonlyMap<string, Contact>;
  /** Sources that have not said who we are there. */
  unknown(): readonly UnknownLogin[];
  /** Asks those again, now and then, until all have said it or `signal` aborts. */
  askAgain(clock: Pick<Clock, "sleep">, signal: AbortSignal): Promise<void>;
}

/** How often it is looked whether a source is to be asked again (ms). */
const LOOK_MS = 15_000;

export async function connectSources(sources: SourceSettings, net: Net, log: Log): Promise<Acquaintances> {
  const contacts = new Map<string, Contact>();
  const askers: OwnAsker[] = [];
  for (const kit of KITS) {
    const settings = sources[kit.name];
    if (settings === undefined) continue;
    const client = kit.connect(settings, { ...net, secret: log.redactor.learnPassing });
    const configured = kit.ownLogin.configured(settings);
    if (configured !== null || client === null) {
      contacts.set(kit.name, { settings, client, own: configured });
      continue;
    }
    const asker = createOwnAsker(kit.name, () => kit.ownLogin.lookUp(client), net.clock);
    const own = await asker.ask();
    contacts.set(kit.name, { settings, client, own, ownAgain: asker.ask });
    if (own === null) askers.push(asker);
  }
  const unknown = (): UnknownLogin[] => askers.flatMap((asker) => asker.unknown() ?? []);
  // The hidden marker in our own comments is there to stop loops, so the daemon goes on and says so.
  for (const { source, reason } of unknown()) log.warn({ event: "own_login.unknown", source, reason });
  return {
    ...{ contacts, unknown },
    async askAgain(clock, signal): Promise<void> {
      for (let before = unknown(); before.length > 0 && !signal.aborted; ) {
        await clock.sleep(LOOK_MS, signal);
        if (signal.aborted) return;
        for (const asker of askers) await asker.ask();
        const still = unknown();
        for (const { source } of before)
          if (!still.some((one) => one.source === source)) log.info({ event: "own_login.known", source });
        before = still;
      }
    },
  };
}
