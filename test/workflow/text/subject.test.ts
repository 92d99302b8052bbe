/** I13: no title makes a forge, a tracker or a build machine do anything by way of a commit. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import fc from "fast-check";
import { SUBJECT_CHARS_MAX } from "../../../workflow/limits.ts";
import { isBranchName, subjectText } from "../../../workflow/text/subject.ts";

test("a plain title is the subject as it was written, on one line", () => {
  for (const title of [
    "Login fails with 500",
    "Größe: falsch berechnet",
    "Support UTF-8 & SHA-256",
    "日本語の件名",
    "a/b < c",
  ])
    assert.equal(subjectText(title), title);
  assert.equal(subjectText(" a\r\nb\u2028\tc "), "a b c");
  assert.equal(subjectText("\u202e\n"), "(no title)");
});

test("a long title is cut, and says so", () => {
  const subject = subjectText("\u{1f680}".repeat(500));
  assert.equal([...subject].length, SUBJECT_CHARS_MAX);
  assert.ok(subject.endsWith("…") && subject.isWellFormed());
});

/** What those who obey subjects look for, in the words of their documentation. */
const OBEYED: Readonly<Record<string, RegExp>> = {
  hidden: /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029]|\ufe0e|\ufe0f/u,
  "skipped checks": /\[[^\]]*\]|\*\*\*NO_CI\*\*\*|skip-checks:/i,
  closing: /\b(clos|fix|resolv|implement)\w*:?\s+(\S+)?[#!]\d/i,
  reference: /(#|!|\bGH-)\d|\w+\/\w+#\d|:\/\//i,
  mention: /(^|[^\p{L}\p{N}])@[\p{L}\p{N}_-]/u,
  trailer: /(^|\n|\s)(co-authored-by|signed-off-by|reviewed-by|skip-checks)\s*:/i,
};

const TITLES: readonly string[] = [
  ...[
    "Add x [skip ci]",
    "[ci skip] a",
    "***NO_CI*** b",
    "skip-checks: true",
    "x [no ci]",
    "[skip actions]",
    "a [sk\u200bip ci]",
  ],
  ...[
    "closes #1",
    "Fixes: acme/shop#12",
    "resolve GH-3",
    "RESOLVED https://forge.example/acme/shop/issues/1",
    "fix !7",
  ],
  ...[
    "close #\u200b1",
    "closes #@1",
    "fixes ##1",
    "fixes https:https:////x/issues/1",
    "implements #4, #5 and #6",
    "fix\u00ad #1",
  ],
  ...["@team please", "cc @acme/admins", "(@alice)", "@@bob", "\u202e@carol", "＠dave"],
  ...["Co-authored-by: X <x@y.z>", "a\n\nSigned-off-by: Mallory", "Reviewed-by : x", "x\r\rskip-checks:true"],
];

test("I13: nothing in a subject is obeyed: no skipped checks, closed issues, called people, trailers", () => {
  for (const title of TITLES)
    for (const [what, pattern] of Object.entries(OBEYED))
      assert.doesNotMatch(subjectText(title), pattern, `${what}: ${title}`);
  assert.equal(subjectText("fixes ENG-4 and ENG-5"), "fixes ENG 4 and ENG 5");
  assert.equal(subjectText("Mail to a@b.example bounces"), "Mail to a@b.example bounces");
});

test("I13: no sequence of pieces makes one of them either", () => {
  const piece = fc.constantFrom(
    ...[
      "closes",
      "fixes:",
      "resolve",
      " ",
      "#",
      "!",
      "@",
      "1",
      "GH-",
      "acme/shop",
      "https://",
      "://",
      "[",
      "]",
      "skip ci",
    ],
    ...[
      "***",
      "*",
      "NO_CI",
      "skip-checks",
      ":",
      "Signed-off-by",
      "team",
      "\n",
      "\u200b",
      "\u200d",
      "\u202e",
      "\ufe0f",
      "❤",
      "-",
    ],
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
      const subject = subjectText(pieces.join(""));
      for (const [what, pattern] of Object.entries(OBEYED)) assert.doesNotMatch(subject, pattern, what);
    }),
    { numRuns: 3_000, seed: 13 },
  );
});

test("a branch's name is one that git takes, and no option of it", () => {
  const good = ["main", "chargehand/SHOP-12-x", "a.b", "größe", "a@b"];
  const bad = [
    ...[
      "",
      "-x",
      "--upload-pack=x",
      "a..b",
      "a b",
      "a~1",
      "a^",
      "a:b",
      "a?",
      "a*",
      "a[",
      "a\\b",
      "@",
      "a@{b",
      "a.lock",
    ],
    ...["a.lock/b", "/a", "a/", "a//b", ".a", "a/.b", "a.", "a\nb", "a\u007f", "a\u202eb", "a".repeat(201)],
  ];
  for (const name of good) assert.equal(isBranchName(name), true, name);
  for (const name of bad) assert.equal(isBranchName(name), false, JSON.stringify(name));
  for (const name of good) execFileSync("git", ["check-ref-format", "--branch", name]);
});
