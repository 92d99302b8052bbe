/** A schema is copied within its bounds, and no further. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { boundedSchema } from "../../../system/schema/bounded.ts";

test("what is within the bounds is copied as it is, and shares nothing with what it was", () => {
  const inner = { type: "string" };
  const schema = { properties: { a: inner, b: inner }, required: ["a"], minimum: 1.5, not: null, x: true };
  const bounded = boundedSchema(schema);
  assert.ok(bounded.kind === "json");
  assert.deepEqual(bounded.json, schema);
  assert.notEqual(bounded.json, schema);
});

test("values, levels and bytes are counted; a circle is too deep, and what is no JSON is none", () => {
  const circle: Record<string, unknown> = {};
  circle["not"] = circle;
  const wide = { enum: Array.from({ length: 998 }, (_one, index) => index) };
  assert.equal(boundedSchema(wide).kind, "json");
  for (const [schema, reason] of [
    [{ ...wide, type: "number" }, "has more than 1000 values"],
    [circle, "is nested deeper than 64 levels"],
    [{ pattern: "ä".repeat(32_768) }, "must be 64 KiB at most"],
    [{ default: new Date(0).getTime, type: "x" }, "must be JSON"],
    [{ default: Number.NaN }, "must be JSON"],
    [{ default: undefined }, "must be JSON"],
  ] as const)
    assert.deepEqual(boundedSchema(schema), { kind: "trouble", reason });
});

test("__proto__ is copied as a key", () => {
  const bounded = boundedSchema(JSON.parse('{ "properties": { "__proto__": { "type": "string" } } }'));
  assert.ok(bounded.kind === "json");
  assert.equal(JSON.stringify(bounded.json), '{"properties":{"__proto__":{"type":"string"}}}');
});
