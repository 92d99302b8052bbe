/** Why schemas cannot be used: each says where, what, and what to do. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { schemaTrouble } from "../../../system/schema/prepare.ts";

const DRAFT = "https://json-schema.org/draft/2020-12/schema";

const USABLE: readonly unknown[] = [
  null,
  {},
  { $schema: DRAFT, $id: "https://example.com/mine", type: "object" },
  { $schema: `${DRAFT}#`, description: "x", $comment: "y", examples: [1], default: 2, deprecated: true },
  { properties: { a: { minLength: 3 } }, required: ["b"] },
  { prefixItems: [{ type: "string" }], unevaluatedItems: false },
  { type: ["string", "null"], format: "date-time" },
  { $defs: { a: { $anchor: "it", type: "string" } }, items: { $ref: "#it" } },
  {
    type: "object",
    required: ["k"],
    discriminator: { propertyName: "k" },
    oneOf: [{ properties: { k: { const: "a" } } }],
  },
  { properties: { ab: {} }, patternProperties: { "^a": {} } },
  { pattern: "^(?<year>\\d{4})-[\\u00e4\\u{1F44D}\\w.\\-/]+$" },
  { properties: { child: { $ref: "#" } } },
];
for (const schema of USABLE)
  test(`can be used: ${JSON.stringify(schema)}`, () => assert.equal(schemaTrouble(schema), null));

const IN_IT =
  'which is not in it: nothing is loaded from elsewhere; put it under "$defs", and refer to it as "#/$defs/NAME"';
const NO_LOOKING = "do without look-around, back references, and more than 1,000 repeats";

const UNUSABLE: readonly (readonly [schema: unknown, says: string])[] = [
  [true, 'is not a mapping: write a JSON Schema, such as {"type": "object"}'],
  [["string"], 'is not a mapping: write a JSON Schema, such as {"type": "object"}'],
  [undefined, "holds something that JSON has no word for: use texts, finite numbers, true, false and null"],
  [
    { properties: { name: { minLenght: 3 } } },
    'has the keyword "minLenght" at properties.name.minLenght, which JSON Schema 2020-12 does not know; did you mean "minLength"?',
  ],
  [
    { items: [{ type: "string" }] },
    "is no JSON Schema 2020-12: items: is not of the right type (allowed: object, boolean; got: a list of 1)",
  ],
  [
    { allOf: [{ additionalItems: false }] },
    'has the keyword "additionalItems" at allOf[0].additionalItems, which JSON Schema 2020-12 does not know: take it out, or put it into "description"',
  ],
  [{ $ref: "https://example.com/x\u202e" }, `refers to "https://example.com/x\\u{202e}", ${IN_IT}`],
  [{ $ref: "#/$defs/none" }, `refers to "#/$defs/none", ${IN_IT}`],
  [{ $ref: DRAFT }, `refers to "${DRAFT}", ${IN_IT}`],
  [
    { $schema: "http://json-schema.org/draft-07/schema#" },
    `is of another kind than JSON Schema 2020-12 ("$schema" is "http://json-schema.org/draft-07/schema#"): take "$schema" out, or write "${DRAFT}"`,
  ],
  [{ $async: true }, 'has the keyword "$async", by which it would wait for somebody else: take it out'],
  [
    { pattern: "(?=a)" },
    `has the pattern "(?=a)", which is not supported (invalid or unsupported Perl syntax: \`(?=\`): ${NO_LOOKING}`,
  ],
  [
    { pattern: "(a)\\1" },
    `has the pattern "(a)\\\\1", which is not supported (invalid escape sequence: \`\\1\`): ${NO_LOOKING}`,
  ],
  [
    { pattern: "a{1001}" },
    `has the pattern "a{1001}", which is not supported (invalid repeat count: \`{1001}\`): ${NO_LOOKING}`,
  ],
  [{ pattern: "(" }, `has the pattern "(", which is not supported (missing closing ): \`(\`): ${NO_LOOKING}`],
  [{ if: {} }, 'cannot be used: "if" without "then" and "else" is ignored'],
  [
    { type: "objec" },
    'is no JSON Schema 2020-12: type: is none of the allowed values; did you mean "object"? (allowed: "array", "boolean", "integer", "null", "number", "object", "string"; got: "objec"); type: is not of the right type (allowed: array; got: "objec"; in form 2); type: fits none of the forms that are allowed (got: "objec")',
  ],
  [
    { $defs: { a: JSON.parse('{"__proto__": {}}') } },
    'names "__proto__", by which no property can be told: use another name',
  ],
  [
    { const: Number.NaN },
    "holds something that JSON has no word for: use texts, finite numbers, true, false and null",
  ],
];
for (const [schema, says] of UNUSABLE)
  test(`says of ${JSON.stringify(schema)} what is wrong with it`, () =>
    assert.equal(schemaTrouble(schema), says));

test("an unknown format is told with those that are known", () => {
  const says = schemaTrouble({ format: "datetime" }) ?? "";
  assert.match(
    says,
    /^has the format "datetime", which is not known; did you mean "date-time"\? \(known: "date", /,
  );
});

test("what is too large, too deep or goes round in a circle is told before anybody walks through it", () => {
  assert.match(
    schemaTrouble({ description: "x".repeat(65_536) }) ?? "",
    /^has 65,554 bytes as JSON, and 65,536 /,
  );
  const many = { enum: Array.from({ length: 999 }, (_, at) => at) };
  assert.match(schemaTrouble(many) ?? "", /^is made of more than 1,000 values: /);
  let deep: unknown = {};
  for (let level = 0; level < 40; level++) deep = { properties: { deep } };
  assert.match(schemaTrouble(deep) ?? "", /^is nested deeper than 64 levels: /);
  const circle: Record<string, unknown> = {};
  circle["not"] = circle;
  assert.match(schemaTrouble(circle) ?? "", /^is nested deeper than 64 levels: /);
  assert.match(schemaTrouble({ $ref: "#" }) ?? "", /^refers to itself in a circle, /);
});

test("patterns that take much memory together are refused", () => {
  const each = Array.from({ length: 100 }, (_, at) => [`^(x{1,900}${at})$`, {}]);
  assert.match(
    schemaTrouble({ patternProperties: Object.fromEntries(each) }) ?? "",
    /^has too many steps in its patterns: repeat less than "\^\(x\{1,900\}\d+\)\$" does$/,
  );
});

test("a schema of five hundred properties can be used", () => {
  const properties = Object.fromEntries(
    Array.from({ length: 480 }, (_, at) => [`p${at}`, { type: "string" }]),
  );
  assert.equal(schemaTrouble({ type: "object", properties }), null);
});
