/** How much of a JSON Schema a file of people may hold: more costs more to understand than it is worth. */

import type { Json } from "./measure.ts";

const SCHEMA_BYTES_MAX = 65_536;
const SCHEMA_NODES_MAX = 1_000;
const SCHEMA_DEPTH_MAX = 64;

export type Bounded =
  /** A copy of its own: aliases of a file make one value stand in many places. */
  { readonly kind: "json"; readonly json: Json } | { readonly kind: "trouble"; readonly reason: string };

/** The value as plain JSON; the reason is the rest of a sentence that begins with it. Walks no further than it may. */
export function boundedSchema(value: unknown): Bounded {
  const left = { nodes: SCHEMA_NODES_MAX };
  const copied = copy(value, left, 0);
  if (copied.kind === "trouble") return copied;
  if (Buffer.byteLength(JSON.stringify(copied.json)) <= SCHEMA_BYTES_MAX) return copied;
  return trouble(`must be ${SCHEMA_BYTES_MAX / 1_024} KiB at most`);
}

function copy(value: unknown, left: { nodes: number }, depth: number): Bounded {
  left.nodes -= 1;
  if (left.nodes < 0) return trouble(`has more than ${SCHEMA_NODES_MAX} values`);
  if (depth > SCHEMA_DEPTH_MAX) return trouble(`is nested deeper than ${SCHEMA_DEPTH_MAX} levels`);
  if (value === null || typeof value === "string" || typeof value === "boolean")
    return { kind: "json", json: value };
  if (typeof value === "number" && Number.isFinite(value)) return { kind: "json", json: value };
  if (typeof value !== "object") return trouble("must be JSON");
  const entries: [string, Json][] = [];
  for (const [key, inner] of Object.entries(value)) {
    const copied = copy(inner, left, depth + 1);
    if (copied.kind === "trouble") return copied;
    entries.push([key, copied.json]);
  }
  const json = Array.isArray(value) ? entries.map(([, inner]) => inner) : Object.fromEntries(entries);
  return { kind: "json", json };
}

function trouble(reason: string): Bounded {
  return { kind: "trouble", reason };
}
