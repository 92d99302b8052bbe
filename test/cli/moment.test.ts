/** Times and spans as people type them, in the time zone of the terminal. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { localTime, spanAhead, timeAhead } from "../../cli/moment.ts";

/** Noon of some day here, wherever the test runs. */
const NOON: number = new Date(2026, 0, 15, 12, 0, 0).getTime();
const HOUR = 3_600_000;
const time = timeAhead(() => NOON);
const span = spanAhead(() => NOON);

function here(...parts: [number, number, number, number, number, number?]): string {
  return new Date(...parts).toISOString();
}

test("a time of day is the next such time: today, or tomorrow where it has been", () => {
  assert.equal(time("22:00"), here(2026, 0, 15, 22, 0));
  assert.equal(time("12:01"), here(2026, 0, 15, 12, 1));
  assert.equal(time("12:00"), here(2026, 0, 16, 12, 0));
  assert.equal(time("07:00"), here(2026, 0, 16, 7, 0));
  assert.equal(time("7:05"), here(2026, 0, 16, 7, 5));
});

test("a day with or without its time is meant here, and anywhere else with a zone", () => {
  assert.equal(time("2026-01-16"), here(2026, 0, 16, 0, 0));
  for (const text of ["2026-02-01 07:30", "2026-02-01T07:30", " 2026-02-01 07:30:00 "])
    assert.equal(time(text), here(2026, 1, 1, 7, 30));
  assert.equal(time("2026-02-01T07:30Z"), "2026-02-01T07:30:00.000Z");
  assert.equal(time("2026-02-01 07:30:15+05:30"), "2026-02-01T02:00:15.000Z");
  assert.equal(time("2026-03-31T23:30:00-01:00"), "2026-04-01T00:30:00.000Z");
});

test("what has been, what is too far, and what is no time is refused in words that help", () => {
  for (const text of ["2026-01-15", "2026-01-15 11:59", "2001-01-01"])
    assert.throws(() => time(text), /It is over: it is 2026-01-15 12:00 now\./, text);
  for (const text of ["2027-06-01", "9999-12-31 23:59Z"])
    assert.throws(() => time(text), /more than 366 days away/, text);
  for (const text of ["2026-02-30", "2026-13-01", "2026-00-10", "2026-04-31 07:00"])
    assert.throws(() => time(text), /There is no such day/, text);
  const none = [
    "25:00",
    "24:00",
    "7",
    "7:5",
    "22:60",
    "10pm",
    "tomorrow",
    "",
    "2026-1-5",
    "2026-02-01 7:00",
    "-1:00",
  ];
  for (const text of [...none, "2026-02-01 07:30+1", "07:00Z", "1e9", "\u0662\u0662:00"])
    assert.throws(() => time(text), /such as 22:00 or 2026-12-01 07:00/, text);
});

test("a span counts from now, in weeks, days, hours, minutes and seconds, the larger ones first", () => {
  const later = (ms: number): string => new Date(NOON + ms).toISOString();
  assert.equal(span("3h"), later(3 * HOUR));
  assert.equal(span("90s"), later(90_000));
  assert.equal(span("1h30m"), later(1.5 * HOUR));
  assert.equal(span("1w2d"), later(9 * 24 * HOUR));
  for (const text of ["", "3", "h", "-3h", "3 h", "1.5h", "3h2d", "3y", "99999999999999999999s"])
    assert.throws(() => span(text), /must be a span such as/, text);
  for (const text of ["0s", "0h0m"]) assert.throws(() => span(text), /It is over/, text);
  for (const text of ["53w", "9999d"]) assert.throws(() => span(text), /more than 366 days away/, text);
});

test("an instant is shown as the clock here shows it", () => {
  assert.equal(localTime(here(2026, 0, 5, 7, 3)), "2026-01-05 07:03");
});
