/**
 * All sources. A new one is a folder with its kit (`kit.ts`), and a line here; nobody else in the house names it.
 */

import { GITHUB } from "./github/github.ts";
import type { CloneAccess, SourceKit } from "./kit.ts";
import { PLANE } from "./plane/plane.ts";
import { type Contact, NO_CONTACT, type Reader, readerOf } from "./reader.ts";
import type { WebhookSource } from "./source.ts";

/**
 * A kit whose own types nobody here knows. Its settings come from its own schema, its client from its own `connect`: to
 * whoever hands one kit's to another, the types say nothing.
 */
export type AnyKit = SourceKit<unknown, unknown, unknown, unknown>;

export const KITS: readonly AnyKit[] = [GITHUB, PLANE];

/** What stands under `sources:` in the configuration: by kit, as the kit's own schema read it. */
export type SourceSettings = Readonly<Record<string, unknown>>;

export function webhookSources(settings: SourceSettings, kits = KITS): readonly WebhookSource[] {
  return kits.flatMap((kit) => (settings[kit.name] === undefined ? [] : kit.webhooks(settings[kit.name])));
}

/** What to say to the host of an address over HTTPS, and whose word it is; `null` where no source knows it. */
export function cloneAccess(
  settings: SourceSettings,
  host: string | null,
  kits = KITS,
): (CloneAccess & { readonly kit: AnyKit }) | null {
  const known = kits.flatMap((kit) => {
    const access = settings[kit.name] === undefined ? null : (kit.config.clone?.(settings[kit.name]) ?? null);
    return access === null ? [] : [{ ...access, kit }];
  });
  return known.find((access) => access.host === host) ?? null;
}

/**
 * By source, who reads its deliveries. A source that is not configured is read, too, though nobody can be asked
 * anything: deliveries that came while it was configured may still wait.
 *
 * @param contacts by kit
 */
export function readersOf(contacts: ReadonlyMap<string, Contact>, kits = KITS): ReadonlyMap<string, Reader> {
  return new Map(
    kits.flatMap((kit) => {
      const contact = contacts.get(kit.name) ?? NO_CONTACT;
      const { settings } = contact;
      const sent = settings === null ? [] : kit.webhooks(settings).map(({ name }) => name);
      // One that is only asked has no webhooks, and is read all the same.
      const names = sent.length === 0 ? [kit.name] : sent;
      return names.map((name) => [name, readerOf(kit, contact)] as const);
    }),
  );
}
