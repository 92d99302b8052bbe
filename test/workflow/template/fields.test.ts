/** What a schema declares can be named: in a sample, and in every artifact that follows it. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { sampleOf, withDeclaredFields } from "../../../workflow/template/fields.ts";
import type { Json } from "../../../workflow/workflow.ts";

const STEP = {
  type: "object",
  required: ["title"],
  properties: { title: { type: "string" }, done: { type: "boolean" } },
};
const SCHEMA: Json = {
  type: "object",
  required: ["verdict", "steps"],
  properties: {
    verdict: { enum: ["yes", "no"] },
    steps: { type: "array", items: { $ref: "#/$defs/a~1step" } },
    count: { type: ["null", "integer"] },
    fixed: { const: 7 },
    pair: { type: "array", prefixItems: [{ type: "number" }] },
    anything: {},
  },
  allOf: [{ properties: { more: { type: "string" } } }],
  oneOf: [{ properties: { left: STEP } }, { properties: { right: { type: "boolean" } } }],
  $defs: { "a/step": STEP },
};

test("a full sample has every field that is declared, a sparse one only what has to be there", () => {
  assert.deepEqual(sampleOf(SCHEMA, "full"), {
    ...{
      verdict: "yes",
      steps: [{ title: "text", done: true }],
      count: 1,
      fixed: 7,
      pair: [1],
      anything: null,
    },
    ...{ more: "text", left: { title: "text", done: true }, right: true },
  });
  assert.deepEqual(sampleOf(SCHEMA, "sparse"), {
    ...{ verdict: "yes", steps: [], count: null, fixed: null, pair: null, anything: null },
    ...{ more: null, left: null, right: null },
  });
});

test("F1: an artifact is given null for what its agent has left out, at every depth, and keeps the rest", () => {
  const data = { verdict: "no", steps: [{ title: "a" }, { title: "b", done: false }], extra: { x: 1 } };
  assert.deepEqual(withDeclaredFields(SCHEMA, data), {
    ...{
      verdict: "no",
      steps: [
        { title: "a", done: null },
        { title: "b", done: false },
      ],
      extra: { x: 1 },
    },
    ...{ count: null, fixed: null, pair: null, anything: null, more: null, left: null, right: null },
  });
  assert.equal(withDeclaredFields(SCHEMA, "text"), "text");
  const own = withDeclaredFields({ properties: { constructor: {}, toString: {} } }, {});
  assert.deepEqual(own, { constructor: null, toString: null });
});

test("F2: schemas that name themselves or one another, and what is no schema, end soon", () => {
  const tree: Json = { type: "object", properties: { child: { $ref: "#" }, name: { type: "string" } } };
  const sample = JSON.stringify(sampleOf(tree, "full"));
  assert.ok(sample.startsWith('{"child":{"child":') && sample.length < 1_000, sample);
  const circle: Json = {
    $ref: "#/$defs/a",
    $defs: { a: { $ref: "#/$defs/b" }, b: { allOf: [{ $ref: "#/$defs/a" }] } },
  };
  assert.equal(sampleOf(circle, "full"), null);
  const wide = Object.fromEntries(Array.from({ length: 300 }, (_one, index) => [`p${index}`, { $ref: "#" }]));
  assert.ok(JSON.stringify(sampleOf({ type: "object", properties: wide }, "full")).length < 20_000_000);
  const rows = Array.from({ length: 20_000 }, () => ({}));
  const many = withDeclaredFields({ items: { properties: wide } }, rows);
  assert.ok(Array.isArray(many) && JSON.stringify(many).length < 2_000_000);
  for (const nothing of [null, true, "x", 7, [], { $ref: "https://example.org/s" }, { $ref: "#/nowhere" }])
    assert.equal(sampleOf(nothing, "full"), null);
});

test("F2: no schema and no data make it throw", () => {
  const word = fc.constantFrom(
    "type",
    "properties",
    "items",
    "$ref",
    "#",
    "#/properties",
    "allOf",
    "object",
    "array",
    "enum",
    "__proto__",
  );
  const tree = fc.letrec<{ any: Json }>((tie) => ({
    any: fc.oneof(
      { maxDepth: 5 },
      word,
      fc.constant(null),
      fc.array(tie("any"), { maxLength: 3 }),
      fc.dictionary(word, tie("any"), { maxKeys: 4 }),
    ),
  })).any;
  fc.assert(
    fc.property(tree, tree, (schema, data) => {
      sampleOf(schema, "full");
      sampleOf(schema, "sparse");
      withDeclaredFields(schema, data);
    }),
    { numRuns: 1_000 },
  );
});
