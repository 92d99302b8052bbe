/** What an agent has judged was said at the pull request: the history knows it by the review, once. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { decide } from "../../../../workflow/decide/decide.ts";
import type { VerdictTold } from "../../../../workflow/decide/pulls/verdict-told.ts";
import { tellEvent } from "../../../../workflow/explain/events.ts";
import { MERGES, PULL, shown } from "./pulls.ts";

const TOLD: VerdictTold = {
  ...{ kind: "verdict_told", task: "SHOP-12", pull: PULL, review: "991" },
  ...{ said: "approved", commit: "c0ffee".padEnd(40, "0"), by: "careful" },
};

test("it has the key of that review, and hastens a merge that may have waited for it", () => {
  const { snapshot } = shown(MERGES);
  const change = decide(snapshot, TOLD);
  assert.ok(change.kind === "change");
  const [event] = change.events;
  assert.equal(event?.key, "github:acme/shop!7:review:991");
  assert.match(
    tellEvent({ kind: event?.kind ?? "", data: event?.data ?? {} }),
    /^pull request 7 was reviewed by careful \(its own verdict\): approved of commit c0ffee0000/,
  );
  assert.deepEqual(change.merges, [{ change: "hasten", seq: 2 }]);
  assert.equal(decide({ ...snapshot, seen: true }, TOLD).kind, "ignore", "told twice it is one");
  assert.equal(decide({ ...snapshot, task: null }, TOLD).kind, "unknown");
});
