/** What an operator reads when there is no exit record. */

import assert from "node:assert/strict";
import test from "node:test";
import { bearWitness, tellVanished } from "../../../agents/supervision/vanished.ts";

const MINUTE = 60_000;
const identity = { pid: 4_711, startTicks: 20, pgid: 4_710, leaderTicks: 19, bootId: "now" };
const run = { identity, startedAt: 1_000, activeAt: 1_000 + 3 * MINUTE };
const seen = { found: true, orphaned: 0, ranMs: 12 * MINUTE, bootId: "now" };

function told(more: Partial<typeof seen>): string {
  return tellVanished(bearWitness(run, { ...seen, ...more }));
}

test("Every reaped run tells why: vanished before our eyes, while we were away, over a reboot, or without its launcher", () => {
  assert.equal(
    told({}),
    "process 4711 vanished without an exit record after 12 minutes (killed from outside, or out of memory)",
  );
  assert.equal(
    told({ found: false }),
    "process 4711 vanished without an exit record (killed from outside, or out of memory) while the daemon was not running; it was last heard of 3 minutes after its start",
  );
  assert.equal(
    told({ found: false, bootId: "later" }),
    "the machine was restarted while process 4711 ran; it was last heard of 3 minutes after its start",
  );
  assert.equal(
    told({ orphaned: 2 }),
    "process 4711 ended after 12 minutes, and its exit code is unknown because its launcher had been killed",
  );
});

test("A launcher that was seen gone only once, at the end, proves nothing", () => {
  assert.equal(told({ orphaned: 1 }), told({}));
});
