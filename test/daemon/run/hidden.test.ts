/** What a run says that is missing, and is there outside, is told; everything else is not. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { hiddenByWalls } from "../../../daemon/run/hidden.ts";
import type { Tree } from "../../../system/files/tree.ts";

const THERE = ["/opt/sdk/bin/cc", "/srv/cache", "/data/admin-token", "/w/SHOP-1/x"];
const tree: Tree = {
  look: (path) => (THERE.includes(path) ? { real: path, kind: "file", changedMs: 0 } : null),
  link: () => null,
  names: () => [],
};
const OWN = ["/data", "/w/SHOP-1", "/tmp"];

for (const [said, path] of [
  ["working\n/bin/sh: 1: /opt/sdk/bin/cc: not found\n", "/opt/sdk/bin/cc"],
  ["bash: /opt/sdk/bin/cc: No such file or directory", "/opt/sdk/bin/cc"],
  ["Error: ENOENT: no such file or directory, open '/srv/cache'", "/srv/cache"],
  ["FileNotFoundError: [Errno 2] No such file or directory: '/srv/cache'", "/srv/cache"],
  ["/gone: not found\n/srv/cache: not found.", "/srv/cache"],
] as const)
  test(`"${said.trim()}" names what is hidden`, () => {
    assert.match(hiddenByWalls(tree, said, OWN) ?? "", new RegExp(`hides ${path}, which is there outside`));
  });

for (const said of [
  "all is well with /srv/cache",
  "/gone: not found",
  "cat: /data/admin-token: No such file or directory",
  "/w/SHOP-1/x: not found",
  "",
])
  test(`I12: "${said}" names nothing`, () => assert.equal(hiddenByWalls(tree, said, OWN), null));

test("a megabyte of it is looked through in no time", () => {
  const began = performance.now();
  assert.equal(hiddenByWalls(tree, `${"/a".repeat(100_000)}: not found\n`.repeat(5), OWN), null);
  assert.ok(performance.now() - began < 2_000);
});
