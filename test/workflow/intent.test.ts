/** What was said before something was asked answers it not. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { isSaidBefore } from "../../workflow/intent.ts";

test("a word that is older than the question binds to nothing; clocks may be a minute apart, and no time is no proof", () => {
  assert.equal(isSaidBefore(1_000_000, 900_000), true);
  assert.equal(isSaidBefore(1_000_000, 950_000), false);
  assert.equal(isSaidBefore(1_000_000, 2_000_000), false);
  assert.equal(isSaidBefore(1_000_000, null), false);
  assert.equal(isSaidBefore(1_000_000, undefined), false);
});
