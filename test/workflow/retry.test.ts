/** When a job that failed is tried again, and which counter pays. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { FAULTS, type FailureClass } from "../../workflow/faults.ts";
import { judgeRetry } from "../../workflow/retry.ts";
import { BUDGET, CLASSES, NONE } from "./classes.ts";

/** The promise, written out once more by hand: who pays for which failure. */
const PAYS: Readonly<Record<FailureClass, string>> = {
  usage_limit: "free, resume",
  rate_limit: "transients, resume",
  overloaded: "transients, resume",
  server_error: "transients, resume",
  network: "transients, resume",
  workspace: "transients, fresh",
  setup: "transients, resume",
  forge: "transients, resume",
  host: "transients, resume",
  billing: "free, resume",
  auth: "free, resume",
  forbidden: "free, resume",
  model_unavailable: "free, resume",
  program_missing: "never",
  program_absent: "free, resume",
  policy: "never",
  refused: "never",
  unpublished: "never",
  cancelled: "never",
  no_change: "attempts, fresh",
  artifact: "repairs, resume",
  check: "attempts, resume",
  turn_limit: "attempts, resume",
  budget_limit: "free, resume",
  context_overflow: "attempts, fresh",
  invalid_session: "interruptions, fresh",
  timeout: "attempts, fresh",
  stalled: "attempts, fresh",
  runaway: "attempts, fresh",
  crashed: "interruptions, resume",
  interrupted: "interruptions, resume",
  shutdown: "free, resume",
  paused: "free, resume",
  window: "free, resume",
  agent_error: "attempts, fresh",
};

for (const failure of CLASSES) {
  test(`A12: ${failure} is paid for by: ${PAYS[failure]}`, () => {
    const judged = judgeRetry(failure, NONE, BUDGET, 0.5);
    const { counter } = FAULTS[failure];
    if (!judged.retry) {
      assert.equal("never", PAYS[failure]);
      assert.equal(judged.because, FAULTS[failure].meaning);
      return assert.deepEqual(judged.counters, NONE);
    }
    assert.equal(`${counter}, ${judged.session}`, PAYS[failure]);
    assert.deepEqual(judged.counters, counter === "free" ? NONE : { ...NONE, [String(counter)]: 1 });
  });
}

test("I9: waiting that is nobody's fault costs no attempt", () => {
  for (const failure of [
    "usage_limit",
    "rate_limit",
    "overloaded",
    "server_error",
    "network",
    "host",
    "policy",
    "refused",
  ] as const) {
    for (let counters = NONE, tries = 0; tries < 30; tries++) {
      counters = judgeRetry(failure, counters, BUDGET, 0.9).counters;
      assert.equal(counters.attempts, 0, failure);
    }
  }
});

test("A12: each counter ends the retries when its own budget is used up, and says so", () => {
  for (const failure of CLASSES) {
    const { counter } = FAULTS[failure];
    if (counter === null || counter === "free") continue;
    const most = failure === "setup" ? 3 : BUDGET[counter];
    const last = judgeRetry(failure, { ...NONE, [counter]: most - 1 }, BUDGET, 0);
    assert.equal(last.retry, false, failure);
    assert.match(last.retry ? "" : last.because, new RegExp(`${most} of ${most} ${counter}`));
    assert.equal(judgeRetry(failure, { ...NONE, [counter]: most - 2 }, BUDGET, 0).retry, true, failure);
    const other = { attempts: 99, transients: 99, interruptions: 99, repairs: 99, [counter]: 0 };
    assert.equal(judgeRetry(failure, other, BUDGET, 0).retry, true, `${failure} looks at ${counter} only`);
  }
});

test("A12: max_attempts 1 means one run", () => {
  assert.equal(judgeRetry("agent_error", NONE, { ...BUDGET, attempts: 1 }, 0).retry, false);
  assert.equal(judgeRetry("agent_error", NONE, { ...BUDGET, attempts: 2 }, 0).retry, true);
});

test("A12: the back-off doubles, is drawn with full jitter, and stays below its cap", () => {
  const delay = (transients: number, jitter: number): number => {
    const judged = judgeRetry("overloaded", { ...NONE, transients }, { ...BUDGET, transients: 99 }, jitter);
    return judged.retry ? judged.delayMs : Number.NaN;
  };
  const almost = 1 - 2 ** -53;
  assert.deepEqual(
    [0, 1, 2, 3].map((tries) => delay(tries, 0.5)),
    [2_500, 5_000, 10_000, 20_000],
  );
  assert.equal(delay(0, 0), 0);
  assert.ok(delay(0, almost) <= 5_000);
  assert.ok(delay(60, almost) <= 600_000);
  assert.equal(delay(60, 0.5), 300_000);
});

test("A12: Retry-After is the floor of the delay, also where there is no back-off", () => {
  const far = judgeRetry("rate_limit", NONE, BUDGET, 0.99, 3_600_000);
  assert.equal(far.retry && far.delayMs, 3_600_000);
  const absurd = judgeRetry("rate_limit", NONE, BUDGET, 0.5, 400 * 24 * 3_600_000);
  assert.equal(absurd.retry && absurd.delayMs, 24 * 3_600_000);
  const near = judgeRetry("rate_limit", NONE, BUDGET, 0.5, 10);
  assert.equal(near.retry && near.delayMs, 2_500);
  const plain = judgeRetry("agent_error", NONE, BUDGET, 0.5, 7_000);
  assert.equal(plain.retry && plain.delayMs, 7_000);
});

test("A12: whatever fails in whatever order, no counter passes its budget, and there is an end", () => {
  const history = fc.array(
    fc.tuple(fc.constantFrom(...CLASSES), fc.double({ min: 0, max: 0.999, noNaN: true })),
    { maxLength: 60 },
  );
  fc.assert(
    fc.property(history, (failures) => {
      let counters = NONE;
      let retries = 0;
      for (const [failure, jitter] of failures.filter(([failure]) => FAULTS[failure].counter !== "free")) {
        const judged = judgeRetry(failure, counters, BUDGET, jitter);
        for (const counter of ["attempts", "transients", "interruptions", "repairs"] as const) {
          assert.ok(
            judged.counters[counter] >= counters[counter] && judged.counters[counter] <= BUDGET[counter],
          );
        }
        counters = judged.counters;
        if (!judged.retry) break;
        assert.ok(Number.isSafeInteger(judged.delayMs) && judged.delayMs >= 0 && judged.delayMs <= 600_000);
        retries += 1;
      }
      assert.ok(retries <= BUDGET.attempts + BUDGET.transients + BUDGET.interruptions - 3);
    }),
  );
});
