/** What a person writes is one step of a path, whatever it is. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { segment } from "../../../handlers/chat/api.ts";

test("a name cannot lead to another place of the API", () => {
  for (const name of ["..", ".", "../pause", "a/b", "%2e%2e", "?x=1", "#", "\ud800"]) {
    const { pathname } = new URL(`http://localhost/api/v1/tasks/${segment(name)}/pause`);
    assert.match(pathname, /^\/api\/v1\/tasks\/[^/]+\/pause$/, name);
  }
});
