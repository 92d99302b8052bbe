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
  ...["ci", "all_of", "any_of"].map((key) => `phases[].gate.${key}`),
];

const GATES = ["ci", "all_of", "any_of"];

/** Why a key is refused that a later version knows; `null` for others. */
export function refusedKey(path: ConfigPath): string | null {
  return KEYS.some((pattern) => matches(pattern, path)) ? NOT_YET : null;
}

/** Why a value is refused that a later version knows; `null` for others. */
export function refusedValue(path: ConfigPath, value: unknown): string | null {
  const isGate = matches("phases[].gate", path) && GATES.some((gate) => gate === value);
  return isGate ? `${NOT_YET}; use none or approval` : null;
}
