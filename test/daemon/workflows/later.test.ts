/** What a later version brings is refused by name, so that nobody looks for a typing mistake. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { refusedKey, refusedValue } from "../../../daemon/workflows/later.ts";

test("keys and gates of a later version are told from unknown ones", () => {
  assert.equal(refusedKey(["phases", 3, "fan_out"]), "is not available in this version");
  assert.equal(refusedKey(["phases", 0, "gate", "any_of"]), "is not available in this version");
  assert.equal(refusedKey(["phases", 0, "fan_in"]), null);
  assert.equal(
    refusedValue(["phases", 0, "gate"], "ci"),
    "is not available in this version; use none or approval",
  );
  assert.equal(refusedValue(["phases", 0, "gate"], "cia"), null);
  assert.equal(refusedValue(["phases", 0, "role"], "ci"), null);
});
