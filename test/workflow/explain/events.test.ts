/** The history of a task in sentences. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { tellEvent } from "../../../workflow/explain/events.ts";

test("every event of the history has its sentence, and one that is not known keeps its name", () => {
  const by = { by: "alice", from: "github", because: "label agent" };
  const told: readonly (readonly [kind: string, data: Record<string, unknown>, sentence: string])[] = [
    ["task.created", by, "created by alice (label agent)"],
    ["task.retried", by, "started again by alice (label agent)"],
    ["task.cancelled", { ...by, reason: "not needed" }, "cancelled by alice (label agent): not needed"],
    ["budget.raised", { ...by, amount: "$5.00" }, "budget raised by $5.00 by alice (label agent)"],
    [
      "run.failed",
      { run: "01j", failure: "network", reason: "no route" },
      "run 01j failed (network): no route",
    ],
    ["run.lost", { run: "01j", failure: "crashed", reason: "gone" }, "run 01j was lost (crashed): gone"],
    ["run.killed", { run: "01j" }, "run 01j was stopped"],
    ["run.succeeded", { run: "01j", commit: null }, "run 01j succeeded"],
    ["task.failed", { reason: "no" }, "failed: no"],
    ["task.done", { branch: "b", commit: "c" }, "done; its work is on the branch b (commit c)"],
    [
      "task.done",
      { branch: "b", commit: "c0ffeec0ffeec0ffee", files: 3 },
      "done; its work is on the branch b (commit c0ffeec0ffee, 3 files)",
    ],
    [
      "task.done",
      { branch: "b", commit: "c", files: 1, kept: 2 },
      "done; its work is on the branch b (commit c, 1 file); some of it could not be published and is kept",
    ],
    ["task.done", { kept: 1 }, "done; its work could not be published and is kept"],
    ["work.kept", { name: "ci", files: 1, reason: "CI files" }, "kept work ci (1 file): CI files"],
    ["work.expiring", { name: "ci", until: 0 }, "kept work ci goes on 1970-01-01, unless it is published"],
    [
      "work.published",
      { ...by, name: "ci", branch: "b" },
      "kept work ci was pushed to b by alice (label agent)",
    ],
    ["work.dropped", { ...by, name: "ci" }, "kept work ci was dropped by alice (label agent)"],
    ["work.expired", { name: "ci" }, "kept work ci was kept long enough and is gone"],
    ["task.done", { branch: "b" }, "done; nothing was changed, so nothing was pushed"],
    ["card.sent", { to: "chat" }, "card.sent"],
  ];
  for (const [kind, data, sentence] of told) assert.equal(tellEvent({ kind, data }), sentence);
});
