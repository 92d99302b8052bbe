/** Phases, artifacts and approvals as the API shows them: each field as its schema says, and none too many. */

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  ApprovalView,
  ArtifactView,
  PhaseView,
  viewApproval,
  viewArtifact,
  viewPhase,
} from "../../../../handlers/api/views/phase.ts";
import type { Phase } from "../../../../workflow/phases/phase.ts";
import { NOW } from "../../hand-moved.ts";

const AT = new Date(NOW).toISOString();
const PHASE: Phase = {
  ...{ task: "SHOP-1", seq: 3, phase: "plan", role: "planner", agent: "a", cycle: 2, pass: 1 },
  ...{ status: "gated", verdict: "good", artifact: "ab", commit: "c0ffee", summary: "s", trouble: null },
  ...{ session: { id: "secret", agent: "a", account: "x" }, enteredAt: NOW, finishedAt: null },
};

test("a phase is shown without its session, which is nobody's but its agent's", () => {
  const shown = viewPhase(PHASE);
  assert.deepEqual(PhaseView.strict().parse(shown), shown);
  assert.deepEqual([shown.entered_at, shown.finished_at], [AT, null]);
  assert.doesNotMatch(JSON.stringify(shown), /secret/);
});

test("an approval is shown with who has said what, and when", () => {
  const shown = viewApproval({
    ...{ id: 1, task: "SHOP-1", project: "shop", seq: 3, phase: "plan", artifact: "ab", commit: null },
    ...{
      status: "approved",
      askedAt: NOW,
      until: NOW,
      votes: ["bob"],
      decidedBy: "carol",
      decidedFrom: "cli",
    },
    ...{ reason: null, finishedAt: NOW },
  });
  assert.deepEqual(ApprovalView.strict().parse(shown), shown);
  assert.deepEqual([shown.votes, shown.decided_by, shown.until], [["bob"], "carol", AT]);
});

test("an artifact is shown with its text only where that was wanted, without what is secret", () => {
  const kept = {
    ...{ id: 1, task: "SHOP-1", seq: 3, phase: "plan", cycle: 1, run: "r1", path: "a.json" },
    ...{ sha256: "ab", bytes: 9, text: "the secret", isValid: true, problems: ["p"], keptAt: NOW },
  };
  const [bare, whole] = [viewArtifact(kept), viewArtifact(kept, "the ***")];
  assert.deepEqual(ArtifactView.strict().parse(whole), whole);
  assert.deepEqual(whole, { ...bare, text: "the ***" });
  assert.deepEqual([bare.is_valid, bare.problems], [true, ["p"]]);
  assert.doesNotMatch(JSON.stringify([bare, whole]), /secret/);
});
