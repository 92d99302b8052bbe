/** What an agent asks is one closed form, or is refused in words that it can mend it by. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { type ReadForm, readForm } from "../../../agents/asking/form.ts";

const FIELD = { name: "size", type: "choice", label: "Which size?", options: ["small", "large"] };
const GOOD = { reason: "two ways are open", fields: [FIELD] };

function read(form: unknown): ReadForm {
  return readForm(JSON.stringify(form));
}

function problems(form: unknown): readonly string[] {
  const answer = read(form);
  return answer.kind === "malformed"
    ? answer.problems
    : assert.fail(`${answer.kind}: ${JSON.stringify(form)}`);
}

test("B3: a form is read with what it leaves out, and is known by what it says and not by how it is written", () => {
  const answer = read({ ...GOOD, title: " A\tline\u202e ", expires: "2h", on_expire: "continue" });
  assert.ok(answer.kind === "asked");
  assert.deepEqual(answer.asks.form, {
    title: "A line",
    reason: "two ways are open",
    expiresMs: 7_200_000,
    onExpire: "continue",
    fields: [{ ...FIELD, required: true, min: null, max: null, default: null }],
  });
  const same = readForm(
    '{"fields":[{"type":"choice","name":"size","options":["small","large"],"label":"Which size?"}],"reason":"two ways are open"}',
  );
  const first = read(GOOD);
  assert.ok(same.kind === "asked" && first.kind === "asked");
  assert.equal(same.asks.hash, first.asks.hash);
  assert.notEqual(answer.asks.hash, first.asks.hash);
});

test("I13: a form of any other shape is refused, with the place and what is wrong there", () => {
  const fields = (...all: readonly object[]): object => ({
    reason: "r",
    fields: all.map((one) => ({ ...FIELD, ...one })),
  });
  const table: readonly [unknown, wanted: RegExp][] = [
    [null, /^the form: /],
    [[], /^the form: /],
    [{ ...GOOD, schema: {} }, /^the form: .*schema/],
    [{ ...GOOD, ["__proto__x"]: 1 }, /^the form: /],
    [{ reason: "r" }, /^fields: /],
    [{ ...GOOD, fields: [] }, /^fields: /],
    [{ ...GOOD, reason: " \u200b " }, /^reason: must not be empty/],
    [{ ...GOOD, reason: "x".repeat(501) }, /^reason: /],
    [{ ...GOOD, expires: "soon" }, /^expires: must be a duration/],
    [{ ...GOOD, expires: "1s" }, /^expires: must be between "1m" and "30d"/],
    [{ ...GOOD, expires: "400d" }, /^expires: /],
    [{ ...GOOD, on_expire: "ignore" }, /^on_expire: /],
    [fields({ name: "../../etc" }), /^fields\[0\]\.name: must be a small letter/],
    [fields({ name: "__proto__" }), /^fields\[0\]\.name: /],
    [fields({ name: "a".repeat(41) }), /^fields\[0\]\.name: /],
    [fields({ type: "object" }), /^fields\[0\]\.type: /],
    [fields({ fields: [] }), /^fields\[0\]: .*fields/],
    [fields({ options: [] }), /^fields\[0\]\.options: /],
    [fields({ options: undefined }), /^fields\[0\]: has no options/],
    [fields({ options: ["a", "a"] }), /^fields\[0\]: names an option twice/],
    [fields({ type: "text" }), /^fields\[0\]: options are not for text/],
    [fields({ min: 1 }), /^fields\[0\]: min and max are not for choice/],
    [
      fields({ type: "text", options: undefined, min: -1 }),
      /^fields\[0\]: min and max of text are whole numbers/,
    ],
    [fields({ type: "number", options: undefined, min: 2, max: 1 }), /^fields\[0\]: min is more than max/],
    [fields({ type: "choices", min: 3 }), /^fields\[0\]: min is more than there are options/],
    [fields({ default: "huge" }), /^fields\[0\]: its default must be one of small, large/],
    [fields({ type: "secret", options: undefined, default: "x" }), /^fields\[0\]: a secret has no default/],
    [fields({}, {}), /^fields: names a field twice/],
    [fields(...Array.from({ length: 21 }, (_, index) => ({ name: `f${index}` }))), /^fields: /],
  ];
  for (const [form, wanted] of table) assert.match(problems(form)[0] ?? "", wanted, JSON.stringify(form));
  for (const text of ["", "{", "NaN", "[".repeat(30_000), "\u0000"])
    assert.equal(readForm(text).kind, "malformed", text.slice(0, 9));
});
