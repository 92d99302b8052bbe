/** What a pause says of itself, as the hold that it is. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { pauseOfTask, stillPaused, widePause } from "../../../workflow/decide/pause.ts";
import { EVERYTHING } from "../../../workflow/hold.ts";
import { task } from "./snapshot.ts";

const PAUSE = { by: "alice", why: "the release is being cut", until: 9_000 };

test("a pause says who, why and until when, and what lets it go on", () => {
  const hold = pauseOfTask("SHOP-12", PAUSE);
  assert.deepEqual(hold, {
    kind: "pause",
    reason: "paused by alice: the release is being cut",
    remedy: "chargehand resume SHOP-12",
    until: 9_000,
  });
  assert.deepEqual(widePause("project", "shop", PAUSE), {
    ...hold,
    scope: "project",
    subject: "shop",
    remedy: "chargehand resume shop",
  });
  const all = widePause("all", EVERYTHING, { by: "bob", why: null, until: null });
  assert.deepEqual(
    [all.subject, all.reason, all.remedy, all.until],
    ["*", "paused by bob", "chargehand resume --all", null],
  );
});

test("a paused task remembers the hold for its next run, and no other task has one", () => {
  const paused = { ...task("paused"), reason: "paused by alice", pausedUntil: 9_000 };
  assert.deepEqual(stillPaused(paused), pauseOfTask("SHOP-12", { ...PAUSE, why: null }));
  for (const status of ["active", "done", "failed", "cancelled"] as const)
    assert.equal(stillPaused({ ...paused, status }), null);
});
