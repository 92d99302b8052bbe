/** Bad days of a scripted host: which calls are struck, how often, and what is remembered of it. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { createFaults, isCarriedOut, isLimited } from "../../../../cli/stage/fake-host/faults.ts";

test("each call that differs is counted once, every so manieth of them is struck, and passes the next time", () => {
  const faults = createFaults();
  faults.play([
    { kind: "hang_after", name: "kill", call: "^POST ", each: true, every: 2, skip: 1, times: 9 },
  ]);
  const say = (body: string) => faults.next("POST", "/a", body);
  assert.equal(faults.next("GET", "/a", ""), null);
  assert.deepEqual(["1", "1", "2", "2", "3", "4", "4"].map(say), [
    ...[null, null, "hang_after", null, null, "hang_after", null],
  ]);
  assert.deepEqual(
    faults.strikes.map(({ name, call }) => `${name} ${call}`),
    ["kill POST /a", "kill POST /a"],
  );
  assert.equal(faults.struck, 2);
});

test("the same seed strikes the same calls, and another does not", () => {
  const struck = (seed: number): string => {
    const faults = createFaults();
    faults.play([{ kind: "500", odds: 0.5, times: 100 }], seed);
    return Array.from({ length: 40 }, () => (faults.next("GET", "/", "") === null ? "." : "x")).join("");
  };
  assert.equal(struck(3), struck(3));
  assert.notEqual(struck(3), struck(4));
  assert.deepEqual([isCarriedOut("502_after"), isCarriedOut("502")], [true, false]);
  assert.deepEqual([isLimited("429_bare"), isLimited("secondary"), isLimited("hang")], [true, true, false]);
});
