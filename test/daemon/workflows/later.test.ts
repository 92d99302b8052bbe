/** What a later version brings is refused by name, so that nobody looks for a typing mistake. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { refusedKey } from "../../../daemon/workflows/later.ts";

test("keys of a later version are told from unknown ones", () => {
  assert.equal(refusedKey(["phases", 3, "fan_out"]), "is not available in this version");
  assert.equal(refusedKey(["phases", 0, "gate", "any_of"]), null);
  assert.equal(refusedKey(["phases", 0, "fan_in"]), null);
});
