/** Lines of a recorded run, one by one, and what an ended supervision tells. */

import assert from "node:assert/strict";
import type { Supervised } from "../../../agents/supervision/supervise.ts";
import { recording } from "../transcripts.ts";

export const MINUTE = 60_000;

export const SWEEP = "sweep CHARGEHAND_RUN=r1 /worktrees/SHOP-1";

export const CLEAN = { code: 0, signal: null, neverRan: false };

export const LINES = Buffer.from(recording("success").stdout).toString();

export const [INIT = "", FIRST = "", TOOL = ""] = LINES.split(/(?<=\n)/);

export function ended(result: Supervised): Extract<Supervised, { kind: "ended" }> {
  assert.ok(result.kind === "ended", `it is ${result.kind}`);
  return result;
}
