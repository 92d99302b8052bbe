/** Calls to forges and trackers are read as they were written, and nothing else is. */

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  acknowledgement,
  type OutsideWish,
  outsideCall,
  outsideSource,
  outsideTarget,
  wishOf,
} from "../../../workflow/outside/calls.ts";

const AT = { place: "acme/shop", item: "12" };
const WISHES: readonly OutsideWish[] = [
  { kind: "acknowledge", ...AT, comment: "991" },
  { kind: "acknowledge", ...AT, comment: null },
  { kind: "reply", ...AT, mark: "reply-1", text: "No." },
];

test("a wish is read as it was written", () => {
  for (const wish of WISHES) {
    const call = outsideCall("github", wish);
    assert.equal(call.target, "forge:github");
    assert.deepEqual(wishOf(JSON.parse(JSON.stringify(call))), wish);
  }
  const spot = { source: "github", ...AT, comment: "991" };
  assert.deepEqual(wishOf(acknowledgement(spot)), WISHES[0]);
});

test("what lacks something, or is of another kind, is understood by nobody", () => {
  for (const wish of WISHES) {
    const { kind, payload } = outsideCall("github", wish);
    for (const key of Object.keys(payload))
      assert.equal(wishOf({ kind, payload: { ...payload, [key]: 7 } }), null);
    assert.equal(wishOf({ kind: "dance", payload }), null);
  }
});

test("a target names its source, and no other target does", () => {
  assert.equal(outsideSource(outsideTarget("generic:ci")), "generic:ci");
  assert.equal(outsideSource("slack:team"), null);
});
