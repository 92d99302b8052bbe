/** Texts made from regular expressions: the engine itself says whether they match. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { textsLike } from "../../../cli/try/pattern.ts";

const UNDERSTOOD = [
  ...["^R[0-9]{1,3}$", "^(?:[a-z]+-){2}\\d{4,}(foo|bar)?$", "[^a-z ]{3}", "^\\S+@\\S+\\.[a-z]{2,}$", ".", ""],
  ...[
    "^v\\d+\\.\\d+\\.\\d+(-[\\w.]+)?$",
    "^[\\w.-]+/[\\w.-]+$",
    "^\\p{Lu}\\p{Ll}*$",
    "^(a|b)*c+?$",
    "^\\x41\\u0042$",
  ],
  ...[
    "^[\\]^\\\\-]+$",
    "^\\(\\d{3}\\) \\d{3}-\\d{4}$",
    "^(?<year>\\d{4})-(0[1-9]|1[0-2])$",
    "^é+$",
    "^[^\\x00-\\x7f]$",
  ],
];

test("a text is made that the expression matches, the shortest first", () => {
  for (const pattern of UNDERSTOOD) {
    const engine = new RegExp(pattern, "u");
    const [first, ...more] = textsLike(pattern);
    assert.ok(first !== undefined && engine.test(first), `${pattern}: ${first}`);
    assert.ok(more.every((text) => text.length >= first.length));
  }
});

test("a text may be as long as somebody needs it, and no longer than is good", () => {
  assert.ok(textsLike("^[a-z]+$").some((text) => text.length > 100));
  assert.ok(
    textsLike("abc").some((text) => text.length > 100),
    "where the expression is open",
  );
  for (const pattern of ["^(((a{999}){999}){999}){999}$", "^a{99999}$", "(a{9999}b{9999}){9999}"])
    assert.ok(textsLike(pattern).every((text) => text.length <= 20_000));
});

test("what is not understood gives nothing, and never throws", () => {
  for (const pattern of [
    "(?=a)b",
    "(",
    ")",
    "[",
    "a{2",
    "\\",
    "*",
    "(?<!x)y",
    "\\k<a>",
    "[z-a]",
    "((((",
    "a**",
  ])
    assert.ok(Array.isArray(textsLike(pattern)), pattern);
});
