/** W2: files that were written to do harm are refused, soon, and as one problem or a hundred; nothing is thrown. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { allowance } from "../../../system/schema/allowance.ts";
import { phase, problemsOf, read, withPhases } from "./reading.ts";

const KIB = 1_024;
const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_one, index) => index);
const schemaOf = (schema: string): string =>
  withPhases(phase("a", `artifact: { path: a.json, schema: ${schema} }`));

const bomb = [
  "a0: &a0 [x, x, x, x, x, x, x, x, x, x]",
  ...numbers(9).map(
    (n) =>
      `a${n + 1}: &a${n + 1} [${numbers(10)
        .map(() => `*a${n}`)
        .join(", ")}]`,
  ),
].join("\n");
/** Each repeats the one before once: deep without being nested. */
const tower = numbers(9_000)
  .map((n) => (n === 0 ? "a0: &a0 []" : `a${n}: &a${n} [*a${n - 1}]`))
  .join("\n");
const properties = (count: number): string =>
  `{ type: object, properties: { ${numbers(count)
    .map((n) => `p${n}: {}`)
    .join(", ")} } }`;

const HOSTILE: readonly (readonly [what: string, text: string, said: RegExp])[] = [
  ["a bomb of aliases", `name: x\nphases: []\n${bomb}\n`, /Excessive alias count/],
  ["a tower of aliases", `name: x\nphases: []\n${tower}\n`, /: there are more than 500 aliases$/],
  ["a circle", "name: x\nphases: &p [*p]\n", /^2:13 : \*p stands within what it repeats$/],
  ["a circle of a mapping", "name: &n\n  x: *n\nphases: []\n", /^2:6 : \*n stands within what it repeats$/],
  ["an alias of nothing", "name: *nobody\nphases: []\n", /^1:1 : Unresolved alias/],
  ["a key twice", "name: x\nname: y\nphases: []\n", /^2:1 : Map keys must be unique$/],
  ["a key twice in a schema", schemaOf("{ type: object, type: array }"), /Map keys must be unique/],
  ["bytes", "name: !!binary aGk=\nphases: []\n", /^1:16 : tags are not used here; write the value plainly$/],
  ["a date", "name: !!timestamp 2026-01-01\nphases: []\n", /^1:19 : tags are not used here/],
  ["a set", "name: !!set { a, b }\nphases: []\n", /^1:13 : tags are not used here/],
  ["a tag that nobody knows", "name: !evil x\nphases: []\n", /^1:7 : Unresolved tag$/],
  ["a tag of another language", "name: !!js/function 'x'\nphases: []\n", /^1:7 : Unresolved tag$/],
  ["a mapping as a key", "? { a: b }\n: c\nname: x\n", /^1:3 : a key must be a word: no list, no mapping/],
  ["an alias as a key", "name: &n x\n? *n\n: c\n", /^2:3 : a key must be a word/],
  [
    "two documents",
    "name: x\n---\nname: y\n",
    /^2:1 : Source contains multiple documents; write one, without a/,
  ],
  ["no number", "name: .inf\nphases: [.nan]\n", /^1:7 : must be text, a finite number, true, false or null/],
  [
    "a date of an older YAML",
    "%YAML 1.1\n---\nname: 2026-01-01\nphases: []\n",
    /^3:7 : must be text, a finite number/,
  ],
  ["a merge of a text", "name: x\nphases:\n  - <<: text\n", /Merge sources must be maps/],
  ["brackets without an end", `name: ${"[".repeat(5_000)}`, /Maximum call stack size exceeded|deep/],
  ["mappings without an end", `name: ${"{a: ".repeat(5_000)}`, /Maximum call stack size exceeded|deep/],
  [
    "more bytes than a workflow has",
    `name: x\n#${"x".repeat(256 * KIB)}\n`,
    /^0:0 : is larger than 256 KiB$/,
  ],
  [
    "more bytes, in fewer characters",
    `name: x\n#${"ä".repeat(130 * KIB)}\n`,
    /^0:0 : is larger than 256 KiB$/,
  ],
  [
    "more phases than anybody plays",
    withPhases(...numbers(51).map((n) => phase(`p${n}`))),
    /^3:3 phases: must have 50 phases at most$/,
  ],
  [
    "long instructions",
    withPhases(`key: a\nrole: r\ninstructions: ${"ä".repeat(32 * KIB + 1)}`),
    /^5:19 phases\[0\]\.instructions: must be 64 KiB at most$/,
  ],
  [
    "a large schema",
    schemaOf(`{ description: ${"x".repeat(64 * KIB)} }`),
    /^6:39 phases\[0\]\.artifact\.schema: must be 64 KiB at most$/,
  ],
  ["a schema of many values", schemaOf(properties(1_000)), /^6:39 .*schema: has more than 1000 values$/],
  [
    "a deep schema",
    schemaOf(`${"{ not: ".repeat(70)}{}${" }".repeat(70)}`),
    /^6:39 .*schema: is nested deeper than 64 levels$/,
  ],
  [
    "a template that never ends",
    withPhases(
      ...numbers(50).map((n) =>
        [
          `key: p${n}`,
          "role: r",
          "instructions: '{% for a in (1..3000) %}{% for b in (1..3000) %}{% for c in (1..3000) %}{% endfor %}{% endfor %}{% endfor %}'",
        ].join("\n"),
      ),
    ),
    /limit exceeded/,
  ],
  [
    "a template that is nested without an end",
    withPhases(`key: a\nrole: r\ninstructions: '${"{% if a %}".repeat(5_000)}'`),
    /cannot be filled in/,
  ],
];

