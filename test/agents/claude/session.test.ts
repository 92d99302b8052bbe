/** What Claude Code's own record of a session adds to a run that was killed. */

import assert from "node:assert/strict";
import test from "node:test";
import { claude } from "../../../agents/claude/claude.ts";
import { costOf, sumOf } from "../expected.ts";
import { FIRST, fixture, killed } from "./killed.ts";

const SECOND = Date.parse("2026-11-21T05:18:00Z");

test("A16: of a run that was killed the record tells the output that the transcript could only estimate", async (t) => {
  const { usage } = await killed(t, fixture("session-sigterm-streaming.jsonl"), FIRST);
  assert.deepEqual([sumOf(usage), costOf(usage)], [[1001, 101, 4007, 2003], 8_420_200]);
  assert.equal(usage[0]?.costSource, "agent");
});

test("A16: after SIGKILL there are no totals, and the calls are counted once per message", async (t) => {
  const calls = fixture("session-success.jsonl")
    .split("\n")
    .filter((line) => !line.includes("cost-state"));
  const { usage } = await killed(t, calls.join("\n"), SECOND);
  assert.deepEqual([sumOf(usage), usage[0]?.costSource], [[1012, 154, 10014, 2506], "priced"]);
  assert.equal(costOf(usage), 10_830_400);
});

test("I8: of a session that was continued only this run is counted, by its totals less those from before", async (t) => {
  const { usage } = await killed(t, fixture("session-success.jsonl"), SECOND);
  assert.deepEqual([sumOf(usage), costOf(usage)], [[1012, 154, 10014, 2506], 10_830_400]);
  const both = await killed(t, fixture("session-success.jsonl"), FIRST);
  assert.deepEqual([sumOf(both.usage), costOf(both.usage)], [[2024, 308, 20028, 5012], 21_660_800]);
  // The first totals are beyond the end that is read: the last ones say nothing of this run by themselves.
  const cut = fixture("session-success.jsonl")
    .split("\n")
    .filter((line) => !line.includes('"totalCostUSD":0.0108'));
  assert.deepEqual(sumOf((await killed(t, cut.join("\n"), SECOND)).usage), [1012, 154, 10014, 2506]);
});

test("A run that said its last word needs no record", async (t) => {
  const { usage } = await killed(t, fixture("session-success.jsonl"), FIRST, "success");
  assert.deepEqual(sumOf(usage), [1012, 154, 10014, 2506]);
});

test("Claude Code's folder may be moved by its environment", () => {
  const place = { env: { HOME: "/h", CLAUDE_CONFIG_DIR: "/etc/claude" }, cwd: "/a/b", session: "s" };
  const where = claude.sessions?.where(place);
  assert.deepEqual([where?.root, where?.folders], ["/etc/claude", ["projects", "-a-b"]]);
});
