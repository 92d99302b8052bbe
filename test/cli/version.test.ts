/** The version that the program tells is that of its package. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { readVersion } from "../../cli/version.ts";

test("the version is the one of package.json", () => {
  const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  assert.equal(readVersion(), manifest.version);
  assert.match(readVersion(), /^\d+\.\d+\.\d+/);
});
