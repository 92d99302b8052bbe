/** Makes the acquaintance of the sources: their APIs, and who we are there. What we do there starts nothing here. */

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
  for (const kit of KITS) {
    const settings = sources[kit.name];
    if (settings === undefined) continue;
    const client = kit.connect(settings, { ...net, secret: log.redactor.learnPassing });
    contacts.set(kit.name, { settings, client, own: await findOwnLogin(kit, settings, client, log) });
  }
  return contacts;
}

/**
 * As configured, or as the token says. Where nobody answers, the hidden marker in our own comments is still there to
 * stop loops, so the daemon goes on and says so.
 */
async function findOwnLogin(
  { name, ownLogin }: AnyKit,
  settings: unknown,
  client: unknown,
  log: Log,
): Promise<OwnLogin | null> {
  const configured = ownLogin.configured(settings);
  if (configured !== null || client === null) return configured;
  const found = await ownLogin.lookUp(client);
  if (found.kind === "ok") return { login: found.value.login, id: found.value.id };
  log.warn({ event: "own_login.unknown", source: name, reason: found.reason });
  return null;
}
