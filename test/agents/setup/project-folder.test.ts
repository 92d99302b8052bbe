/** Projects keep what outlives their tasks apart. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { projectFolder } from "../../../agents/setup/project-folder.ts";

test("agents write in a folder of their project that holds none of its caches, nor anything of another", () => {
  const [shop, mill] = [projectFolder("/d", "shop"), projectFolder("/d", "mill")];
  const all = [shop.data, shop.caches, mill.data, mill.caches];
  for (const one of all)
    assert.deepEqual(
      all.filter((other) => `${other}/`.startsWith(`${one}/`)),
      [one],
    );
});
