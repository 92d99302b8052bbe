/** Our own doings at a source, which come back as events and must start nothing: by login, and by a hidden marker. */

import { same } from "../workflow/text/same.ts";

/** Who Chargehand is at a source. */
export interface OwnLogin {
  /** Login, or `null` where people have none (Plane). */
  readonly login: string | null;
  readonly id: string | null;
}

/** Stands hidden in every comment that Chargehand writes. */
export const OWN_MARKER = "<!-- chargehand";

/** Whether we are the person who caused an event, by any of our accounts. */
export function isOwn(own: readonly OwnLogin[], person: OwnLogin): boolean {
  return own.some(({ id, login }) => isSame(id, person.id) || isSame(login, person.login));
}

function isSame(a: string | null, b: string | null): boolean {
  return a !== null && b !== null && same(a, b);
}
