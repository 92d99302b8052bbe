/** What decisions tell a person. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { noticeOfExpiring, noticeOfFailure, noticeOfKept } from "../../../workflow/decide/notices.ts";
import type { Kept, NewKept } from "../../../workflow/kept.ts";

const TASK = { key: "SHOP-12", project: "shop", title: "Fix the till" };
const UNTIL = Date.UTC(2026, 11, 28, 12);
const WORK: NewKept = {
  name: "work",
  ref: "refs/kept/work",
  commit: "c0ffee",
  branch: "b",
  files: 2,
  reason: "the remote refused it",
  remedy: null,
};

test("a task that has failed is told with its reason, and how to try it again", () => {
  const { kind, payload } = noticeOfFailure(TASK, "2 of 2 attempts used");
  assert.equal(kind, "task.failed");
  assert.deepEqual(payload, {
    project: "shop",
    title: "Fix the till",
    message: "SHOP-12 has failed",
    reason: "2 of 2 attempts used",
    remedy: "see: chargehand explain SHOP-12; try it again: chargehand retry SHOP-12",
  });
});

test("whatever a run has left that is kept is told at once, and nothing where nothing is", () => {
  assert.deepEqual(noticeOfKept(TASK, [], UNTIL), []);
  const [one] = noticeOfKept(TASK, [WORK], UNTIL);
  assert.equal(
    one?.payload["message"],
    "work of SHOP-12 could not be published, and is kept until 2026-12-28",
  );
  assert.equal(one?.payload["remedy"], "look at it: chargehand kept show SHOP-12; then publish or drop it");
  const many = noticeOfKept(TASK, [{ ...WORK, remedy: "let us push" }, WORK, WORK], UNTIL);
  assert.equal(many.length, 1);
  assert.match(String(many[0]?.payload["message"]), /^3 works of SHOP-12 .* are kept/);
  assert.equal(many[0]?.payload["remedy"], "let us push");
});

test("work that will go is told with the day", () => {
  const row: Kept = {
    ...WORK,
    id: 1,
    task: "SHOP-12",
    project: "shop",
    run: null,
    status: "kept",
    keptAt: 0,
    tellAt: 0,
    toldAt: null,
    until: UNTIL,
    finishedAt: null,
  };
  const { kind, payload } = noticeOfExpiring(TASK, row, UNTIL);
  assert.deepEqual(
    [kind, payload["message"]],
    ["work.expiring", "work of SHOP-12 could not be published, and goes on 2026-12-28"],
  );
});