for (const [what, text, said] of HOSTILE) {
  test(`refused: ${what}`, () => {
    const found = problemsOf(text);
    assert.match(found[0] ?? "nothing", said);
    assert.ok(found.length <= 101 && found.join("\n").length < 100_000, `${found.length}`);
  });
}

test("of very many problems a hundred are told, and how many more there are", () => {
  const flood = `name: x\nphases: []\n${numbers(12_000)
    .map((n) => `k${n}: 1`)
    .join("\n")}\n`;
  const found = problemsOf(flood);
  assert.equal(found.length, 101);
  assert.match(found.at(-1) ?? "", /^0:0 : there are \d+ more problems$/);
  const routes = `{ ${numbers(9_000)
    .map((n) => `v${n}: nowhere`)
    .join(", ")} }`;
  assert.equal(problemsOf(withPhases(phase("a", `on: ${routes}`))).length, 101);
});

test("a word as long as the file makes no problem as long as the file, and shows nothing that a terminal obeys", () => {
  const long = "x".repeat(40_000);
  const key = "k".repeat(1_000);
  const found = problemsOf(
    `${withPhases(phase("a", `on: { ${key}: ${long} }`, `session: { of: ${long} }`, `when: { phase: ${long}, verdict: a }`))}${key}: 1\n`,
  );
  assert.ok(found.length >= 3 && found.join("\n").length < 5_000, found.join("\n").slice(0, 500));
  const obeyed = problemsOf(withPhases(phase("a", '"\\e[31m\\u202E": 1', 'session: { of: "\\e[2J" }'))).join(
    "\n",
  );
  assert.doesNotMatch(obeyed, /\u001b/);
});

test("__proto__ is a key like any other that is not known, and changes no object", () => {
  const before = Object.getOwnPropertyNames(Object.prototype);
  const texts = [
    "__proto__: { polluted: 1 }\nname: x\nphases: []\n",
    withPhases(phase("a", "__proto__: { publish: true }")),
    withPhases(phase("a", "on: { __proto__: done, constructor: done }")),
    schemaOf("{ __proto__: { polluted: 1 }, properties: { __proto__: { type: string }, constructor: {} } }"),
    withPhases(phase("__proto__")),
  ];
  for (const text of texts) {
    read(text);
    assert.equal("polluted" in {}, false);
    assert.equal("publish" in {}, false);
  }
  assert.deepEqual(Object.getOwnPropertyNames(Object.prototype), before);
  assert.match(problemsOf(texts[0] ?? "").join("\n"), /__proto__: unknown key/);
  assert.match(problemsOf(texts[1] ?? "").join("\n"), /__proto__: unknown key/);
});

