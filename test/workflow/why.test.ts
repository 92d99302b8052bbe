/** A reason and what to do about it, in one line. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { inOneLine } from "../../workflow/why.ts";

test("a remedy stands behind its reason, and a reason without one stands alone", () => {
  assert.equal(inOneLine({ reason: "it is full", remedy: "raise it" }), "it is full; raise it");
  assert.equal(inOneLine({ reason: "it is full", remedy: null }), "it is full");
});
