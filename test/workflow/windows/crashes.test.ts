/** The crash limit of a window: what is counted, how long it rests, and when it closes. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { crashOverride, hasLimit, restAfter } from "../../../workflow/windows/crashes.ts";
import { schedule } from "./schedules.ts";

const MINUTE = 60_000;
const OPENING = { from: 1_000_000, until: 9e9, schedule: schedule({ projects: ["shop"] }), override: null };
const at = (minute: number, project = "shop") => ({ project, at: OPENING.from + minute * MINUTE });

test("crashes of its projects since it opened are counted, and at the limit it closes until its next start", () => {
  const others = [at(-1), at(1, "mill")];
  assert.equal(crashOverride(OPENING, [...others, at(1), at(2)], 10e9, 5e6), null);
  const override = crashOverride(OPENING, [...others, at(1), at(2), at(3)], 10e9, 5e6);
  assert.deepEqual(
    [override?.schedule, override?.verdict, override?.cause, override?.since, override?.until],
    ["nights", "closed", "crash_limit", 5e6, 10e9],
  );
  assert.match(override?.reason ?? "", /^3 runs crashed in window nights, which stays closed until /);
});

test("after each crash it rests for twice as long, and never longer than half an hour", () => {
  const rests = [1, 2, 3, 9].map((count) => {
    const crashes = Array.from({ length: count }, () => at(1));
    return ((restAfter(OPENING, crashes)?.until ?? 0) - (at(1).at ?? 0)) / MINUTE;
  });
  assert.deepEqual(rests, [1, 2, 4, 30]);
  assert.equal(restAfter(OPENING, []), null);
});

test("a limit of 0 is none", () => {
  const endless = { ...OPENING, schedule: schedule({ crashLimit: 0 }) };
  assert.equal(crashOverride(endless, [at(1), at(2), at(3)], 10e9, 5e6), null);
  assert.equal(restAfter(endless, [at(1)]), null);
  assert.deepEqual(
    [hasLimit(endless.schedule), hasLimit(schedule()), hasLimit(schedule({ enabled: false }))],
    [false, true, false],
  );
});
