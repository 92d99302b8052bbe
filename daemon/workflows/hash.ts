/**
 * The name by content of a workflow: SHA-256 of its canonical text (`workflow/text/canonical.ts`), in hexadecimal, as
 * the store keeps it. So comments, the order of keys, quotes and defaults that are written out change nothing, and
 * every change of what happens does.
 */

import { createHash } from "node:crypto";
import { canonicalJson } from "../../workflow/text/canonical.ts";
import type { Workflow } from "../../workflow/workflow.ts";

export function hashOf(workflow: Workflow): string {
  return createHash("sha256").update(canonicalJson(workflow)).digest("hex");
}
