/** How it is noticed that a program says the same thing again. */

import assert from "node:assert/strict";
import test from "node:test";
import { compare, fingerprint } from "../../../agents/dialect/fingerprint.ts";

test("The same text has the same mark, another one another, and a mark is short whatever it stands for", () => {
  assert.equal(fingerprint("ls -l"), fingerprint("ls -l"));
  assert.notEqual(fingerprint("ls -l"), fingerprint("ls -a"));
  assert.ok(fingerprint("x".repeat(1_000_000)).length < 20);
});

test("What repeats one of the last four is a repetition; what came before those is forgotten", () => {
  let marks: readonly string[] = [];
  for (const said of ["a", "b", "c", "d"]) {
    const compared = compare(marks, said);
    assert.equal(compared.isRepeated, false);
    marks = compared.marks;
  }
  assert.equal(compare(marks, "a").isRepeated, true);
  assert.equal(compare(compare(marks, "e").marks, "a").isRepeated, false);
});
