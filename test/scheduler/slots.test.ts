/** Slots at changes of the clock, and patterns that cannot be followed. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { firstAfter, lastUpTo, nextN, patternTrouble } from "../../scheduler/slots.ts";

const at = (iso: string): number => Date.parse(iso);
const iso = (ms: number | null): string | null =>
  ms === null ? null : new Date(ms).toISOString().replace(":00.000Z", "Z");

test("a time in the gap is the first valid instant of the same day, and one that comes twice is the first", () => {
  for (const [timezone, cron, after, slot] of [
    ["Europe/Berlin", "30 2 * * *", "2027-03-27T12:00:00Z", "2027-03-28T01:00Z"],
    ["Europe/Berlin", "30 2 * * *", "2027-10-30T12:00:00Z", "2027-10-31T00:30Z"],
    ["Australia/Lord_Howe", "15 2 * * *", "2027-10-02T00:00:00Z", "2027-10-02T15:30Z"],
    ["America/Havana", "30 0 * * *", "2027-03-13T12:00:00Z", "2027-03-14T05:00Z"],
    ["Antarctica/Troll", "30 1 * * *", "2027-03-27T12:00:00Z", "2027-03-28T01:00Z"],
  ] as const)
    assert.equal(iso(firstAfter({ cron, timezone }, at(after))), slot, timezone);
});

test("a gap that ends at midnight leaves no instant of the day, and the slot is dropped", () => {
  const nuuk = { cron: "30 23 * * *", timezone: "America/Nuuk" };
  assert.equal(iso(firstAfter(nuuk, at("2027-03-27T12:00:00Z"))), "2027-03-29T00:30Z");
});

test("an hour that comes twice is met in both passes by steps, and in one by lists", () => {
  const steps = { cron: "*/30 2 * * *", timezone: "Europe/Berlin" };
  assert.deepEqual(nextN(steps, at("2027-10-30T22:00:00Z"), 4).map(iso), [
    "2027-10-31T00:00Z",
    "2027-10-31T00:30Z",
    "2027-10-31T01:00Z",
    "2027-10-31T01:30Z",
  ]);
  const list = { cron: "0,30 2 * * *", timezone: "Europe/Berlin" };
  assert.deepEqual(nextN(list, at("2027-10-30T22:00:00Z"), 3).map(iso), [
    "2027-10-31T00:00Z",
    "2027-10-31T00:30Z",
    "2027-11-01T01:00Z",
  ]);
});

test("no instant of the repeated hour is passed over (croner#343)", () => {
  const minutely = { cron: "* * * * *", timezone: "Europe/Berlin" };
  const first = at("2027-10-30T23:59:00Z");
  const expected = Array.from({ length: 180 }, (_, minute) => first + minute * 60_000);
  assert.deepEqual(nextN(minutely, first - 1, 180), expected);
});

test("the slot after an instant is later than it, and the last one may be the instant itself", () => {
  const noon = { cron: "0 12 * * *", timezone: "UTC" };
  const slot = at("2027-01-01T12:00:00Z");
  assert.equal(firstAfter(noon, slot - 1), slot);
  assert.equal(firstAfter(noon, slot), slot + 86_400_000);
  assert.equal(lastUpTo(noon, slot), slot);
  assert.equal(lastUpTo(noon, slot - 1), slot - 86_400_000);
});

test("many patterns are followed without mixing them up, though only some are kept", () => {
  for (const round of [1, 2])
    for (let minute = 0; minute < 200; minute++) {
      const cron = `${minute % 60} ${Math.floor(minute / 60)} * * *`;
      const slot = firstAfter({ cron, timezone: "UTC" }, at("2027-01-01T00:00:00Z") - 1);
      assert.equal(slot, at("2027-01-01T00:00:00Z") + minute * 60_000, `round ${round}`);
    }
});

test("a pattern that cannot be followed is told with the reason", () => {
  for (const [cron, said] of [
    ["0 0 3 * * *", /^has more than five fields; seconds/],
    ["0 3 * *", /^has fewer than five fields/],
    ["", /^has fewer than five fields/],
    ["2027-01-01T00:00:00", /^is a date/],
    ["2027-01-01 03:00", /^is a date/],
    ["0 3 30 2 *", /^never falls due/],
    ["0 25 * * *", /^is no pattern of cron: Invalid value for hour: 25$/],
    ["0 3 0 * *", /^is no pattern of cron: Invalid value for day: 0$/],
    ["0 3 * 13 *", /^is no pattern of cron: Invalid value for month: 13$/],
    ["0 22-6 * * *", /^is no pattern of cron/],
    ["@reboot", /of those with an @ there are @yearly/],
    ["@every 5m", /of those with an @ there are @yearly/],
    ["0 ".repeat(10_000), /^is longer than 120 characters$/],
  ] as const)
    assert.match(patternTrouble({ cron, timezone: "Europe/Berlin" }, at("2027-01-01T00:00:00Z")) ?? "", said);
  for (const cron of ["0 3 * * 1-5", "@daily", "30 2,14 * * FRI#2", "0 3 29 2 *", " 0  3 * * sun "])
    assert.equal(patternTrouble({ cron, timezone: "Europe/Berlin" }, at("2027-01-01T00:00:00Z")), null);
});
