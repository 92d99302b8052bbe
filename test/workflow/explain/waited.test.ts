/** How long a task has waited for whom. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Asked, waitedFor } from "../../../workflow/explain/waited.ts";

function asked(askedAt: number, finishedAt: number | null): Asked {
  return { askedAt, finishedAt };
}

test("A21: the time of people is counted from the question to its answer, or until now", () => {
  assert.equal(waitedFor([], 100), 0);
  assert.equal(waitedFor([asked(10, 30), asked(50, null)], 100), 70);
  assert.equal(waitedFor([asked(50, null), asked(10, 30)], 100), 70);
});

test("A21: each moment counts once, however much is asked in it, and a clock that was set back takes nothing away", () => {
  assert.equal(waitedFor([asked(10, 60), asked(20, 30), asked(50, 80)], 100), 70);
  assert.equal(waitedFor([asked(50, 40), asked(60, 70)], 100), 10);
});

test("A21: it is as many moments as there are in which somebody was asked", () => {
  const moment = fc.integer({ min: 0, max: 40 });
  const one = fc.record({ askedAt: moment, finishedAt: fc.option(moment) });
  fc.assert(
    fc.property(fc.array(one, { maxLength: 8 }), moment, (all, now) => {
      const isAsked = (at: number): boolean =>
        all.some(({ askedAt, finishedAt }) => askedAt <= at && at < (finishedAt ?? now));
      const moments = Array.from({ length: 41 }, (_, at) => at).filter(isAsked).length;
      assert.equal(waitedFor(all, now), moments);
    }),
  );
});
