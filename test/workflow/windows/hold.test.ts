/** What a verdict means for claims, and the words for people. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { localTime, standingOf } from "../../../workflow/windows/hold.ts";
import { schedule } from "./schedules.ts";

const by = { from: 5_000, until: 9_000, schedule: schedule(), override: null };
const stretch = { from: 5_000, until: 9_000, concurrency: 2, by };

test("without a schedule nothing is written, and while it is open no hold", () => {
  assert.deepEqual(standingOf("shop", { kind: "always" }, null, 1), {
    project: "shop",
    stretch: null,
    hold: null,
  });
  const open = standingOf("shop", { kind: "open", stretch, until: 9_000 }, null, 6_000);
  assert.deepEqual(open, {
    project: "shop",
    stretch: { from: 5_000, until: 9_000, slots: 2, agent: null, opening: null },
    hold: null,
  });
});

test("a window that rests after a crash opens again by time alone", () => {
  const rest = { until: 8_000, reason: "1 of 3 crashes" };
  const standing = standingOf("shop", { kind: "open", stretch, until: 9_000 }, rest, 6_000);
  assert.deepEqual(
    [standing.stretch?.from, standing.hold?.kind, standing.hold?.until],
    [8_000, "crash_limit", 8_000],
  );
  assert.equal(standingOf("shop", { kind: "open", stretch, until: 9_000 }, rest, 8_000).hold, null);
});

test("the hold of a closed project says what opens next, or who closed it and how that is taken back", () => {
  const closed = { kind: "closed", next: stretch, last: null, overrides: [] } as const;
  const plain = standingOf("shop", closed, null, 1).hold;
  assert.deepEqual(
    [plain?.kind, plain?.until, plain?.remedy],
    ["window", 5_000, "open it now with: chargehand schedules open nights"],
  );
  const said = {
    schedule: "nights",
    verdict: "closed",
    since: 0,
    until: 5_000,
    by: "ann",
    reason: "a release",
  } as const;
  const byHand = standingOf("shop", { ...closed, overrides: [{ ...said, cause: "person" }] }, null, 1).hold;
  assert.match(
    byHand?.reason ?? "",
    /^window nights was closed by ann \(a release\); window nights opens Thu 1970/,
  );
  const crashed = standingOf(
    "shop",
    { ...closed, overrides: [{ ...said, cause: "crash_limit" }] },
    null,
    1,
  ).hold;
  assert.deepEqual(
    [crashed?.kind, crashed?.remedy],
    ["crash_limit", "open it again with: chargehand schedules clear nights"],
  );
  const never = standingOf("shop", { ...closed, next: null }, null, 1);
  assert.deepEqual([never.hold?.until, never.stretch?.until], [null, 0]);
});

test("a time is told by the clock of its zone", () => {
  assert.equal(localTime(Date.UTC(2027, 2, 28, 1), "Europe/Berlin"), "Sun 2027-03-28 03:00 (Europe/Berlin)");
});
