/**
 * The name by content of a workflow: SHA-256 of its canonical JSON, in hexadecimal.
 *
 * Canonical JSON is the checked workflow as JSON without blanks, the keys of each mapping in the order of their UTF-16
 * code units, texts and numbers as `JSON.stringify` writes them (as in RFC 8785). So comments, the order of keys,
 * quotes and defaults that are written out change nothing, and every change of what happens does.
 */

import { createHash } from "node:crypto";
import type { Workflow } from "../../workflow/workflow.ts";

export function hashOf(workflow: Workflow): string {
  return createHash("sha256").update(canonical(workflow)).digest("hex");
}

/** @param value JSON; its depth is bounded by who made it */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(",")}}`;
}
