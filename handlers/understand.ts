/**
 * From a stored delivery to what it asks: decodes, looks up what the payload leaves out, and decodes again. What can be
 * missing, and where it is found, only the source's kit knows.
 *
 * U1. A fact that cannot be had now puts the delivery off; a fact that is not to be had at all is known to be missing,
 *     and `decode` says what follows from that.
 */

import type { Delivery } from "../workflow/delivery.ts";
import { LOOKUPS_MAX } from "../workflow/limits.ts";
import type { Decoded } from "./decoded.ts";
import type { Audience, Facts, Places, SourceKit } from "./kit.ts";
import type { Payload } from "./source.ts";

export type Understood =
  | Exclude<Decoded, { kind: "need" }>
  | { readonly kind: "retry"; readonly subject: string; readonly reason: string; readonly afterMs: number };

/** @throws SyntaxError when the stored body is not JSON, which `record` never lets in. */
export async function understand<Settings, Client, Need, Known>(
  delivery: Delivery,
  kit: Pick<SourceKit<Settings, Client, Need, Known>, "decode"> & {
    readonly facts: Facts<Client, Need, Known>;
  },
  audience: Omit<Audience<Settings, Known>, "known">,
  places: Places<Client>,
): Promise<Understood> {
  const payload = JSON.parse(delivery.body) as Payload;
  let known = kit.facts.nothing;
  for (let lookups = 0; lookups <= LOOKUPS_MAX; lookups++) {
    const decoded = kit.decode(delivery.event, payload, { ...audience, known });
    if (decoded.kind !== "need") return decoded;
    const found = await kit.facts.lookUp(decoded.need, known, places);
    if (found.kind === "retry") return { ...found, subject: decoded.subject };
    known = found.known;
  }
  return { kind: "failed", reason: `more than ${LOOKUPS_MAX} facts are missing` };
}
