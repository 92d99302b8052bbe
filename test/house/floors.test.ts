/** The measure of the building, on small ones. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { circlesOf, floorsOf } from "./floors.ts";
import { parseSource } from "./source.ts";

function building(files: Readonly<Record<string, readonly string[]>>) {
  return Object.entries(files).map(([path, lines]) => parseSource(path, lines.join("\n")));
}

test("a file stands one above the highest that it imports, for values or for types; other rooms are ground", () => {
  const floors = floorsOf(
    building({
      "daemon/main.ts": ['import { a } from "./run/a.ts";', 'import { x } from "../system/x.ts";'],
      "daemon/run/a.ts": ['import type { B } from "../b.ts";', 'export { c } from "../c.ts";'],
      "daemon/b.ts": ['import { c } from "./c.ts";'],
      "daemon/c.ts": ['import "node:fs";'],
    }),
  );
  assert.deepEqual(Object.fromEntries(floors), {
    "daemon/c.ts": 1,
    "daemon/b.ts": 2,
    "daemon/run/a.ts": 3,
    "daemon/main.ts": 4,
  });
});

test("a circle is told once, with its way round, also when only types make it", () => {
  const circles = circlesOf(
    building({
      "a.ts": ['import { b } from "./b.ts";', 'import { d } from "./d.ts";'],
      "b.ts": ['import type { C } from "./c.ts";'],
      "c.ts": ['import { b } from "./b.ts";', 'import { d } from "./d.ts";'],
      "d.ts": [""],
    }),
  );
  assert.deepEqual(circles, [["b.ts", "c.ts", "b.ts"]]);
});
