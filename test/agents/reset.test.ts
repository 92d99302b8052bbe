/** Waiting times and moments of a reset, out of the sentences that programs were seen to print. */

import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { resetIn, waitIn, withReset } from "../../agents/reset.ts";

/** A Saturday. */
const NOW = Date.parse("2026-11-21T05:07:52Z");
const HOUR = 3_600_000;

test("A12: a span in a sentence is that many milliseconds", () => {
  const spans: Readonly<Record<string, number | null>> = {
    "Please retry in 2s.\nSuggested retry after 2s.": 2_000,
    "Your quota will reset after 2h0m0s.": 2 * HOUR,
    "Your quota will reset after 1h2m3.5s.": HOUR + 123_500,
    "Please try again in 3600s.": HOUR,
    "Retrying after 7877867ms...": 7_877_867,
    "try again in 5 days 3 hours 20 minutes": 123 * HOUR + 1_200_000,
    "try again in 1 day, 2 hours and 1 minute.": 26 * HOUR + 60_000,
    "wait for 90 seconds": 90_000,
    "retry in 5 months": null,
    "It was retried 5 times (total retry wait time: 59.46 seconds)": null,
    "in 3 hours I began": null,
    "try again later": null,
    "": null,
  };
  for (const [text, span] of Object.entries(spans)) assert.equal(waitIn(text), span, text);
});

test("A12: a time of day in a sentence is the next one, in the zone that it names or else in UTC", () => {
  const moments: Readonly<Record<string, string | null>> = {
    "or try again at 7:07 AM.": "2026-11-21T07:07:00Z",
    "resets 7:11am (UTC)": "2026-11-21T07:11:00Z",
    "resets 3am (UTC)": "2026-11-22T03:00:00Z",
    "resets 12am": "2026-11-22T00:00:00Z",
    "resets at 12:30 PM": "2026-11-21T12:30:00Z",
    "resets 19:05": "2026-11-21T19:05:00Z",
    // A clock that shows minutes was right a minute ago.
    "try again at 5:07 AM": "2026-11-21T05:07:00Z",
    "resets Nov 23, 5:11am (UTC)": "2026-11-23T05:11:00Z",
    "try again at Nov 23rd, 2026 5:11 PM.": "2026-11-23T17:11:00Z",
    "resets Jan 2 at 4pm (UTC)": "2027-01-02T16:00:00Z",
    "resets 7am (Europe/Berlin)": "2026-11-21T06:00:00Z",
    "resets 6am (Europe/Berlin)": "2026-11-22T05:00:00Z",
    "resets 6am (Asia/Kolkata)": "2026-11-22T00:30:00Z",
    "resets Jul 1 at 6am (Europe/Berlin)": "2027-07-01T04:00:00Z",
    "resets after 2h": "2026-11-21T07:07:52Z",
    "resets 6am (the moon)": null,
    "resets 25:00": null,
    "resets 13:00pm": null,
    "resets 7 (UTC)": null,
    "resets soon": null,
  };
  for (const [text, moment] of Object.entries(moments))
    assert.equal(resetIn(text, NOW), moment === null ? null : Date.parse(moment), text);
});

test("A12: a moment is within the next day when only a time of day is told", () => {
  const clock = fc.record({ hour: fc.integer({ min: 0, max: 23 }), minute: fc.integer({ min: 0, max: 59 }) });
  fc.assert(
    fc.property(clock, fc.integer({ min: 0, max: 4e12 }), ({ hour, minute }, now) => {
      const time = `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
      const moment = resetIn(`resets ${time}`, now);
      assert.ok(moment !== null && moment >= now - 300_000 && moment <= now + 24 * HOUR);
      assert.ok(new Date(moment).toISOString().includes(`T${time}:00`));
    }),
  );
});

test("Any text is read without an exception, in no time", () => {
  const words = fc.constantFrom(
    "resets ",
    "again in ",
    "at ",
    "7",
    ":",
    "1h",
    "2 days ",
    "(",
    "UTC",
    ")",
    "Nov ",
    "am",
  );
  const texts = fc.array(fc.oneof(words, fc.string()), { maxLength: 60 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(texts, fc.integer({ min: 0, max: 4e12 }), (text, now) => {
      const moment = resetIn(text, now);
      assert.ok(moment === null || Number.isFinite(moment));
    }),
  );
});

test("A reset is read out of the words of a usage limit only, and a known one is kept", () => {
  const limit = {
    ...({ ok: false, failure: "usage_limit", reason: "try again at 7:07 AM", summary: null } as const),
    ...{ retryAfterMs: 0, resetAt: null },
  };
  const resetAt = (changed: object): unknown => {
    const terminal = withReset({ ...limit, ...changed }, NOW);
    return terminal.ok ? "ok" : terminal.resetAt;
  };
  assert.equal(resetAt({}), Date.parse("2026-11-21T07:07:00Z"));
  assert.equal(resetAt({ resetAt: 5 }), 5);
  assert.equal(resetAt({ failure: "rate_limit" }), null);
  assert.deepEqual(withReset({ ok: true, summary: "try again at 7:07 AM" }, NOW), {
    ...{ ok: true, summary: "try again at 7:07 AM" },
  });
});
