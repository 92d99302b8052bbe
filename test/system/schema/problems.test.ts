/** Lines for whoever has to repair a value: each keyword has its words, and the same errors make the same lines. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { problemsOf } from "../../../system/schema/problems.ts";
import { compile, type Schema } from "../../../system/schema/validators.ts";

function problems(schema: Schema, value: unknown): readonly string[] {
  const validator = compile(schema, true);
  validator(value);
  return problemsOf(validator.errors ?? []);
}

const FORMS = { oneOf: [{ type: "number" }, { type: "integer" }] };

const ROWS: readonly (readonly [schema: Schema, value: unknown, line: string])[] = [
  [{ type: "string" }, 1, "top level: is not of the right type (allowed: string; got: 1)"],
  [
    { type: ["string", "null"] },
    [1],
    "top level: is not of the right type (allowed: string, null; got: a list of 1)",
  ],
  [{ required: ["a"] }, {}, 'top level: lacks the property "a"'],
  [{ required: ["toString"] }, {}, 'top level: lacks the property "toString"'],
  [
    { properties: { severity: {} }, additionalProperties: false },
    { sevrity: 1 },
    'top level: has the property "sevrity", which is not allowed; did you mean "severity"? (allowed: "severity")',
  ],
  [
    { additionalProperties: false },
    { "\u202e": 1 },
    'top level: has the property "\\u{202e}", which is not allowed',
  ],
  [
    { unevaluatedProperties: false, properties: { a: {} } },
    { x: 1 },
    'top level: has the property "x", which is not allowed; did you mean "a"? (allowed: "a")',
  ],
  [
    { enum: ["minor", 2] },
    "mino",
    'top level: is none of the allowed values; did you mean "minor"? (allowed: "minor", 2; got: "mino")',
  ],
  [{ const: "a" }, "b", 'top level: is not the one allowed value (allowed: "a"; got: "b")'],
  [{ pattern: "^a$" }, "b", 'top level: does not match the pattern (allowed: "^a$"; got: "b")'],
  [{ format: "date" }, "x", 'top level: is not a valid date (got: "x")'],
  [{ minLength: 2 }, "👍", "top level: has fewer than 2 characters (got: 1)"],
  [{ maxLength: 1 }, "ab", "top level: has more than 1 characters (got: 2)"],
  [{ minItems: 2 }, [1], "top level: has fewer than 2 items (got: a list of 1)"],
  [{ maxItems: 1 }, [1, 2], "top level: has more than 1 items (got: a list of 2)"],
  [{ prefixItems: [{}], items: false }, [1, 2], "top level: has more than 1 items (got: a list of 2)"],
  [
    { prefixItems: [{}], unevaluatedItems: false },
    [1, 2],
    "top level: has more than 1 items (got: a list of 2)",
  ],
  [{ minProperties: 1 }, {}, "top level: has fewer than 1 properties (got: an object of 0)"],
  [{ maxProperties: 0 }, { a: 1 }, "top level: has more than 0 properties (got: an object of 1)"],
  [{ minimum: 1 }, 0, "top level: must be >= 1 (got: 0)"],
  [{ exclusiveMaximum: 1 }, 1, "top level: must be < 1 (got: 1)"],
  [{ multipleOf: 5 }, 7, "top level: is no multiple of 5 (got: 7)"],
  [{ uniqueItems: true }, [1, 2, 1], "top level: has the same item at 0 and 2"],
  [
    { contains: { type: "number" }, minContains: 1, maxContains: 1 },
    [1, 2],
    'top level: needs at least 1 and at most 1 items of the form in "contains" (got: a list of 2)',
  ],
  [FORMS, 1, "top level: fits more than one form (1, 2) (got: 1)"],
  [{ not: {} }, 1, "top level: is of a form that is not allowed (got: 1)"],
  [{ properties: { a: false } }, { a: 1 }, "a: must not be there"],
  [{ dependentRequired: { a: ["b"] } }, { a: 1 }, 'top level: has the property "a" and therefore needs "b"'],
  [
    { propertyNames: { maxLength: 1 } },
    { abc: 1 },
    'top level: its property name "abc" has more than 1 characters (got: 3)',
  ],
  [
    {
      type: "object",
      required: ["kind"],
      discriminator: { propertyName: "kind" },
      oneOf: [{ properties: { kind: { const: "a" } } }, { properties: { kind: { const: "b" } } }],
    },
    { kind: "c" },
    'top level: has a "kind" by which no form is known (got: "c")',
  ],
];
for (const [schema, value, line] of ROWS)
  test(`A2: ${line}`, () => assert.deepEqual(problems(schema, value), [line]));

test("what fits none of several forms is told with what each lacks, and if-then with what follows", () => {
  const schema = { properties: { a: { anyOf: [{ type: "string" }, { required: ["k"] }] } } };
  assert.deepEqual(problems(schema, { a: {} }), [
    "a: is not of the right type (allowed: string; got: an object of 0; in form 1)",
    'a: lacks the property "k" (in form 2)',
    "a: fits none of the forms that are allowed (got: an object of 0)",
  ]);
  const parsed: Schema = JSON.parse('{"if": {"required": ["a"]}, "then": {"required": ["b"]}}');
  assert.deepEqual(problems(parsed, { a: 1 }), ['top level: lacks the property "b"']);
});

test("where an item is missing, what the others lack is told, too", () => {
  assert.deepEqual(problems({ contains: { type: "string" } }, [1]), [
    'top level: needs at least 1 items of the form in "contains" (got: a list of 1)',
    "[0]: is not of the right type (allowed: string; got: 1)",
  ]);
});

test("places are named as a program would, in the order of their numbers", () => {
  const value = { list: Array.from({ length: 11 }, () => 0), "a/b~ c": 0, "": 0 };
  const items = { items: { const: 1 } };
  const all = problems({ properties: { list: items, "a/b~ c": { const: 1 }, "": { const: 1 } } }, value);
  const places = all.map((line) => line.slice(0, line.indexOf(": ")));
  assert.deepEqual(places, ['[""]', '["a/b~ c"]', ...value.list.map((_, at) => `list[${at}]`)]);
});

test("at most twenty lines, and the rest is counted; the same line stands once", () => {
  const many = problems(
    { items: { const: 1 } },
    Array.from({ length: 5_000 }, () => 0),
  );
  assert.equal(many.length, 21);
  assert.equal(many.at(-1), "and 4,980 more");
  const same = problems({ allOf: Array.from({ length: 30 }, () => ({ const: 1 })) }, 0);
  assert.deepEqual(same, ["top level: is not the one allowed value (allowed: 1; got: 0)"]);
});

test("for a name that is a book nothing similar is looked for, and none is shown whole", () => {
  const properties = Object.fromEntries(Array.from({ length: 400 }, (_, at) => [`property${at}`, {}]));
  const [line = ""] = problems({ properties, additionalProperties: false }, { ["x".repeat(1_000_000)]: 1 });
  assert.ok(
    line.length < 600 && /^top level: has the property "x{80}…", which is not allowed \(/.test(line),
    line,
  );
});
