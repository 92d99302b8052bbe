/** The two listeners: sizes are bytes, and what is refused. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { reading } from "../reading.ts";
import { refuses } from "../refusals.ts";

const { load } = reading();

test("sizes become bytes", async () => {
  const { config } = await load("data_dir: d\nserver: { body_limit: 500kB }\n");
  assert.equal(config.server.bodyLimit, 500_000);
});

refuses([
  {
    line: 2,
    text: "server: { webhooks: { port: 70000 } }",
    path: "server.webhooks.port",
    says: /at most 65535/,
  },
  {
    line: 2,
    text: "server: { webhooks: { port: 8788 } }",
    path: "server.admin.port",
    says: /also the port of server.webhooks/,
  },
  { line: 2, text: "server: { body_limit: 25 }", path: "server.body_limit", says: /a size such as "25MiB"/ },
  {
    line: 2,
    text: "server: { body_limit: 2GiB }",
    path: "server.body_limit",
    says: /between 1kB and 256MiB/,
  },
]);
