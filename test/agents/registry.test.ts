/** The backends that there are. */

import assert from "node:assert/strict";
import test from "node:test";
import { backendFor } from "../../agents/registry.ts";

const NAMES = ["claude", "codex", "opencode", "gemini", "pi", "qwen", "copilot", "command"];

test("Every backend is found by its own name, and a name that nobody checked is told", () => {
  for (const name of NAMES) assert.equal(backendFor(name).name, name);
  assert.throws(() => backendFor("clod"), /there is no backend named clod/);
});
