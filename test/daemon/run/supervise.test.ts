/** How long a run may take: its supervisor, its next daemon and the reaper ask the same question. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { timeoutOf } from "../../../daemon/run/supervise.ts";
import { PROFILE } from "../../agents/profile.ts";
import { MINUTE, run } from "../../reaper/scripted-host.ts";

test("a run keeps the time limit that it was started with, whatever becomes of its profile", () => {
  const started = run({ timeoutMs: 45 * MINUTE });
  for (const profiles of [new Map([["developer", { ...PROFILE, timeoutMs: 5_000 }]]), new Map()])
    assert.equal(timeoutOf({ profiles }, started), 45 * MINUTE);
});

test("a run of a version that wrote no time limit down has that of its profile, or an hour", () => {
  const older = run({ timeoutMs: null });
  assert.equal(
    timeoutOf({ profiles: new Map([["developer", { ...PROFILE, timeoutMs: 5_000 }]]) }, older),
    5_000,
  );
  assert.equal(timeoutOf({ profiles: new Map() }, older), 60 * MINUTE);
});
