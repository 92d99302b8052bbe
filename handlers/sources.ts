/** All sources whose payloads are understood. A new source is a line here, beside its file. */

import type { Source } from "../workflow/delivery.ts";
import type { Decode } from "./decoded.ts";
import { decodeGithub } from "./github/events.ts";
import { decodePlane } from "./plane/events.ts";
import type { OwnAccount } from "./source.ts";

/** The accounts Chargehand acts as, where they are known; what they do is ignored. */
export interface Accounts {
  readonly github?: OwnAccount | null;
  readonly plane?: OwnAccount | null;
}

export function createDecoders(accounts: Accounts): ReadonlyMap<Source, Decode> {
  const { github = null, plane = null } = accounts;
  return new Map<Source, Decode>([
    ["github", (event, payload, projects) => decodeGithub(event, payload, { projects, own: github })],
    ["plane", (_event, payload, projects, known) => decodePlane(payload, { projects, own: plane, known })],
  ]);
}
