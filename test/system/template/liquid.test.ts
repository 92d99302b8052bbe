/** Templates: strict when they are read, data when they are filled in, the same each time, and bounded. */

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  fillTemplate,
  templateTrouble,
  templateTroubles,
  type Values,
} from "../../../system/template/liquid.ts";

const FULL = {
  slot: { date: "2026-11-28", time: "03:00" },
  previous: { key: "SHOP-1", summary: "all {{ well }}" },
  list: [{ name: "a" }],
};
const SAMPLES: readonly [Values, Values] = [FULL, { ...FULL, previous: null }];

test("T2: what is filled in is never read as a template, and nothing is there as nothing", () => {
  const template = "{{ slot.date }}: {% if previous %}{{ previous.summary }}{% else %}first{% endif %}";
  assert.equal(templateTrouble(template, SAMPLES), null);
  assert.deepEqual(fillTemplate(template, FULL), { kind: "filled", text: "2026-11-28: all {{ well }}" });
  assert.deepEqual(fillTemplate(template, SAMPLES[1]), { kind: "filled", text: "2026-11-28: first" });
  assert.deepEqual(fillTemplate("-{{ previous.key }}-", SAMPLES[1]), { kind: "filled", text: "--" });
  const called = { slot: { date: "x" }, constructor: () => assert.fail() };
  assert.equal(fillTemplate("{{ slot.constructor }}", called).kind, "trouble");
});

const REFUSED: readonly (readonly [template: string, says: RegExp])[] = [
  ["{{ slot.dat }}", /names "slot\.dat", which is not there; did you mean "slot\.date"\?$/],
  ["{{ task }}", /names "task", which is not there; there are slot, previous, list$/],
  ["{% if slot.date == 'x' %}{{ nothing }}{% endif %}", /names "nothing"/],
  ["{% if slot.tim %}{% endif %}", /names "slot\.tim", which is not there; did you mean "slot\.time"/],
  ["a\n{{ slot.date | shout }}", /undefined filter: shout \(its line 2, column 1\)$/],
  ["{% for one in list %}{{ one.nope }}{% endfor %}", /undefined variable: one\.nope \(its line 1, /],
  ["{{ slot }}", /a value with parts cannot be printed whole/],
  ["{{ slot | raw }}", /undefined filter: raw/],
  ["{% if a", /not closed/],
  ["{% include 'package.json' %}", /tag "include" not found/],
  ["{% render 'x' %}", /tag "render" not found/],
  ["{{ list | where_exp: 'i', 'i.x == secret' }}", /undefined filter: where_exp/],
  ["{{ list | sample }}", /undefined filter: sample/],
  ["{{ 'now' | date: '%Y' }}", /there is no "now" in a template/],
  ["{{ slot.__proto__ }}", /names "slot\.__proto__"/],
];
for (const [template, says] of REFUSED) {
  test(`T1, T3, T4: refused when it is read: ${JSON.stringify(template)}`, () => {
    assert.match(templateTrouble(template, SAMPLES) ?? "no trouble", says);
  });
}

test("T1: all unknown names are told at once, each with its place in the template", () => {
  const template =
    "{{ slot.dat }}\n  {% if false %}{{ nope | append: sloth.time }}{% endif %}{{ slot.date }}";
  assert.deepEqual(templateTroubles(template, SAMPLES), [
    {
      reason: 'names "slot.dat", which is not there; did you mean "slot.date"?',
      place: { line: 1, column: 4 },
    },
    {
      reason: 'names "nope", which is not there; there are slot, previous, list',
      place: { line: 2, column: 20 },
    },
    { reason: 'names "sloth", which is not there; did you mean "slot"?', place: { line: 2, column: 35 } },
  ]);
  assert.deepEqual(templateTroubles("a\n{{ slot.date | shout }}", SAMPLES), [
    { reason: "cannot be filled in: undefined filter: shout", place: { line: 2, column: 1 } },
  ]);
  assert.deepEqual(templateTroubles("x".repeat(65_537), SAMPLES), [
    { reason: "is longer than 65536 characters", place: null },
  ]);
  assert.deepEqual(templateTroubles("{{ slot.date }}", SAMPLES), []);
});

test("T3: a date is written in UTC, wherever the process is", () => {
  const template = "{{ slot.at | date: '%H:%M' }}";
  const filled = fillTemplate(template, { slot: { at: "2026-07-01T12:00:00Z" } });
  assert.deepEqual(filled, { kind: "filled", text: "12:00" });
});

test("T5: what is too long, or makes too much, is an error and soon over", () => {
  assert.match(templateTrouble("x".repeat(65_537), SAMPLES) ?? "", /^is longer than 65536 characters$/);
  const many = "{% for i in (1..100000000) %}x{% endfor %}";
  assert.match(templateTrouble(many, SAMPLES) ?? "", /memory alloc limit exceeded/);
  const doubling = `{% assign s = "0123456789" %}${"{% assign s = s | append: s %}".repeat(30)}`;
  assert.match(templateTrouble(doubling, SAMPLES) ?? "", /memory alloc limit exceeded/);
  const nested = "{% if true %}".repeat(5_000);
  assert.match(templateTrouble(nested, SAMPLES) ?? "", /cannot be filled in/);
});
