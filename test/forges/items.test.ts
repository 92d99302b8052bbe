/** Names of tasks lead to the item that they stand for. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { itemOfRef } from "../../forges/items.ts";

test("a name leads to its item, and one that holds none to nothing", () => {
  const trackers = { plane: "p-1" };
  const of = (source: "github" | "plane" | "api", kind: string, id: string) =>
    itemOfRef({ source, kind, id }, trackers);
  assert.deepEqual(of("github", "issue", "acme/shop#12"), { place: "acme/shop", id: "12" });
  assert.deepEqual(of("plane", "work_item", "w-1"), { place: "p-1", id: "w-1" });
  assert.equal(of("github", "issue_id", "991"), null);
  assert.equal(of("github", "issue", "acme/shop"), null);
  assert.equal(of("api", "key", "w-1"), null);
  assert.equal(itemOfRef({ source: "plane", kind: "work_item", id: "w-1" }, {}), null);
});
