/** What is read quickly is what the other parser reads; what only that one can judge is not read quickly. */

import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { stringify } from "yaml";
import { parseThoroughly } from "../../../system/config/document.ts";
import { quicklyParsed } from "../../../system/config/quick-document.ts";

const ROOT = join(import.meta.dirname, "../../..");

/** Whether it was read quickly. @throws when the two do not agree */
function agree(text: string): boolean {
  const quick = quicklyParsed(text);
  if (quick === null) return false;
  const slow = parseThoroughly(text, "must be a mapping");
  if (slow.kind !== "parsed") assert.fail(`${JSON.stringify(text)}: ${JSON.stringify(slow.faults)}`);
  assert.deepEqual(slow.source.tree, quick, JSON.stringify(text));
  return true;
}

/** Those of the documents, and those that come with the program. */
function texts(): readonly string[] {
  const pages = globSync("{README.md,docs/*.md}", { cwd: ROOT });
  const blocks = pages.flatMap((page) =>
    [...readFileSync(join(ROOT, page), "utf8").matchAll(/^( *)```yaml\n([\s\S]*?)^ *```/gm)].map(
      ([, indentation = "", block = ""]) => block.replaceAll(new RegExp(`^${indentation}`, "gm"), ""),
    ),
  );
  const files = globSync("daemon/workflows/built-in/*.yaml", { cwd: ROOT });
  return [...blocks, ...files.map((file) => readFileSync(join(ROOT, file), "utf8"))];
}

test("Q1: what people write is read quickly, and is what the other parser reads", () => {
  const all = texts();
  assert.ok(all.length > 20);
  const quickly = all.filter(agree);
  assert.ok(quickly.length > (all.length * 9) / 10, `${quickly.length} of ${all.length}`);
});

const WORD = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 12 }),
  fc.stringMatching(/^[-+0-9._:exob,#?|>'"[\]{}~ \n\t]{0,12}$/),
  fc.constantFrom(...["yes", "No", "0o17", "017", "0x1F", "1_000", "1e3", ".5", "1.", "-0", "~", "Null"]),
  fc.constantFrom(...["TRUE", "2001-12-14", "22:00", "1:30:00", "-.inf", ".NaN", "=", "<<", "@a", "`b"]),
);
const VALUE = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    WORD,
    fc.integer(),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(WORD, tie("value"), { maxKeys: 4 }),
  ),
})).value;

test("Q1: whatever a library writes as YAML is read alike", () => {
  const style = fc.record({
    collectionStyle: fc.constantFrom("any" as const, "block" as const, "flow" as const),
    lineWidth: fc.constantFrom(0, 20, 80),
    indent: fc.constantFrom(1, 2, 4),
    indentSeq: fc.boolean(),
    singleQuote: fc.constantFrom(null, true, false),
  });
  fc.assert(
    fc.property(fc.dictionary(WORD, VALUE, { maxKeys: 5 }), style, (value, options) => {
      agree(stringify(value, options));
    }),
    { numRuns: 500 },
  );
});

const LINE = fc
  .tuple(
    fc.constantFrom("", " ", "  ", "    ", "\t", "- ", "  - ", "? "),
    fc.oneof(WORD, fc.constantFrom("a", "b", '"c"', "'d'", "[a, b]", "{a: 1}")),
    fc.constantFrom("", ":", ": ", " : ", ":\t", ": |\n", ": >-\n", ": [", ": {", " #"),
    fc.oneof(WORD, fc.constantFrom("a", "- a", "[a, {b: c}]", "&x a", "*x", "!!str 1", "{a: , b}", "a: b")),
  )
  .map((parts) => parts.join(""));

test("Q1: of lines thrown together, too: what one of them would refuse, the other does not read", () => {
  fc.assert(
    fc.property(fc.array(LINE, { minLength: 1, maxLength: 6 }), (lines) => {
      agree(lines.join("\n"));
    }),
    { numRuns: 3_000 },
  );
});

test("Q1: of what has been changed in one place, too", () => {
  const all = texts();
  const change = fc.tuple(fc.nat(all.length - 1), fc.nat(), WORD, fc.nat(3));
  fc.assert(
    fc.property(change, ([index, at, word, removed]) => {
      const text = all[index] ?? "";
      const from = at % (text.length + 1);
      agree(text.slice(0, from) + word + text.slice(from + removed));
    }),
    { numRuns: 300 },
  );
});

test("Q1: anchors, aliases, tags, merges, mappings as keys, further documents and directives are for the other one", () => {
  for (const text of [
    ...["a: &x 1\n", "a: &x [1]\nb: *x\n", "a: !!str 1\n", "a: !b c\n", "<<: {a: 1}\n", "? [a]\n: b\n"],
    ...[
      "a: 1\n---\nb: 2\n",
      "%YAML 1.2\n---\na: 1\n",
      "a: .inf\n",
      "a: 1\na: 2\n",
      "__proto__: 1\n",
      "- a\n",
      "",
    ],
    ...[
      "~: 1\n",
      "a: {b: {<<: 1}}\n",
      `a: ${"[".repeat(99)}${"]".repeat(99)}\n`,
      "a: \u0007\n",
      "a: [1, 2\n",
    ],
  ])
    assert.equal(quicklyParsed(text), null, JSON.stringify(text));
});
