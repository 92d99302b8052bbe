/** How much memory the host has left. */

import assert from "node:assert/strict";
import { totalmem } from "node:os";
import test from "node:test";
import { availableMemory } from "../../system/host-memory.ts";

test("What is available is some of the host's memory, and never more than all of it", () => {
  const bytes = availableMemory();
  assert.ok(bytes > 1_000_000 && bytes <= totalmem(), `${bytes}`);
});
