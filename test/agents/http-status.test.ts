/** What an HTTP status means by itself. */

import assert from "node:assert/strict";
import test from "node:test";
import { classOfStatus } from "../../agents/http-status.ts";

test("A status that names the trouble names the class; any other 5xx is the server's; the rest says nothing", () => {
  const classes = [401, 402, 403, 404, 408, 413, 429, 529].map(classOfStatus);
  assert.deepEqual(classes, [
    ...["auth", "billing", "forbidden", "model_unavailable", "network", "context_overflow"],
    ...["rate_limit", "overloaded"],
  ]);
  for (const status of [500, 503, 599]) assert.equal(classOfStatus(status), "server_error");
  for (const status of [0, 200, 302, 400, 418, 422, 600]) assert.equal(classOfStatus(status), null);
});
