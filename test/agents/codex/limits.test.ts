/** What Codex records of the periods of a subscription, and what it cannot be believed to have recorded. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { codex } from "../../../agents/codex/codex.ts";
import { codexLimits } from "../../../agents/codex/limits.ts";
import { NEW_RUN } from "../profile.ts";

const RESET = 1_795_244_872;
const window = (minutes: unknown, percent: unknown, resets: unknown = RESET) => ({
  ...{ window_minutes: minutes, used_percent: percent, resets_at: resets },
});

test("a recorded session tells of both periods, and nothing of what was before this run", () => {
  const text = readFileSync(
    new URL("../../fixtures/codex/session-usage-limit.jsonl", import.meta.url),
    "utf8",
  );
  const since = (moment: string) =>
    codex.sessions
      ?.read(codex.begin(NEW_RUN), text, Date.parse(moment))
      .limits.map(({ per, used }) => [per, used]);
  assert.deepEqual(since("2026-11-21T05:07:00Z"), [
    ["5h", 1],
    ["week", 0.4],
  ]);
  assert.deepEqual(since("2026-11-22T00:00:00Z"), []);
});

test("windows are told apart by their length, wherever they stand", () => {
  assert.deepEqual(codexLimits([], { primary: window(10_080, 7), secondary: window(300, 100) }), [
    { per: "week", used: 0.07, resetsAt: RESET * 1_000 },
    { per: "5h", used: 1, resetsAt: RESET * 1_000 },
  ]);
});

test("I16: what cannot be true changes nothing that was known", () => {
  const known = [{ per: "week", used: 0.25, resetsAt: RESET * 1_000 }] as const;
  const hostile = [
    ...[Number.NaN, -1, 1e308, 201, "90", null, undefined, {}, [], true].map((used) => window(10_080, used)),
    ...[Number.NaN, -1, 0, 1e308, "soon", null, {}].map((resets) => window(10_080, 90, resets)),
    ...[0, 60, "10080", null, undefined, 1e308, Number.NaN].map((minutes) => window(minutes, 90)),
    { window_minutes: 10_080, used_percent: 90 },
  ];
  for (const primary of hostile)
    assert.deepEqual(codexLimits(known, { primary, secondary: null }), known, JSON.stringify(primary));
  for (const whole of [{}, { primary: "x", secondary: [] }, { primary: null }])
    assert.deepEqual(codexLimits(known, whole), known);
});
