/** A reply is a call to the place where somebody asked. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { wishOf } from "../../../workflow/outside/calls.ts";
import { replyCall } from "../../../workflow/outside/reply.ts";

test("a reply is said at the item, below whatever was asked there, and no longer than a person reads", () => {
  const to = { source: "github", place: "acme/shop", item: "12", comment: "991" };
  const wish = wishOf(replyCall({ to, text: "x".repeat(100_000), once: null }, "reply-1"));
  assert.equal(wish?.kind, "reply");
  assert.deepEqual([wish?.place, wish?.item], ["acme/shop", "12"]);
  assert.equal(wish?.kind === "reply" && wish.text.length, 8_000);
});
