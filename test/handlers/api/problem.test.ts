/** Errors as RFC 9457 has them. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { problem } from "../../../handlers/api/problem.ts";

test("a problem has its title, its status, its details, and the headers that go with it", async () => {
  const response = problem(409, { detail: "SHOP-1 is done", state: "done" }, { "retry-after": "1" });
  assert.equal(response.status, 409);
  assert.equal(response.headers.get("content-type"), "application/problem+json");
  assert.equal(response.headers.get("retry-after"), "1");
  const body = {
    type: "about:blank",
    title: "Conflict",
    status: 409,
    detail: "SHOP-1 is done",
    state: "done",
  };
  assert.deepEqual(await response.json(), body);
});
