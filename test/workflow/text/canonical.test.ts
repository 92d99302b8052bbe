/** One text for one value, whoever has put it together. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { canonicalJson } from "../../../workflow/text/canonical.ts";

test("canonical JSON has its keys in order, no blanks, and says what the value says", () => {
  const value = { b: [1, { z: null, a: "ä\n" }], a: true, none: undefined, "\u20ac": 1, Z: 2 };
  assert.equal(canonicalJson(value), '{"Z":2,"a":true,"b":[1,{"a":"ä\\n","z":null}],"€":1}');
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), (any) => {
      const text = canonicalJson(any);
      assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(any)));
      assert.equal(canonicalJson(JSON.parse(text)), text);
    }),
    { numRuns: 300 },
  );
});
