/** `projects[].setup`: what is done before an agent starts, and what of it outlives the task. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { reading } from "../reading.ts";
import { edited, refuses } from "../refusals.ts";

const { load } = reading();

test("a set-up has commands, and defaults for all else", async () => {
  const { config } = await load(edited(14, "+    setup: { run: [npm ci] }"));
  const gib = 1_073_741_824;
  assert.deepEqual(config.projects[0]?.setup, {
    run: ["npm ci"],
    cache: [],
    timeoutMs: 900_000,
    cacheBytesMax: 5 * gib,
  });
  assert.deepEqual([config.projects[1]?.setup, config.projects[1]?.dataBytesMax], [null, gib]);
});

test("a set-up as it is written in full", async () => {
  const setup =
    "{ run: [npm ci, npm run build], cache: [node_modules/, web/.venv], timeout: 2h, cache_limit: 1GB }";
  const { config } = await load(edited(14, `+    setup: ${setup}\n    data_limit: 10MiB`));
  assert.deepEqual(config.projects[0]?.setup, {
    run: ["npm ci", "npm run build"],
    cache: ["node_modules", "web/.venv"],
    timeoutMs: 7_200_000,
    cacheBytesMax: 1_000_000_000,
  });
  assert.equal(config.projects[0]?.dataBytesMax, 10_485_760);
});

const INSIDE = /must be a path inside the working copy/;
refuses([
  { line: 14, at: 15, text: "+    setup: {}", path: "projects[0].setup.run", says: /is missing/ },
  { line: 14, at: 15, text: "+    setup: { run: [] }", path: "projects[0].setup.run", says: /not be empty/ },
  {
    line: 14,
    at: 15,
    text: '+    setup: { run: [" "] }',
    path: "projects[0].setup.run[0]",
    says: /a command of/,
  },
  { line: 14, at: 15, text: "+    setup: npm ci", path: "projects[0].setup", says: /must be a mapping/ },
  {
    ...{ line: 14, at: 15, text: "+    setup: { run: [a], timeout: 3h }" },
    ...{ path: "projects[0].setup.timeout", says: /must be 1s to 2h/ },
  },
  ...[
    "/etc",
    "../x",
    "a/../b",
    ".git",
    "a/.GIT/b",
    ".chargehand",
    ".",
    "a//b",
    "'*'",
    "a b",
    "./a",
    "''",
  ].map((bad) => ({
    ...{ line: 14, at: 15, text: `+    setup: { run: [a], cache: [${bad}] }` },
    ...{ path: "projects[0].setup.cache[0]", says: INSIDE },
  })),
  ...["[a, a]", "[a, a/b]", "[a/, a]"].map((both) => ({
    ...{ line: 14, at: 15, text: `+    setup: { run: [x], cache: ${both} }` },
    ...{ path: "projects[0].setup.cache[1]", says: /lies within "a"/ },
  })),
  {
    ...{ line: 14, at: 15, text: "+    setup: { run: [x], cache: [a/b, a] }" },
    ...{ path: "projects[0].setup.cache[0]", says: /lies within "a"/ },
  },
]);
