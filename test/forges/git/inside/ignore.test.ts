/** What `.gitignore` says, held against git itself. */

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { isIgnored, type Rules, rulesIn } from "../../../../forges/git/inside/ignore.ts";
import { walk } from "../../../../forges/git/inside/walk.ts";
import { Prng } from "../../../world/world.ts";

const PATTERNS: readonly string[] = [
  ...["*.log", "!keep.log", "build/", "/top", "a/b", "a/*", "a/**", "**/b", "**/a/b", "a/**/b", "*.py[cod]"],
  ...[
    "[!a]b",
    "[a-c]",
    "[]x]",
    "[[:digit:]]",
    "\\!x",
    "\\#x",
    "# no rule",
    "x\\ ",
    "x  ",
    "é",
    "?",
    "??",
    "*",
  ],
  ...[
    "!*/",
    "/*",
    "!/a",
    "a*b",
    "a**b",
    "/**/x",
    "**/",
    "b/**/",
    "a\\*",
    "*/b/*",
    "\\",
    "[",
    "[a",
    "!",
    "/",
    "a//b",
  ],
  ...[
    "*a*b*",
    "a/b/c",
    "/a/b/",
    "!a/b/c",
    "A",
    "[^b]",
    "[b-]",
    "[--a]",
    "a/?/c",
    "**a",
    "x**/a",
    "[[:nope:]]",
  ],
];
const NAMES: readonly string[] = [
  ...[
    "a",
    "b",
    "c",
    "x",
    "ab",
    "xb",
    "axb",
    "é",
    "!x",
    "#x",
    "x ",
    "keep.log",
    "y.log",
    "m.pyc",
    "top",
    "build",
  ],
  ...["3", "A", "]", "-", "a*", "xa"],
];

test("rules are read as git reads them", () => {
  const folder = mkdtempSync(join(tmpdir(), "chargehand-ignore-"));
  try {
    const prng = new Prng(7);
    const one = (from: readonly string[]): string => from[prng.below(from.length)] ?? "";
    const many = (from: readonly string[], most: number): readonly string[] =>
      Array.from({ length: 1 + prng.below(most) }, () => one(from));
    for (let round = 0; round < 25; round++) {
      const top = join(folder, String(round));
      const paths = new Set(Array.from({ length: 60 }, () => many(NAMES, 4).join("/")));
      const files = [...paths].filter((path) => ![...paths].some((other) => other.startsWith(`${path}/`)));
      for (const path of files) {
        mkdirSync(dirname(join(top, path)), { recursive: true });
        writeFileSync(join(top, path), "");
      }
      writeFileSync(join(top, ".gitignore"), `${many(PATTERNS, 6).join("\n")}\n`);
      const deep = files.map(dirname).find((path) => path !== ".");
      if (deep !== undefined)
        writeFileSync(join(top, deep, ".gitignore"), `${many(PATTERNS, 4).join("\r\n")}\r\n`);
      execFileSync("git", ["init", "-q", top], { env: { PATH: process.env["PATH"] } });
      const listed = spawnSync("git", ["ls-files", "-o", "-z", "--exclude-standard"], { cwd: top });
      const theirs = listed.stdout
        .toString("latin1")
        .split("\0")
        .filter((path) => path !== "");
      const { others } = walk({ directory: top, tracked: new Set(), apart: new Set() });
      assert.deepEqual(
        [...others].sort(),
        theirs.sort(),
        execFileSync("cat", [join(top, ".gitignore")], { encoding: "utf8" }),
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("a pattern that would take a matcher for ever takes no time", () => {
  const stack: readonly Rules[] = [{ below: "", rules: rulesIn(`${"*a".repeat(200)}b\n`) }];
  assert.equal(isIgnored(stack, "a".repeat(4_000), false), false);
});
