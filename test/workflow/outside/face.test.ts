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

test("a verdict and answers in threads are read with who says them, and not without", () => {
  const wish = { number: 7, commit: "c", said: "approved", text: "t", by: "careful", as: null } as const;
  assert.deepEqual(readWish({ aspect: "verdict-3", wish }), { aspect: "verdict", wish });
  const wrong = { number: "7", commit: 1, said: "perhaps", text: null, by: 2, as: undefined };
  for (const [key, value] of Object.entries(wrong))
    assert.equal(readWish({ aspect: "verdict-3", wish: { ...wish, [key]: value } }), null, key);
  const answer = { comment: "1", mark: "m", text: "t", resolves: true, as: "reviewer" };
  const threads = { number: 7, threads: [answer] };
  assert.deepEqual(readWish({ aspect: "threads", wish: threads }), { aspect: "threads", wish: threads });
  assert.equal(readWish({ aspect: "threads", wish: { ...threads, threads: [{ ...answer, as: 1 }] } }), null);
});

test("a stored wish is read whole, and one with a field of another kind is not", () => {
  for (const { aspect, wish } of WISHES) {
    assert.deepEqual(readWish({ aspect, wish: JSON.parse(JSON.stringify(wish)) }), { aspect, wish });
    for (const key of Object.keys(wish))
      assert.equal(readWish({ aspect, wish: { ...wish, [key]: 7 } }), null);
  }
  assert.equal(readWish({ aspect: "dance", wish: {} }), null);
  assert.equal(readWish({ aspect: "labels", wish: { has: [1], lacks: [] } }), null);
});
