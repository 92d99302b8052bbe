/** Schemas whose checks would go round in a circle, or never end, are found by looking at them. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { entanglement } from "../../../system/schema/entangled.ts";

const CIRCLES: readonly Readonly<Record<string, unknown>>[] = [
  { $ref: "#" },
  { allOf: [{ type: "object" }, { $ref: "#" }] },
  { $defs: { a: { $ref: "#/$defs/b" }, b: { not: { $ref: "#/$defs/a" } } } },
  { properties: { x: { anyOf: [{ $ref: "#/properties/x" }] } } },
  { $defs: { "a/b~c d": { if: { $ref: "#/$defs/a~1b~0c%20d" } } } },
  { $anchor: "top", oneOf: [{ $ref: "#top" }] },
  { $dynamicAnchor: "top", else: { $dynamicRef: "#top" } },
  { dependentSchemas: { a: { $ref: "#" } } },
];
for (const schema of CIRCLES)
  test(`E1: goes round in a circle: ${JSON.stringify(schema)}`, () => {
    assert.match(entanglement(schema) ?? "", /^refers to itself in a circle, /);
  });

const FINE: readonly Readonly<Record<string, unknown>>[] = [
  { properties: { child: { $ref: "#" } }, items: { $ref: "#" }, additionalProperties: { $ref: "#" } },
  { $defs: { a: { type: "string" } }, anyOf: [{ $ref: "#/$defs/a" }, { $ref: "#/$defs/a" }] },
  { properties: { $ref: { type: "string" }, allOf: { type: "array" }, not: {} } },
  { examples: [{ $ref: "#" }], $ref: "#/$defs/none" },
  { $ref: "https://example.com/x" },
  { $ref: "#/%E0%A4%A" },
];
for (const schema of FINE)
  test(`comes to an end: ${JSON.stringify(schema)}`, () => assert.equal(entanglement(schema), null));

test("E2: parts that each refer twice to the next unfold into too much, and a dozen of them do not", () => {
  const chain = (length: number): Readonly<Record<string, unknown>> => {
    const names = Array.from({ length }, (_, at) => at);
    const twice = (at: number) => ({ allOf: [{ $ref: `#/$defs/${at + 1}` }, { $ref: `#/$defs/${at + 1}` }] });
    const $defs = Object.fromEntries(names.map((at) => [at, at === length - 1 ? {} : twice(at)]));
    return { $defs, $ref: "#/$defs/0" };
  };
  assert.match(entanglement(chain(40)) ?? "", /^unfolds into more than 10,000 checks of one value: /);
  assert.equal(entanglement(chain(10)), null);
});
