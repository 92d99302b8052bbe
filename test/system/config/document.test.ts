/** A file that is no YAML, or no mapping, is refused where it goes wrong; what is read stands where it stands. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { parseYaml, type YamlSource } from "../../../system/config/document.ts";
import { reading } from "../../daemon/config/reading.ts";

const { problems } = reading();

test("YAML that cannot be parsed is refused with its line, one problem per line, and a hint about quotes", async () => {
  const found = await problems(`data_dir: x\nsources: { github: { secret: \${NAME} } }\n`);
  assert.deepEqual(
    found.map(({ line }) => line),
    [2],
  );
  assert.match(found[0]?.message ?? "", /needs quotes/);
  assert.match((await problems("data_dir: x\ndata_dir: y\n"))[0]?.message ?? "", /unique/i);
  assert.match((await problems(""))[0]?.message ?? "", /must be a mapping/);
  assert.match((await problems("- a\n"))[0]?.message ?? "", /must be a mapping/);
});

function sourceOf(text: string): YamlSource {
  const parsed = parseYaml(text, "must be a mapping");
  return parsed.kind === "parsed" ? parsed.source : assert.fail(JSON.stringify(parsed.faults));
}

function faultsOf(text: string): readonly string[] {
  const parsed = parseYaml(text, "must be a mapping");
  return parsed.kind === "parsed"
    ? []
    : parsed.faults.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

test("D1: what JSON cannot hold is refused where it stands; what it can hold is plain", () => {
  assert.deepEqual(faultsOf("a: 1\nb: !!set { x }\nc: .nan\n? [d]\n: e\n"), [
    "2:10 tags are not used here; write the value plainly",
    "3:4 must be text, a finite number, true, false or null; put it in quotes if it is text",
    "4:3 a key must be a word: no list, no mapping and no alias",
  ]);
  assert.deepEqual(faultsOf("a: &x { b: *x }\n"), ["1:12 *x stands within what it repeats"]);
  const { tree } = sourceOf(
    "a: !!str 1\nb: &x [1, true, ~]\nc: *x\nd: { <<: { e: 1 } }\n__proto__: { f: 1 }\n",
  );
  assert.equal(
    JSON.stringify(tree),
    '{"a":"1","b":[1,true,null],"c":[1,true,null],"d":{"e":1},"__proto__":{"f":1}}',
  );
});

test("D2: a key that stands twice is found in a large mapping as soon as in a small one", () => {
  const keys = Array.from({ length: 30_000 }, (_one, index) => `k${index}: 1`);
  assert.deepEqual(faultsOf([...keys, "k7: 2", '"k8": 2'].join("\n")), [
    "30001:1 Map keys must be unique",
    "30002:1 Map keys must be unique",
  ]);
});

test("D2: a merge of something that is no mapping is a problem of the file", async () => {
  assert.deepEqual(faultsOf("a: { <<: text }\n"), ["1:1 Merge sources must be maps or map aliases"]);
  assert.match((await problems("data_dir: x\nlimits: { <<: text }\n"))[0]?.message ?? "", /^Merge sources/);
});

test("of very many faults a hundred are told", () => {
  assert.equal(faultsOf("!a b\n".repeat(500)).length <= 100, true);
});

test("a value, a key, and a character of a text are located; what is not there, around where it would be", () => {
  const source = sourceOf('a:\n  - b: one\n    c: |\n      two\n\n        three\nd: &d "x\n  y"\ne: *d\n');
  assert.deepEqual(source.locate(["a", 0, "b"], "value"), { line: 2, column: 8 });
  assert.deepEqual(source.locate(["a", 0, "b"], "key"), { line: 2, column: 5 });
  assert.deepEqual(source.locate(["a", 0, "nope"], "key"), { line: 2, column: 5 });
  assert.deepEqual(source.locateIn(["a", 0, "c"], "two\n\n  th".length), { line: 6, column: 11 });
  assert.deepEqual(source.locateIn(["a", 0, "c"], 0), { line: 4, column: 7 });
  assert.deepEqual(source.locateIn(["e"], 2), { line: 8, column: 3 });
  assert.deepEqual(source.locateIn(["a"], 3), { line: 2, column: 3 });
});
