/** A work item as what a task stands for. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { itemOf, refsOf, subjectOf } from "../../../handlers/plane/item.ts";

test("A13: a work item is known, and its deliveries are ordered, by its id alone", () => {
  const item = itemOf("7a6d", { title: "T", body: "B", number: 7 }, "alice");
  const refs = [{ source: "plane", kind: "work_item", id: "7a6d" }];
  assert.deepEqual(item, { refs, title: "T", body: "B", url: null, author: "alice", number: 7 });
  assert.deepEqual(refsOf("7a6d"), refs);
  assert.equal(subjectOf("7a6d"), "plane:7a6d");
});
