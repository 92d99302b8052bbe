/**
 * Makes the acquaintance of the sources: their APIs, and who we are there, by all our accounts. What we do there starts
 * nothing here.
 */

import type { Net } from "../../handlers/kit.ts";
import type { OwnLogin } from "../../handlers/own.ts";
import type { Contact } from "../../handlers/reader.ts";
import { type AnyKit, KITS, type SourceSettings } from "../../handlers/sources.ts";
import type { Log } from "../../system/log.ts";

/** By kit, for all that are configured. */
export async function connectSources(
  sources: SourceSettings,
  net: Net,
  log: Log,
): Promise<ReadonlyMap<string, Contact>> {
  const contacts = new Map<string, Contact>();
  const known: Net = { ...net, secret: log.redactor.learnPassing };
  for (const kit of KITS) {
    const settings = sources[kit.name];
    if (settings === undefined) continue;
    const client = kit.connect(settings, known);
    const own = [await findOwnLogin(kit, settings, client, log, kit.name)];
    for (const [account, its] of kit.accounts?.(settings) ?? [])
      own.push(await findOwnLogin(kit, its, kit.connect(its, known), log, `${kit.name}, account ${account}`));
    contacts.set(kit.name, { settings, client, own: own.filter((one) => one !== null) });
  }
  return contacts;
}

/**
 * As configured, or as the token says. Where nobody answers, the hidden marker in our own comments is still there to
 * stop loops, so the daemon goes on and says so.
 */
async function findOwnLogin(
  { ownLogin }: AnyKit,
  settings: unknown,
  client: unknown,
  log: Log,
  source: string,
): Promise<OwnLogin | null> {
  const configured = ownLogin.configured(settings);
  if (configured !== null || client === null) return configured;
  const found = await ownLogin.lookUp(client);
  if (found.kind === "ok") return { login: found.value.login, id: found.value.id };
  log.warn({ event: "own_login.unknown", source, reason: found.reason });
  return null;
}