test("no text makes reading throw, and each is either whole or has problems at lines that it has", () => {
  const word = fc.constantFrom(
    ...[
      "name",
      "phases",
      "key",
      "role",
      "instructions",
      "artifact",
      "path",
      "schema",
      "on",
      "when",
      "gate",
      "approval",
      "ci",
      "all_of",
      "any_of",
    ],
    ...[
      "session",
      "of",
      "verdict",
      "next",
      "done",
      "a",
      "b",
      "x.json",
      "properties",
      "enum",
      "type",
      "object",
      "checks",
    ],
    ...[
      "{{ task.key }}",
      "{{ nope }}",
      "{% if",
      "__proto__",
      "&a",
      "*a",
      "!!set",
      "<<",
      "",
      "\u202e",
      "\u0000",
      "- ",
      ": ",
    ],
  );
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 6 },
      word,
      fc.integer({ min: -3, max: 60 }),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie("any"), { maxLength: 4 }),
      fc.dictionary(word, tie("any"), { maxKeys: 5, noNullPrototype: true }),
    ),
  })).any;
  const written = fc.oneof(
    value.map((tree) => JSON.stringify(tree)),
    fc
      .record({ name: word, phases: fc.array(value, { maxLength: 4 }) })
      .map((tree) => JSON.stringify(tree, null, 1)),
    fc
      .array(
        fc.oneof(word, fc.constantFrom("\n", "\n  ", "\n  - ", ": ", "[", "]", "{", "}", ", ", "|\n    ")),
      )
      .map((words) => words.join("")),
    fc.string({ unit: "binary", maxLength: 200 }),
  );
  fc.assert(
    fc.property(written, (text) => {
      const found = read(text);
      if (found.kind === "workflow") return;
      const lines = text.split("\n").length;
      assert.ok(found.problems.length > 0);
      for (const { line, column, message } of found.problems)
        assert.ok(
          line >= 0 && line <= lines + 1 && column >= 0 && message !== "",
          `${line}:${column} ${message}`,
        );
    }),
    { numRuns: 1_500 },
  );
});

test("W2: all templates and schemas of a file share one allowance of time, and that it is used up is told once", () => {
  const slow = "{% for a in (1..100) %}{% for b in (1..200) %}{{ a | plus: b }}{% endfor %}{% endfor %}";
  const phases = numbers(50).map((n) => phase(`p${n}`).replace("Do it.", JSON.stringify(`${n} ${slow}`)));
  const time = allowance(200);
  const all = allowance(60_000);
  const told = problemsOf(withPhases(...phases), undefined, time);
  assert.ok(all.leftMs() > 58_500, `it took ${60_000 - all.leftMs()} ms`);
  // Which of the two depends on how much of the processor there was for the last one.
  assert.match(told.join("\n"), /is not looked at any more|limit exceeded/);
  assert.ok(told.length <= 2, told.join("\n"));
});

test("W2: a schema has what is left of the file's allowance, and no more", () => {
  const asked: number[] = [];
  const schemaTrouble = (_schema: unknown, time: { leftMs(): number }): null => {
    asked.push(time.leftMs());
    while (time.leftMs() > 0);
    return null;
  };
  const phases = numbers(50).map((n) => phase(`p${n}`, `artifact: { path: a${n}.json, schema: {} }`));
  const told = problemsOf(withPhases(...phases), schemaTrouble, allowance(100));
  assert.deepEqual([asked.length, told.length], [1, 1]);
  assert.match(told[0] ?? "", /phases\[0\]: is not looked at any more/);
});

test("W2: what a file says is bounded with everything that it repeats written out", () => {
  const [first, ...others] = numbers(20).map((n) => phase(`p${n}`));
  const text = "x".repeat(60_000);
  const repeated = withPhases(
    first?.replace("Do it.", `&all ${text}`) ?? "",
    ...others.map((one) => one.replace("Do it.", "*all")),
  );
  assert.ok(Buffer.byteLength(repeated) < 65_536);
  assert.deepEqual(problemsOf(repeated), [
    "0:0 : says more than 512 KiB with everything that it repeats written out: shorten its instructions and schemas, or repeat less",
  ]);
});
