/** What a later version will understand. Today it is refused, because nothing would come of it. */

import type { ConfigPath } from "../../system/config/part.ts";
import { matches } from "../../system/config/tree.ts";
import { SOURCES } from "../../workflow/delivery.ts";

const NOT_YET = "is not available in this version";

/** A room that brings one of these takes its line out of here. */
const KEYS: readonly string[] = [
  // Of those that have a kit nobody asks: their keys are known.
  ...SOURCES.map((name) => `sources.${name}`),
  "sources.generic:*",
];

/** With what to write meanwhile. */
const VALUES: readonly { readonly at: string; readonly value: RegExp; readonly instead: string }[] = [
  {
    at: "database",
    value: /^postgres(ql)?:/,
    instead: "PostgreSQL is not available in this version; use sqlite",
  },
  {
    at: "notify[].channel",
    value: /^(matrix|mattermost)$/,
    instead: `${NOT_YET}; use webhook or log`,
  },
];

/** Why a key is refused that a later version knows; `null` for others. */
export function refusedKey(path: ConfigPath): string | null {
  return KEYS.some((pattern) => matches(pattern, path)) ? NOT_YET : null;
}

/** Why a value is refused that a later version knows; `null` for others. */
export function refusedValue(path: ConfigPath, value: unknown): string | null {
  const planned = VALUES.find((entry) => matches(entry.at, path) && entry.value.test(String(value)));
  return planned?.instead ?? null;
}
