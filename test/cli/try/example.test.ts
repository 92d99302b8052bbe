/** Artifacts made from schemas alone, checked as those of agents are. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleOf } from "../../../cli/try/example.ts";
import { verdictsKnown } from "../../../cli/try/plan.ts";
import { BUILT_IN_NAMES, builtInText } from "../../../daemon/workflows/built-in.ts";
import { readWorkflow } from "../../../daemon/workflows/read.ts";
import { checkArtifact, verdictOf } from "../../../system/schema/artifact.ts";
import { schemaTrouble } from "../../../system/schema/prepare.ts";
import type { Json } from "../../../workflow/workflow.ts";

const object = (
  required: readonly string[],
  properties: Json,
  more: { readonly [key: string]: Json } = {},
): Json => ({
  ...{ type: "object", required, properties },
  ...more,
});

const MAKEABLE: readonly Json[] = [
  object(["a"], { a: { type: "string", pattern: "^R[0-9]{1,3}$" }, b: { type: "integer" } }),
  {
    $ref: "#/$defs/x",
    $defs: { x: object(["next"], { next: { anyOf: [{ $ref: "#/$defs/x" }, { type: "null" }] } }) },
  },
  { oneOf: [object(["a"], { a: { const: 1 } }), object(["b"], { b: { const: 2 } })] },
  { type: "array", minItems: 3, uniqueItems: true, items: { type: "string", minLength: 4 } },
  { type: "array", minItems: 40, uniqueItems: true, items: { type: "integer" } },
  { type: "array", contains: { const: "x" }, minItems: 2 },
  { type: "array", prefixItems: [{ type: "integer" }, { type: "string" }], minItems: 2, items: false },
  {
    type: "object",
    minProperties: 2,
    additionalProperties: { type: "number", exclusiveMinimum: 3, multipleOf: 2 },
  },
  {
    type: "object",
    patternProperties: { "^x-[a-z]+$": { minimum: 5 } },
    minProperties: 2,
    additionalProperties: false,
  },
  object(
    ["kind"],
    { kind: { enum: ["a", "b"] } },
    { if: { properties: { kind: { const: "b" } } }, else: { required: ["x"] } },
  ),
  { type: "object", allOf: [{ required: ["a"] }, { properties: { a: { minLength: 5, type: "string" } } }] },
  object(["a"], { a: true }, { dependentRequired: { a: ["b"], b: ["c"] } }),
  { type: "string", pattern: "^(?:[a-z]+-){2}\\d{4,}$", minLength: 20 },
  { type: "number", exclusiveMinimum: 0, exclusiveMaximum: 0.5 },
  { type: "integer", maximum: -3, multipleOf: 7 },
  { type: ["null", "boolean"] },
  { not: { type: "string" } },
  { $ref: "#there", $defs: { a: { $anchor: "there", const: 3 } } },
  ...[
    "date",
    "time",
    "date-time",
    "duration",
    "email",
    "hostname",
    "ipv4",
    "ipv6",
    "uri",
    "uuid",
    "regex",
  ].map((format): Json => ({ type: "string", format })),
];

test("of every usual schema an artifact is made that it takes", () => {
  for (const schema of MAKEABLE) {
    assert.equal(schemaTrouble(schema), null, JSON.stringify(schema));
    const example = exampleOf(schema, null);
    assert.ok(example.kind === "made", `${JSON.stringify(schema)}: ${JSON.stringify(example)}`);
    assert.equal(checkArtifact(Buffer.from(example.text), schema).kind, "valid");
  }
});

test("D3: of every phase of a built-in workflow an artifact is made with each of its verdicts", () => {
  let made = 0;
  for (const name of BUILT_IN_NAMES) {
    const read = readWorkflow(builtInText(name)?.text ?? "", name, { schemaTrouble });
    assert.ok(read.kind === "workflow");
    for (const phase of read.workflow.phases)
      for (const verdict of verdictsKnown(phase)) {
        const example = exampleOf(phase.artifact?.schema ?? null, verdict);
        assert.ok(example.kind === "made", `${name} ${phase.key} ${verdict}: ${JSON.stringify(example)}`);
        assert.equal(verdictOf(JSON.parse(example.text)), verdict);
        made++;
      }
  }
  assert.ok(made >= 8, `${made} were made`);
});

test("where no artifact can be made, what is wrong with the best one is told, and soon", () => {
  const impossible = object(["a"], { a: { type: "string", minLength: 5, maxLength: 3 } });
  assert.deepEqual(exampleOf(impossible, null), {
    kind: "unable",
    reason: "asks for more than an example can be made of (a: has more than 3 characters (got: 5))",
  });
  const wide = (depth: number): Json =>
    depth === 0
      ? { type: "string" }
      : object(["a", "b", "c"], { a: wide(depth - 1), b: wide(depth - 1), c: wide(depth - 1) });
  for (const schema of [
    wide(5),
    {
      $ref: "#/$defs/t",
      $defs: { t: object(["l", "r"], { l: { $ref: "#/$defs/t" }, r: { $ref: "#/$defs/t" } }) },
    },
  ])
    assert.ok(["made", "unable"].includes(exampleOf(schema, null).kind));
  const slow = { type: "string", format: "hostname", pattern: "^(([a-z.])+)+!$" };
  assert.ok(["made", "unable"].includes(exampleOf(slow, null).kind));
});

test("what needs no schema is any text", () => {
  assert.deepEqual(exampleOf(null, null), { kind: "made", text: "tried\n" });
});
