/** Values are measured without being walked through by anything that depth or a circle could hurt. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { measure } from "../../../system/schema/measure.ts";

function nested(levels: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level++) value = level % 2 === 0 ? [value] : { value };
  return value;
}

test("values are counted with all within them", () => {
  const { values, ...rest } = measure({ a: [1, "x", null], b: true }, 64, 1_000);
  assert.equal(values, 6);
  assert.deepEqual(rest, { isTooDeep: false, isJson: true, hasProto: false });
});

test("64 levels are allowed and 65 are not, and depth hurts nobody", () => {
  assert.equal(measure(nested(64), 64, 1_000).isTooDeep, false);
  assert.equal(measure(nested(65), 64, 1_000).isTooDeep, true);
  assert.equal(measure(nested(1_000_000), 64, 1_000).isTooDeep, true);
});

test("a circle is too deep, and a bush of the same branches is too many", () => {
  const circle: Record<string, unknown> = {};
  circle["again"] = circle;
  assert.equal(measure(circle, 64, 1_000).isTooDeep, true);
  let bush: unknown = 1;
  for (let level = 0; level < 40; level++) bush = [bush, bush];
  assert.equal(measure(bush, 64, 1_000).values, 1_001);
});

test("what JSON has no word for is found, and the name that means something else", () => {
  for (const odd of [undefined, Number.NaN, 1n, new Date(0), new Map(), () => 1, Symbol("x"), Infinity])
    assert.equal(measure({ odd }, 64, 1_000).isJson, false, String(odd));
  assert.equal(measure(JSON.parse('[{"__proto__": 1}]'), 64, 1_000).hasProto, true);
});
