/** The hash of a workflow is that of its canonical JSON. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { canonical, hashOf } from "../../../daemon/workflows/hash.ts";
import { SINGLE } from "../../../workflow/workflow.ts";

test("canonical JSON has its keys in order, no blanks, and says what the value says", () => {
  assert.equal(
    canonical({ b: [1, { z: null, a: "ä\n" }], a: true, "\u20ac": 1, Z: 2 }),
    '{"Z":2,"a":true,"b":[1,{"a":"ä\\n","z":null}],"€":1}',
  );
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
      const text = canonical(value);
      assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(value)));
      assert.equal(canonical(JSON.parse(text)), text);
    }),
    { numRuns: 300 },
  );
});

test("D1: the hash of single stays what it is until single says something else", () => {
  assert.equal(hashOf(SINGLE), "f0b198cd3a3dc2d5ea85cc357832d7308fa419aa46c957dceb4bfdd0174b37f1");
});
