/** Merge queues: put there once, told as waiting, and why one was taken out. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { pull, type Routes, staged } from "./stage.ts";

const HEAD = "a".repeat(40);
const HOW = {
  base: "main",
  commit: HEAD,
  method: "squash",
  title: "Mend it (#12)",
  wasQueued: false,
} as const;
const MERGE = "PUT /repos/acme/shop/pulls/12/merge";
const RULES = "GET /repos/acme/shop/rules/branches/main";
const WAITS = { kind: "waits", for: "queue", reason: "it stands in the merge queue of main" };

interface Queue {
  isIn: boolean;
  removed: string | null;
  refuses: string | null;
}

function host(queue: Partial<Queue> = {}, isTold = true) {
  const state: Queue = { isIn: false, removed: null, refuses: null, ...queue };
  const wishes: unknown[] = [];
  const routes: Routes = {
    "GET /repos/acme/shop/pulls/12": { status: 200, body: pull() },
    [RULES]: { status: 200, body: isTold ? [{ type: "pull_request" }, { type: "merge_queue" }] : [] },
    [MERGE]: {
      status: 405,
      body: { message: "Repository rule violations found\n\nChanges must be made through the merge queue" },
    },
    "POST /graphql": ({ body }) => {
      if (!String(body["query"]).startsWith("mutation")) {
        const nodes = state.removed === null ? [] : [{ reason: state.removed }];
        const found = { isInMergeQueue: state.isIn, timelineItems: { nodes } };
        return { status: 200, body: { data: { repository: { pullRequest: found } } } };
      }
      wishes.push(body["variables"]);
      if (state.refuses !== null)
        return { status: 200, body: { errors: [{ type: "UNPROCESSABLE", message: state.refuses }] } };
      state.isIn = true;
      return { status: 200, body: { data: { enqueuePullRequest: { mergeQueueEntry: { id: "MQE_1" } } } } };
    },
  };
  return { state, wishes, routes };
}

for (const isTold of [true, false])
  test(`G6: what a branch with a queue is to get is put there once, ${isTold ? "where a rule tells of it" : "where the merge is refused for it"}`, async () => {
    const { routes, wishes } = host({}, isTold);
    await staged(routes, async ({ github, calls, faults }) => {
      for (const wasQueued of [false, false, true])
        assert.deepEqual(await github.tell.merge("acme/shop", 12, { ...HOW, wasQueued }), {
          ...{ kind: "ok", value: WAITS },
        });
      assert.deepEqual(wishes, [{ id: "PR_12", commit: HEAD }]);
      if (isTold) assert.ok(!calls.includes(MERGE), "nobody merges past a queue, though they might");
      assert.deepEqual(faults, []);
    });
  });

const DROPPED = [
  ["failed_checks", "checks"],
  ["CI_FAILURE", "checks"],
  ["CI_TIMEOUT", "checks"],
  ["MERGE_CONFLICT", "conflict"],
  ["MANUAL", "other"],
  ["special", "other"],
  ["", "other"],
] as const;

for (const [removed, because] of DROPPED)
  test(`one that was taken out for "${removed}" is not put there again: ${because}`, async () => {
    const { routes, wishes } = host({ removed });
    await staged(routes, async ({ github }) => {
      const told = await github.tell.merge("acme/shop", 12, { ...HOW, wasQueued: true });
      assert.ok(told.kind === "ok" && told.value.kind === "dropped");
      assert.equal(told.value.because, because);
      assert.ok(told.value.reason.startsWith("it was taken out of the merge queue of main"));
      assert.deepEqual(wishes, []);
    });
  });

test("one that was taken out before is put there again by a merge that is asked for anew", async () => {
  const { routes, wishes } = host({ removed: "failed_checks" });
  await staged(routes, async ({ github }) => {
    const told = await github.tell.merge("acme/shop", 12, HOW);
    assert.deepEqual(told, { kind: "ok", value: WAITS });
    assert.equal(wishes.length, 1);
  });
});

test("what GitHub says to whoever puts it there means what it means to whoever merges", async () => {
  const cases = [
    ["At least 1 approving review is required", "people"],
    ['Required status check "build" is expected', "checks"],
    ["Pull request is in some state", "refused"],
  ] as const;
  for (const [refuses, means] of cases)
    await staged(host({ refuses }).routes, async ({ github }) => {
      const told = await github.tell.merge("acme/shop", 12, HOW);
      if (means === "refused") return assert.ok(told.kind === "refused" && told.because === "state");
      assert.ok(told.kind === "ok" && told.value.kind === "waits");
      assert.equal(told.value.for, means);
    });
});
