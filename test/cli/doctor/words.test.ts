/** Words of findings. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { bytes, isAtLeast, versionIn } from "../../../cli/doctor/words.ts";

test("sizes are told in the unit that reads best", () => {
  assert.deepEqual([0, 1_023, 1_536, 77 * 1_024 ** 3].map(bytes), ["0 B", "1023 B", "1.5 KiB", "77 GiB"]);
});

test("a version is found in what a program says, and compared by its numbers", () => {
  assert.equal(versionIn("git version 2.39.5 (Apple Git-154)\nmore"), "2.39.5");
  assert.equal(versionIn("codex-cli 0.169.0-alpha.1"), "0.169.0-alpha.1");
  assert.equal(versionIn("nothing"), "nothing");
  assert.ok(isAtLeast("2.38.0", [2, 38]) && isAtLeast("3.0", [2, 38]) && isAtLeast("2.100", [2, 38]));
  assert.ok(!isAtLeast("2.9.9", [2, 38]) && !isAtLeast("1.99", [2, 38]) && !isAtLeast("", [1]));
});
