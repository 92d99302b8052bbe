/** Which changes move a line, and which ends others wait for. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { NOTHING_BETWEEN } from "../../../../workflow/between/between.ts";
import { endedBy, inLine } from "../../../../workflow/decide/between/line.ts";
import { type Change, UNCHANGED } from "../../../../workflow/decide/change.ts";
import type { TaskMove, TaskStatus } from "../../../../workflow/states.ts";
import { snapshot, task } from "../snapshot.ts";

function changing(move: TaskMove | "keep", jobs: Change["jobs"] = []): Change {
  return { ...UNCHANGED, base: { key: "SHOP-12", version: 7 }, task: { change: move }, jobs };
}

test("A10: whoever ends, restarts or frees a task of a serial project believes in its line, and nobody else", () => {
  const line = { project: "shop", version: 3, before: null };
  const seen = snapshot({ task: task("active"), between: { ...NOTHING_BETWEEN, line } });
  const moves = (change: Change): boolean => inLine(seen, change).line !== null;
  const moving = ["activate", "complete", "fail", "cancel", "expire", "retry"] as const;
  assert.deepEqual(
    moving.map((move) => moves(changing(move))),
    moving.map(() => true),
  );
  const staying = ["keep", "pause", "resume", "block", "unblock"] as const;
  assert.deepEqual(
    staying.map((move) => moves(changing(move))),
    staying.map(() => false),
  );
  assert.equal(moves(changing("keep", [{ change: "release", id: 1, fence: 1, kind: "serial" }])), true);
  assert.equal(moves(changing("keep", [{ change: "release", id: 1, fence: 1, kind: "pause" }])), false);
  assert.equal(inLine(snapshot({ task: task("active") }), changing("complete")).line, null);
});

test("A9: an end is told, and that a task goes on again, and nothing else", () => {
  const told = (status: TaskStatus, move: TaskMove | "keep"): unknown =>
    endedBy(snapshot({ task: task(status) }), changing(move))?.status;
  assert.equal(told("active", "complete"), "done");
  assert.equal(told("waiting", "cancel"), "cancelled");
  assert.equal(told("blocked", "expire"), "failed");
  assert.equal(told("failed", "retry"), "active");
  assert.equal(told("blocked", "retry"), undefined);
  assert.equal(told("active", "pause"), undefined);
  assert.equal(told("active", "keep"), undefined);
});
