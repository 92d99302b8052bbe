/** Artifacts: whatever an agent left, the answer is a value or what to repair, soon and in little memory. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { ARTIFACT_BYTES_MAX, checkArtifact, verdictOf } from "../../../system/schema/artifact.ts";
import type { Json } from "../../../system/schema/measure.ts";
import { schemaTrouble } from "../../../system/schema/prepare.ts";

function check(text: string, schema: Json) {
  return checkArtifact(Buffer.from(text), schema);
}

function problems(value: unknown, schema: Json): readonly string[] {
  const checked = check(typeof value === "string" ? value : JSON.stringify(value), schema);
  return checked.kind === "invalid" ? checked.problems : assert.fail("it is valid");
}

const REVIEW: Json = {
  type: "object",
  required: ["verdict", "findings"],
  additionalProperties: false,
  properties: {
    verdict: { enum: ["approve", "request_changes"] },
    findings: {
      type: "array",
      items: {
        type: "object",
        required: ["text"],
        additionalProperties: false,
        properties: { text: { type: "string", minLength: 1 }, severity: { enum: ["minor", "major"] } },
      },
    },
  },
};

test("a valid artifact is its value and its text", () => {
  const value = { verdict: "approve", findings: [{ text: "größer 👍" }] };
  const text = JSON.stringify(value);
  assert.deepEqual(check(text, REVIEW), { kind: "valid", value, text });
});

test("A2: what is wrong with it is told line by line", () => {
  const value = {
    verdict: "approved",
    findings: [
      { sevrity: "major", text: "" },
      { text: "x", severity: 3 },
    ],
  };
  assert.deepEqual(problems(value, REVIEW), [
    'findings[0]: has the property "sevrity", which is not allowed; did you mean "severity"? (allowed: "text", "severity")',
    "findings[0].text: has fewer than 1 characters (got: 0)",
    'findings[1].severity: is none of the allowed values (allowed: "minor", "major"; got: 3)',
    'verdict: is none of the allowed values; did you mean "approve"? (allowed: "approve", "request_changes"; got: "approved")',
  ]);
  assert.deepEqual(problems(value, REVIEW), problems(value, REVIEW));
});

test("a byte order mark is no part of the text", () => {
  assert.deepEqual(check("\ufeff{}", {}), { kind: "valid", value: {}, text: "{}" });
  assert.deepEqual(check("\ufeff", null), { kind: "invalid", problems: ["top level: is empty"] });
});

test("without a schema any text will do that somebody can read", () => {
  assert.deepEqual(check("# Plan\n", null), { kind: "valid", value: "# Plan\n", text: "# Plan\n" });
  assert.deepEqual(problems(" \n\t", null), ["top level: is empty"]);
  assert.deepEqual(problems("a\0b", null), ["top level: holds a NUL character: write plain text"]);
});

test("what is no UTF-8, no JSON or too long is told as that", () => {
  const bytes = (...all: readonly number[]) => checkArtifact(Buffer.from(all), null);
  const isNoText = {
    kind: "invalid",
    problems: ["top level: is not UTF-8: write it as plain text in UTF-8"],
  };
  assert.deepEqual(bytes(0x22, 0xff, 0x22), isNoText);
  assert.deepEqual(bytes(0xff, 0xfe, 0x7b, 0x00), isNoText, "UTF-16");
  assert.deepEqual(bytes(0xed, 0xa0, 0x80), isNoText, "half a character");
  assert.deepEqual(bytes(0xc0, 0x80), isNoText, "an overlong NUL");
  assert.deepEqual(problems("```json\n{}\n```", {}), [
    "top level: is no JSON: it begins with a Markdown fence; write the JSON alone",
  ]);
  for (const text of ["{", "{'a': 1}", "[1,]", "nul", '{"a": NaN}', '"a\u0000b"', "{} {}", "// x\n{}"])
    assert.match(problems(text, {})[0] ?? "", /^top level: is no JSON: /, text);
  assert.deepEqual(problems(" ".repeat(ARTIFACT_BYTES_MAX + 1), {}), [
    "top level: is longer than 1 MiB: leave out what nobody needs",
  ]);
  assert.equal(check(`"${"x".repeat(ARTIFACT_BYTES_MAX - 2)}"`, {}).kind, "valid");
});

test("I13: what the parser quotes of it is shown without what nobody sees", () => {
  const [line = ""] = problems('{"a": \u202e\u001b[31mx}', {});
  assert.match(line, /^[\x20-\x7e]*$/);
});

test("data nested deeper than 64 levels is refused, however deep it is", () => {
  const tooDeep = ["top level: is nested deeper than 64 levels: make it flatter"];
  const nested = (levels: number): string => `${"[".repeat(levels)}${"]".repeat(levels)}`;
  assert.deepEqual(problems(nested(200_000), {}), tooDeep);
  assert.deepEqual(problems(nested(65), {}), tooDeep);
  assert.equal(
    check(nested(64), { $ref: "#/$defs/tree", $defs: { tree: { items: { $ref: "#/$defs/tree" } } } }).kind,
    "valid",
  );
});

test("a name that means something else to an object is one like any other", () => {
  const checked = check('{"__proto__": {"verdict": "approve", "polluted": 1}}', { type: "object" });
  assert.equal(checked.kind, "valid");
  assert.equal(verdictOf(checked.kind === "valid" ? checked.value : null), null);
  assert.equal("polluted" in {}, false);
  assert.deepEqual(problems('{"__proto__": 1}', { additionalProperties: false }), [
    'top level: has the property "__proto__", which is not allowed',
  ]);
});

test("V3: a pattern that would take for ever takes no time, and each pattern is its own", () => {
  const [line = ""] = problems(`${"a".repeat(100_000)}b`.replace(/^.*$/, '"$&"'), { pattern: "^(a+)+$" });
  assert.match(line, /^top level: does not match the pattern \(allowed: "\^\(a\+\)\+\$"; got: "a{80}…"\)$/);
  const two: Json = { properties: { a: { pattern: "^x$" }, b: { pattern: "^y$" }, c: { pattern: "^x$" } } };
  assert.equal(check('{"a": "x", "b": "y", "c": "x"}', two).kind, "valid");
  assert.equal(problems({ a: "y", b: "y", c: "x" }, two).length, 1);
  assert.equal(problems({ a: "x", b: "x", c: "y" }, two).length, 2);
});

const LATE = ["top level: takes longer than 200 ms to check: make it smaller"];

test("A1: a check that would take for ever is ended: the same parts twice on each level of the data", () => {
  const twice = { properties: { a: { $ref: "#" } } };
  let value: unknown = {};
  for (let level = 0; level < 60; level++) value = { a: value };
  assert.deepEqual(problems(value, { allOf: [twice, twice] }), LATE);
  assert.equal(check('{"a": {"a": {}}}', { allOf: [twice, twice] }).kind, "valid", "it is usable afterwards");
});

test("A1: unique items that take too long to compare are too many", () => {
  const items = Array.from({ length: 60_000 }, (_, at) => ({ at }));
  assert.deepEqual(problems(items, { uniqueItems: true }), LATE);
});

test("A3: millions of errors are not collected", () => {
  const before = process.memoryUsage().rss;
  const items = { allOf: Array.from({ length: 480 }, () => ({ const: 1 })) };
  assert.deepEqual(
    problems(
      Array.from({ length: 30_000 }, () => 0),
      { items },
    ),
    ["[0]: is not the one allowed value (allowed: 1; got: 0)"],
  );
  assert.ok(process.memoryUsage().rss - before < 256 * 1_048_576);
});

test("a schema that cannot be used makes no artifact valid", () => {
  assert.match(
    problems({}, { $ref: "#" })[0] ?? "",
    /^top level: cannot be checked, because its schema refers to /,
  );
});

test("references in a circle that hide behind a base of their own are ended", () => {
  const $defs = { b: { $id: "urn:x:b", allOf: [{ $ref: "urn:x:b" }] } };
  const schema = { properties: { x: { $ref: "urn:x:b" } }, $defs };
  assert.equal(schemaTrouble(schema), null);
  assert.match(
    problems({ x: 1 }, schema)[0] ?? "",
    /^top level: cannot be checked: its schema goes round in a /,
  );
});

test("many schemas are checked by, one after the other", () => {
  for (let round = 0; round < 2; round++)
    for (let at = 0; at < 70; at++) assert.equal(check(`${at}`, { const: at }).kind, "valid");
});

test("a verdict is a name at the top, and nothing else is", () => {
  assert.equal(verdictOf({ verdict: "HEALTHY" }), "HEALTHY");
  assert.equal(verdictOf({ verdict: "request_changes" }), "request_changes");
  assert.equal(verdictOf({ verdict: "x".repeat(64) }), "x".repeat(64));
  for (const verdict of ["", "a b", "a\n", "x".repeat(65), "-a", "ä", "\u202eok", 1, null, ["ok"]])
    assert.equal(verdictOf({ verdict }), null, JSON.stringify(verdict));
  for (const value of [
    null,
    "approve",
    [],
    {},
    { inner: { verdict: "ok" } },
    Object.create({ verdict: "ok" }),
  ])
    assert.equal(verdictOf(value), null);
});

const NAMES = fc.constantFrom("a", "b", "toString");
const PATTERNS = fc.constantFrom("^a", "b$", "^[a-z]{2,}$", "x|y");
const { schema: SCHEMAS } = fc.letrec<{ schema: Record<string, Json>; part: Json }>((tie) => {
  const part = tie("part");
  const parts = fc.array(part, { minLength: 1, maxLength: 2 });
  const keywords: Record<string, fc.Arbitrary<Json>> = {
    type: fc.constantFrom("string", "number", "integer", "object", "array", "null", "boolean"),
    enum: fc.uniqueArray(fc.constantFrom<Json>(1, "a", null, [], "ab"), { minLength: 1, maxLength: 3 }),
    required: fc.uniqueArray(NAMES, { maxLength: 2 }),
    properties: fc.dictionary(NAMES, part, { maxKeys: 2 }),
    patternProperties: fc.dictionary(PATTERNS, part, { maxKeys: 1 }),
    uniqueItems: fc.boolean(),
    maxItems: fc.nat(3),
    minLength: fc.nat(3),
    pattern: PATTERNS,
    minimum: fc.integer({ min: -3, max: 3 }),
    multipleOf: fc.constantFrom(1, 2, 0.5),
    ...{ anyOf: parts, oneOf: parts, not: part, items: part, contains: part },
    ...{ additionalProperties: part, unevaluatedProperties: part, propertyNames: part },
  };
  const pairs = Object.entries(keywords).map(([key, value]) => fc.tuple(fc.constant(key), value));
  return {
    part: fc.oneof({ maxDepth: 2 }, fc.boolean(), tie("schema")),
    schema: fc.array(fc.oneof(...pairs), { maxLength: 4 }).map((entries) => Object.fromEntries(entries)),
  };
});
const VALUES = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.dictionary(NAMES, fc.jsonValue({ maxDepth: 1 })),
  fc.constantFrom("a", "ab", "xyz", 1, 2.5, null, [], [1, 1], { toString: 1 }),
);

test("A1: whatever the schema and the value, the answer is that of the library alone, and never an error", () => {
  const property = fc.property(
    SCHEMAS,
    fc.array(VALUES, { minLength: 4, maxLength: 4 }),
    (schema, values) => {
      assert.equal(schemaTrouble(schema), null);
      const plain = new Ajv2020({ strict: false, ownProperties: true }).compile(schema);
      for (const value of values) {
        const text = JSON.stringify(value);
        const checked = check(text, schema);
        assert.equal(checked.kind, plain(JSON.parse(text)) ? "valid" : "invalid", text);
        if (checked.kind === "valid") continue;
        assert.ok(checked.problems.length > 0 && checked.problems.length <= 21);
        for (const line of checked.problems) assert.doesNotMatch(line, /[\p{Cc}\p{Cf}]/u);
      }
    },
  );
  fc.assert(property, { numRuns: 30, endOnFailure: true });
});
