/** Single fields of what a program printed. */

import assert from "node:assert/strict";
import test from "node:test";
import {
  countAt,
  isSince,
  linesIn,
  nameOf,
  nanosAt,
  numberAt,
  objectAt,
  objectsAt,
  parseFields,
  textAt,
  textsAt,
  wholeAt,
} from "../../../agents/dialect/fields.ts";
import { NAME_CHARS_MAX, TOKENS_MAX } from "../../../workflow/limits.ts";

test("A line of JSON is believed only as an object", () => {
  assert.deepEqual(parseFields('  {"a":1}'), { a: 1 });
  for (const line of ["", "plain", "[1]", "1", "null", '"{"', "{", '{"a":1} x'])
    assert.equal(parseFields(line), null);
});

test("A field of the wrong type is the same as a missing one", () => {
  const fields = { text: 1, object: [], list: "x", number: "1", count: -1, whole: 1.5, cost: "0.1" };
  assert.equal(textAt(fields, "text"), null);
  assert.equal(objectAt(fields, "object"), null);
  assert.deepEqual(objectsAt(fields, "list"), []);
  assert.deepEqual(textsAt(fields, "list"), []);
  assert.equal(numberAt(fields, "number"), null);
  assert.equal(countAt(fields, "count"), 0);
  assert.equal(wholeAt(fields, "whole"), 0);
  assert.equal(nanosAt(fields, "cost"), null);
  assert.equal(textAt(fields, "missing"), null);
});

test("Of a list what is of the right type is kept", () => {
  const fields = { list: [{ a: 1 }, "x", null, [], { b: 2 }, "y"] };
  assert.deepEqual(objectsAt(fields, "list"), [{ a: 1 }, { b: 2 }]);
  assert.deepEqual(textsAt(fields, "list"), ["x", "y"]);
});

test("U1: figures beyond honest work are none, and money is counted in whole nano-dollars", () => {
  assert.equal(countAt({ n: TOKENS_MAX }, "n"), TOKENS_MAX);
  assert.equal(countAt({ n: TOKENS_MAX + 1 }, "n"), 0);
  assert.equal(nanosAt({ n: 0.1 }, "n"), 100_000_000);
  assert.equal(nanosAt({ n: 1e9 }, "n"), null);
  assert.equal(nanosAt({ n: -0.1 }, "n"), null);
});

test("A name is stored with a bounded length, and without what a database takes in no text", () => {
  assert.equal(nameOf(`a\0b${"x".repeat(NAME_CHARS_MAX)}`).length, NAME_CHARS_MAX - 1);
});

test("Of a record the objects count, and of those the ones that say that they were written since", () => {
  const text = ['{"timestamp":"2026-11-21T05:00:00Z"}', "rubbish", '{"timestamp":"?"}', '{"a":1}', ""].join(
    "\n",
  );
  const lines = [...linesIn(text)];
  assert.equal(lines.length, 3);
  const five = Date.parse("2026-11-21T05:00:00Z");
  assert.deepEqual(
    lines.map((line) => isSince(line, five)),
    [true, false, false],
  );
  assert.deepEqual(
    lines.map((line) => isSince(line, five + 1)),
    [false, false, false],
  );
});
