/** Which names of time zones are good, and what is said of the others. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { zoneTrouble } from "../../system/time-zone.ts";

const GOOD = [
  "UTC",
  "Europe/Berlin",
  "Europe/Kyiv",
  "America/Argentina/Buenos_Aires",
  "Asia/Kolkata",
  "Etc/GMT+2",
];

test("places and UTC are zones, in old spellings and new ones", () => {
  for (const name of [...GOOD, ...Intl.supportedValuesOf("timeZone")]) assert.equal(zoneTrouble(name), null);
});

test("a zone that is not known is told with the one that was probably meant", () => {
  for (const [name, meant] of [
    ["Europe/Berlim", "Europe/Berlin"],
    ["Berlin", "Europe/Berlin"],
    ["New York", "America/New_York"],
    ["Europe/Kyjiv", "Europe/Kyiv"],
  ] as const)
    assert.equal(zoneTrouble(name), `is no IANA time zone; did you mean "${meant}"?`);
  assert.equal(zoneTrouble(""), "is no IANA time zone");
  assert.match(zoneTrouble("Mars/Olympus\u0000".repeat(1_000)) ?? "", /^is no IANA time zone/);
});

test("what is understood but follows no place's clock is refused with the reason", () => {
  for (const name of ["EST", "CET", "GMT", "+02:00"])
    assert.match(zoneTrouble(name) ?? "", /^does not tell of a place whose clock is followed; name one/);
});
