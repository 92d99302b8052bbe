/** When digests are due. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { digestSlots } from "../../../daemon/chats/digests.ts";

const at = (text: string): number => Date.parse(text);
const BERLIN = { at: "08:00", timezone: "Europe/Berlin" } as const;

test("a day is from one morning of its zone to the next, also where the clock is changed in between", () => {
  assert.deepEqual(digestSlots({ ...BERLIN, every: "day" }, at("2026-10-25T12:00:00Z")), {
    last: at("2026-10-25T07:00:00Z"),
    before: at("2026-10-24T06:00:00Z"),
  });
  assert.deepEqual(digestSlots({ ...BERLIN, every: "day" }, at("2026-11-28T07:00:00Z")), {
    last: at("2026-11-28T07:00:00Z"),
    before: at("2026-11-27T07:00:00Z"),
  });
});

test("a week is from Monday to Monday", () => {
  assert.deepEqual(digestSlots({ ...BERLIN, every: "week" }, at("2026-11-29T12:00:00Z")), {
    last: at("2026-11-23T07:00:00Z"),
    before: at("2026-11-16T07:00:00Z"),
  });
});
