/** What the outbox loop decides: who is called now, what follows from a try, how long a host is left alone. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  afterFailure,
  backOff,
  FAILURES_TO_REST,
  type Health,
  judgeRound,
  judgeTry,
  PATIENCE_MS,
  REST_BASE_MS,
  REST_CAP_MS,
  RETRY_BASE_MS,
  RETRY_CAP_MS,
  type Seen,
} from "../../notifier/judge.ts";
import type { Sent } from "../../notifier/ports.ts";
import { call, NOW } from "./calls.ts";

const FAILED = { kind: "failed", reason: "h answered 503", fault: "host" } as const satisfies Sent;

test("J1: the wait doubles from 5 s to an hour, and at least half of it is certain", () => {
  assert.deepEqual(
    [1, 2, 3, 11, 1_000].map((tries) => [backOff(tries, 0), backOff(tries, 1)]),
    [
      [RETRY_BASE_MS / 2, RETRY_BASE_MS],
      [RETRY_BASE_MS, 2 * RETRY_BASE_MS],
      [2 * RETRY_BASE_MS, 4 * RETRY_BASE_MS],
      [RETRY_CAP_MS / 2, RETRY_CAP_MS],
      [RETRY_CAP_MS / 2, RETRY_CAP_MS],
    ],
  );
});

test("J1: what has failed is put off, by what the host asks for where that is longer", () => {
  const verdict = judgeTry(call(), FAILED, NOW, 0);
  assert.deepEqual(verdict, {
    kind: "put_off",
    error: FAILED.reason,
    dueAt: NOW + RETRY_BASE_MS / 2,
    isUnsure: true,
  });
  const asked = judgeTry(call(), { ...FAILED, afterMs: 90_000 }, NOW, 0);
  assert.equal(asked.kind === "put_off" && asked.dueAt, NOW + 90_000);
});

test("whether a call may have arrived is known only where no try could have", () => {
  const refused = { ...FAILED, neverSent: true } as const;
  const first = judgeTry(call(), refused, NOW, 0);
  assert.equal(first.kind === "put_off" && first.isUnsure, false);
  const later = judgeTry(call({ tries: 1, begunAt: NOW - 5 }), refused, NOW, 0);
  assert.equal(later.kind === "put_off" && later.isUnsure, true);
});

test("J1: a call is given up by a try that fails after its patience, and never without one", () => {
  const old = call({ tries: 8, owedSince: NOW - PATIENCE_MS });
  assert.deepEqual(judgeTry(old, FAILED, NOW, 0), {
    kind: "bury",
    error: "h answered 503; given up after 9 tries",
  });
  assert.equal(judgeTry(old, { kind: "sent" }, NOW, 0).kind, "sent");
  assert.equal(judgeTry({ ...old, owedSince: NOW - PATIENCE_MS + 1 }, FAILED, NOW, 0).kind, "put_off");
});

test("what will never be taken is given up at once", () => {
  assert.deepEqual(judgeTry(call(), { kind: "refused", reason: "h answered 410" }, NOW, 0), {
    kind: "bury",
    error: "h answered 410",
  });
});

test("J2: a host rests after the third failure in a row, then longer and longer, up to five minutes", () => {
  const rests: number[] = [];
  let health: Health | undefined;
  for (let failures = 1; failures <= 12; failures++) {
    health = afterFailure(health, FAILED, { now: NOW + failures, monotonic: 1_000 }, 1);
    rests.push(health.restsUntil - 1_000);
  }
  assert.deepEqual(rests.slice(0, FAILURES_TO_REST + 2), [
    0,
    0,
    REST_BASE_MS,
    2 * REST_BASE_MS,
    4 * REST_BASE_MS,
  ]);
  assert.equal(rests.at(-1), REST_CAP_MS);
  assert.deepEqual([health?.failures, health?.since], [12, NOW + 1]);
});

test("J2: a host that asks to be left alone is left alone at its first failure", () => {
  const { restsUntil } = afterFailure(
    undefined,
    { ...FAILED, afterMs: 60_000 },
    { now: NOW, monotonic: 5 },
    0,
  );
  assert.equal(restsUntil, 60_005);
});

const HOSTS: Readonly<Record<string, string>> = {
  "webhook:a": "h1",
  "webhook:b": "h1",
  "webhook:c": "h2",
  log: "log",
};

function seen(more: Partial<Seen>): Seen {
  return {
    now: NOW,
    monotonic: 1_000,
    owed: [],
    hostOf: (target) => HOSTS[target],
    busy: new Set(),
    health: new Map(),
    ...more,
  };
}

test("B2: what is due to one host is one lane; other hosts have theirs", () => {
  const owed = ["log", "webhook:a", "webhook:b", "webhook:c"].map((target) => ({ target, dueAt: NOW }));
  const { lanes, gone, waitMs } = judgeRound(seen({ owed }));
  assert.deepEqual(
    [...lanes],
    [
      ["log", ["log"]],
      ["h1", ["webhook:a", "webhook:b"]],
      ["h2", ["webhook:c"]],
    ],
  );
  assert.deepEqual([gone, waitMs], [[], Number.POSITIVE_INFINITY]);
});

test("J2: a host at rest delays nobody else, and is looked at again when its rest is over", () => {
  const owed = ["webhook:a", "webhook:c"].map((target) => ({ target, dueAt: NOW }));
  const health = new Map([["h1", { failures: 3, since: NOW, restsUntil: 1_700, reason: "" }]]);
  const { lanes, waitMs } = judgeRound(seen({ owed, health }));
  assert.deepEqual([[...lanes.keys()], waitMs], [["h2"], 700]);
  const after = judgeRound(seen({ owed, health, monotonic: 1_700 }));
  assert.deepEqual([...after.lanes.keys()], ["h1", "h2"]);
});

test("J3: what nobody serves is gone, and a host at work is left to itself", () => {
  const owed = ["telegram:x", "webhook:a"].map((target) => ({ target, dueAt: NOW }));
  const { gone, lanes, waitMs } = judgeRound(seen({ owed, busy: new Set(["h1"]) }));
  assert.deepEqual([gone, lanes.size, waitMs], [["telegram:x"], 0, Number.POSITIVE_INFINITY]);
});

test("whatever is owed is gone, at work, begun, or waited for until exactly then", () => {
  const target = fc.constantFrom("log", "webhook:a", "webhook:b", "webhook:c", "webhook:gone");
  const wait = fc.integer({ min: -5_000, max: 5_000 });
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.record({ target, dueAt: wait }), { selector: (one) => one.target }),
      fc.subarray(["h1", "h2", "log"]),
      fc.dictionary(fc.constantFrom("h1", "h2", "log"), wait),
      (due, busy, rests) => {
        const owed = due.map((one) => ({ ...one, dueAt: NOW + one.dueAt }));
        const health = new Map(
          Object.entries(rests).map(([host, ms]) => {
            return [host, { failures: 3, since: NOW, restsUntil: 1_000 + ms, reason: "" }];
          }),
        );
        const round = judgeRound(seen({ owed, busy: new Set(busy), health }));
        const begun = [...round.lanes.values()].flat();
        for (const one of owed) {
          const host = HOSTS[one.target];
          const readyIn = Math.max(one.dueAt - NOW, host === undefined ? 0 : (rests[host] ?? 0));
          const isGone = round.gone.includes(one.target);
          const isBegun = begun.includes(one.target);
          if (host === undefined) assert.ok(isGone && !isBegun);
          else if (busy.includes(host)) assert.ok(!isGone && !isBegun);
          else {
            assert.equal(isBegun, readyIn <= 0);
            assert.ok(isBegun || round.waitMs <= readyIn);
          }
        }
      },
    ),
  );
});
