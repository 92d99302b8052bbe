/** Moments that a request may name: with their offset, ahead, and not too far. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { futureMoment, moment, momentOf } from "../../../handlers/api/moment.ts";

const NOW = Date.parse("2026-11-28T12:00:00Z");

async function complaint(text: string): Promise<unknown> {
  const answer = futureMoment("until", text, NOW);
  assert.ok(answer instanceof Response);
  assert.equal(answer.status, 400);
  const { errors } = (await answer.json()) as { errors: unknown };
  return errors;
}

test("a moment is an instant with its offset, and nothing that a clock would have to be guessed for", () => {
  for (const text of ["2026-12-01T07:00:00Z", "2026-12-01T08:00:00+01:00"])
    assert.equal(momentOf(moment.parse(text)), Date.parse("2026-12-01T07:00:00Z"));
  for (const text of [
    "22:00",
    "2026-12-01",
    "2026-12-01T07:00:00",
    "2026-02-30T07:00:00Z",
    "tomorrow",
    7,
    null,
  ])
    assert.equal(moment.safeParse(text).success, false, String(text));
});

test("it has to come, within a year; what was not named is nothing", async () => {
  assert.equal(futureMoment("until", undefined, NOW), null);
  assert.equal(futureMoment("until", "2026-11-28T12:00:00.001Z", NOW), NOW + 1);
  const over = [{ path: "until", message: "it is over: it is 2026-11-28T12:00:00.000Z now" }];
  for (const text of ["2026-11-28T12:00:00Z", "2001-01-01T00:00:00Z"])
    assert.deepEqual(await complaint(text), over);
  const far = [{ path: "until", message: "it is more than 366 days away" }];
  for (const text of ["2027-11-30T12:00:00Z", "9999-01-01T00:00:00Z"])
    assert.deepEqual(await complaint(text), far);
});
