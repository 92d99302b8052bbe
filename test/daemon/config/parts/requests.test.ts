/** What strangers are granted: sizes are bytes, names are names, and what is refused. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { reading } from "../reading.ts";
import { refuses } from "../refusals.ts";

const { load } = reading();

test("what is said is what holds, and what is not said has a limit all the same", async () => {
  const said = "{ body_memory: 100MiB, connections: 64, admin_names: [Board.example.org] }";
  const { config } = await load(`data_dir: d\nserver: ${said}\n`);
  const { bodyMemory, connections, adminNames } = config.server;
  assert.deepEqual([bodyMemory, connections, adminNames], [104_857_600, 64, ["board.example.org"]]);
  const { config: plain } = await load("data_dir: d\n");
  const { server } = plain;
  assert.deepEqual([server.bodyMemory, server.connections, server.adminNames], [67_108_864, 1_024, []]);
});

refuses([
  {
    line: 2,
    text: "server: { body_memory: 1MiB }",
    path: "server.body_memory",
    says: /less than body_limit/,
  },
  {
    line: 2,
    text: "server: { body_limit: 80MiB, body_memory: 64MiB }",
    path: "server.body_memory",
    says: /less than body_limit/,
  },
  { line: 2, text: "server: { connections: 1 }", path: "server.connections", says: /at least 16/ },
  {
    line: 2,
    text: 'server: { admin_names: ["http://board"] }',
    path: "server.admin_names[0]",
    says: /name of a host/,
  },
  {
    line: 2,
    text: 'server: { admin_names: ["*.example.org"] }',
    path: "server.admin_names[0]",
    says: /name of a host/,
  },
]);
