/** Work that may take for ever is ended, and what is only slow because the machine is busy gets its chance. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { patiently, type Timed, withinTime } from "../../../system/schema/time-limit.ts";

test("work that ends has its value, also none", () => {
  assert.deepEqual(
    withinTime(10_000, () => 3),
    { kind: "done", value: 3 },
  );
  assert.deepEqual(
    withinTime(10_000, () => undefined),
    { kind: "done", value: undefined },
  );
});

test("L1: an endless loop and an endless match are ended, and the next work is done as ever", () => {
  assert.equal(withinTime(20, endless).kind, "late");
  assert.equal(withinTime(20, () => /^(a+)+$/.test(`${"a".repeat(40)}b`)).kind, "late");
  assert.equal(withinTime(10_000, () => "well").kind, "done");
});

test("what the work throws is thrown", () => {
  const recurse = (): number => recurse() + 1;
  assert.throws(() => withinTime(10_000, recurse), RangeError);
  assert.throws(
    () =>
      withinTime(10_000, () => {
        throw new TypeError("x");
      }),
    TypeError,
  );
});

test("work within work has its own value", () => {
  const inner = (): Timed<number> => withinTime(10_000, () => 1);
  assert.deepEqual(withinTime(10_000, inner), { kind: "done", value: { kind: "done", value: 1 } });
});

test("L3: only work that had little of the processor is begun anew, and not for ever", () => {
  const after = (answers: readonly Timed<number>[]): readonly [string, number] => {
    let tries = 0;
    const { kind } = patiently(() => answers[tries++] ?? assert.fail("too many tries"));
    return [kind, tries];
  };
  const starved = { kind: "late", isStarved: true } as const;
  const slow = { kind: "late", isStarved: false } as const;
  assert.deepEqual(after([starved, { kind: "done", value: 1 }]), ["done", 2]);
  assert.deepEqual(after([starved, slow]), ["late", 2]);
  assert.deepEqual(after([starved, starved, starved, starved]), ["late", 4]);
});

function endless(): number {
  for (let at = 0; ; at++) if (at < 0) return at;
}
