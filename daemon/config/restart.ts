/** What of a new configuration takes effect at once, and what waits for a restart: the parts say which keys do. */

import { isDeepStrictEqual } from "node:util";
import type { Fields, Place } from "../../system/config/part.ts";
import { fieldsOf } from "../../system/config/tree.ts";
import { CONFIG_PARTS, type Config } from "./config.ts";

export interface Merged {
  readonly config: Config;
  /** Keys whose new values need a restart. */
  readonly refused: readonly string[];
}

/** The new configuration with the old one's settings where only a restart can change them (L2 of `reload.ts`). Pure. */
export function mergeConfig(inForce: Config, wanted: Config): Merged {
  // Only of these places there is one each; what is one of many is bound or opened when it is used.
  const whole = fixedAt("", inForce, wanted);
  const server = fixedAt("server", inForce.server, wanted.server);
  const limits = fixedAt("limits", inForce.limits, wanted.limits);
  const sources = fixedAt("sources", inForce.sources, wanted.sources);
  return {
    config: {
      ...{ ...wanted, ...whole.kept },
      server: { ...wanted.server, ...server.kept },
      limits: { ...wanted.limits, ...limits.kept },
      sources: { ...wanted.sources, ...sources.kept },
    },
    refused: [whole, server, limits, sources].flatMap(({ refused }) => refused),
  };
}

interface Fixed {
  /** By field, what stays as it is. */
  readonly kept: Fields;
  readonly refused: readonly string[];
}

function fixedAt(place: Place, inForce: object, wanted: object): Fixed {
  const [before, after] = [fieldsOf(inForce), fieldsOf(wanted)];
  const fixed = CONFIG_PARTS.flatMap(({ keys }) => Object.entries(keys[place]?.restart ?? {})).map(
    ([key, field]) => ({ field: String(field), path: place === "" ? key : `${place}.${key}` }),
  );
  return {
    kept: Object.fromEntries(fixed.map(({ field }) => [field, before[field]])),
    refused: fixed
      .filter(({ field }) => !isDeepStrictEqual(before[field], after[field]))
      .map(({ path }) => path),
  };
}
