/** Flags in a profile's own arguments. */

import assert from "node:assert/strict";
import test from "node:test";
import { hasFlag } from "../../agents/flags.ts";

test("A flag is found by itself or with its value behind it, and not as the beginning of another", () => {
  const flags = ["--mode", "-y"];
  assert.equal(hasFlag(["--verbose", "--mode", "plan"], flags), true);
  assert.equal(hasFlag(["--mode=plan"], flags), true);
  assert.equal(hasFlag(["-y"], flags), true);
  assert.equal(hasFlag(["--model", "--mode-x=1", "mode", "plan=--mode"], flags), false);
  assert.equal(hasFlag([], flags), false);
});
