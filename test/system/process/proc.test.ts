/** What is read out of `/proc`. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { ageIn, parseStat } from "../../../system/process/proc.ts";

test("A command name made of stat's own punctuation hides nothing", () => {
  const rest = "S 7 42 42 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 987654 1000 200";
  const stat = parseStat(`41 (a) R 1 (b) Z 0) ${rest}`);
  assert.deepEqual(stat, { pid: 41, parent: 7, group: 42, startTicks: 987_654, running: true });
  const self = parseStat(readFileSync("/proc/self/stat", "latin1"));
  assert.deepEqual([self.pid, self.parent, self.running], [process.pid, process.ppid, true]);
});

test("An uptime that is a container's own, and not what start times are counted by, is not believed", () => {
  const own = { startTicks: 90_000, ranMs: 60_000 };
  assert.equal(ageIn("960.50 1.00\n", 50_000, own), 460_500);
  assert.equal(ageIn("960.50 1.00\n", 96_051, own), 0, "ticks are coarse");
  assert.equal(ageIn("61.20 1.00\n", 50_000, own), null);
  assert.equal(ageIn("nonsense", 50_000, own), null);
});
