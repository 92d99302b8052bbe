/** Requests that no secret proves are counted by source, with the last time. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { createWrongSecrets } from "../../../handlers/guard/wrong-secrets.ts";

test("each source has its count and the time of the last one", () => {
  let now = 5;
  const wrong = createWrongSecrets({ now: () => now });
  assert.deepEqual(wrong.all(), []);
  wrong.count("github");
  now = 9;
  wrong.count("github");
  wrong.count("plane");
  assert.deepEqual(wrong.all(), [
    { source: "github", count: 2, lastAt: 9 },
    { source: "plane", count: 1, lastAt: 9 },
  ]);
});
