/** What Claude Code tells of the periods of a subscription, and what it cannot be believed to have told. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { claude } from "../../../agents/claude/claude.ts";
import { claudeLimits } from "../../../agents/claude/limits.ts";
import { NEW_RUN } from "../profile.ts";
import { fold, recording } from "../transcripts.ts";

const RESET = 1_795_245_063;

test("a recorded run with a subscription tells of both periods; one that has begun knows of none", () => {
  const { transcript } = fold(claude, recording("usage-limit-oauth", "claude").stdout);
  assert.deepEqual(
    transcript.limits.map(({ per, used }) => [per, used]),
    [
      ["5h", 1],
      ["week", 0.4],
    ],
  );
  assert.deepEqual(claude.begin(NEW_RUN).limits, []);
});

test("an older event names one window, a newer one has all of them, and the last word counts", () => {
  const first = claudeLimits([], { rateLimitType: "five_hour", utilization: 0.42, resetsAt: RESET });
  assert.deepEqual(first, [{ per: "5h", used: 0.42, resetsAt: RESET * 1_000 }]);
  const both = claudeLimits(first, {
    ...{ rateLimitType: "five_hour", utilization: 0.1, resetsAt: RESET },
    unifiedWindows: {
      five_hour: { utilization: 0.5, resetsAt: RESET },
      seven_day: { utilization: 1.2, resetsAt: RESET + 9 },
      seven_day_opus: { utilization: 1, resetsAt: RESET },
    },
  });
  assert.deepEqual(both, [
    { per: "5h", used: 0.5, resetsAt: RESET * 1_000 },
    { per: "week", used: 1, resetsAt: (RESET + 9) * 1_000 },
  ]);
});

test("I16: what cannot be true changes nothing that was known", () => {
  const known = [{ per: "week", used: 0.25, resetsAt: RESET * 1_000 }] as const;
  const about = (utilization: unknown, resetsAt: unknown) => [
    { rateLimitType: "seven_day", utilization, resetsAt },
    { unifiedWindows: { seven_day: { utilization, resetsAt } } },
  ];
  const hostile = [
    ...[Number.NaN, Number.POSITIVE_INFINITY, -0.1, 1e308, 2.5, "0.9", null, undefined, [], {}, true].flatMap(
      (used) => about(used, RESET),
    ),
    ...[Number.NaN, -1, 0, 1e308, 8.64e15, "soon", null, undefined, {}].flatMap((reset) => about(0.9, reset)),
    { unifiedWindows: [] },
    { unifiedWindows: "all" },
    { unifiedWindows: { seven_day: [0.9] } },
    { rateLimitType: 7, utilization: 0.9, resetsAt: RESET },
    { rateLimitType: "overage", utilization: 0.9, resetsAt: RESET },
    { utilization: 0.9, resetsAt: RESET },
    {},
  ];
  for (const info of hostile) assert.deepEqual(claudeLimits(known, info), known, JSON.stringify(info));
});
