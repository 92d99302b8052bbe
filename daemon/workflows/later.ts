/** What a later version will understand of a workflow file. Today it is refused, because nothing would come of it. */

import type { ConfigPath } from "../../system/config/part.ts";
import { matches } from "../../system/config/tree.ts";

const NOT_YET = "is not available in this version";

const KEYS: readonly string[] = [
  ...["features", "fan_out", "join", "parent", "batch", "replan", "max_replans", "steps", "checklist"],
  ...[
    "features",
    "fan_out",
    "join",
    "for_each",
    "children",
    "replan",
    "steps",
    "checklist",
    "mcp",
    "tools",
  ].map((key) => `phases[].${key}`),
  "phases[].allowed_paths",
];

/** Why a key is refused that a later version knows; `null` for others. */
export function refusedKey(path: ConfigPath): string | null {
  return KEYS.some((pattern) => matches(pattern, path)) ? NOT_YET : null;
}
