/**
 * Makes the acquaintance of the sources: their APIs, and who we are there, by all our accounts. What we do there starts
 * nothing here.
 */

import type { Net } from "../../handlers/kit.ts";
import { createOwnAsker, type OwnAsker, type OwnLogin, type UnknownLogin } from "../../handlers/own.ts";
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
  const known: Net = { ...net, secret: log.redactor.learnPassing };
  const all: OwnAsker[] = [];
  for (const kit of KITS) {
    const settings = sources[kit.name];
    if (settings === undefined) continue;
    const client = kit.connect(settings, known);
    const others = [...(kit.accounts?.(settings) ?? [])].map(
      ([account, its]) => [`${kit.name}, account ${account}`, its, kit.connect(its, known)] as const,
    );
    const configured: OwnLogin[] = [];
    const askers: OwnAsker[] = [];
    for (const [name, its, asked] of [[kit.name, settings, client] as const, ...others]) {
      const own = kit.ownLogin.configured(its);
      if (own !== null) configured.push(own);
      else if (asked !== null) askers.push(createOwnAsker(name, () => kit.ownLogin.lookUp(asked), net.clock));
    }
    const ownAgain = async (): Promise<readonly OwnLogin[]> => {
      const said = await Promise.all(askers.map((asker) => asker.ask()));
      return [...configured, ...said.filter((one) => one !== null)];
    };
    contacts.set(kit.name, { settings, client, own: await ownAgain(), ownAgain });
    all.push(...askers);
  }
  const unknown = (): UnknownLogin[] => all.flatMap((asker) => asker.unknown() ?? []);
  // The hidden marker in our own comments is there to stop loops, so the daemon goes on and says so.
  for (const { source, reason } of unknown()) log.warn({ event: "own_login.unknown", source, reason });
  return {
    ...{ contacts, unknown },
    async askAgain(clock, signal): Promise<void> {
      for (let before = unknown(); before.length > 0 && !signal.aborted; ) {
        await clock.sleep(LOOK_MS, signal);
        if (signal.aborted) return;
        for (const asker of all) await asker.ask();
        const still = unknown();
        for (const { source } of before)
          if (!still.some((one) => one.source === source)) log.info({ event: "own_login.known", source });
        before = still;
      }
    },
  };
}
