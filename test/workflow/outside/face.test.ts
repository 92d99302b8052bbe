/** A wish is read as it was stored, or by nobody. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { type AspectWish, readWish } from "../../../workflow/outside/face.ts";

const WISHES: readonly AspectWish[] = [
  { aspect: "comment", wish: { text: "t" } },
  { aspect: "labels", wish: { has: ["a"], lacks: [] } },
  { aspect: "state", wish: { state: "started" } },
  { aspect: "status", wish: { commit: "c", name: "n", state: "pending", text: "t", url: null } },
];

test("a stored wish is read whole, and one with a field of another kind is not", () => {
  for (const { aspect, wish } of WISHES) {
    assert.deepEqual(readWish({ aspect, wish: JSON.parse(JSON.stringify(wish)) }), { aspect, wish });
    for (const key of Object.keys(wish))
      assert.equal(readWish({ aspect, wish: { ...wish, [key]: 7 } }), null);
  }
  assert.equal(readWish({ aspect: "dance", wish: {} }), null);
  assert.equal(readWish({ aspect: "labels", wish: { has: [1], lacks: [] } }), null);
});
