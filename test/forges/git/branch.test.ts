/** I13: whatever a title holds, the branch is a valid name and nothing else. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import fc from "fast-check";
import { assertKey, branchName } from "../../../forges/git/branch.ts";

const HOSTILE = [
  "../../etc/passwd",
  "--upload-pack=evil",
  "a..b",
  "x.lock",
  "@{u}",
  "‮rtl",
  "🚀 ship it",
  "a\nb",
  "",
  "'; rm -rf /",
  "~^:?*[\\",
  "ÀÉ ß",
];

test("10,000 titles make branches of letters, digits and single hyphens, at most 40 of them", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom(...HOSTILE)), (title) => {
      const branch = branchName("SHOP-12", title);
      assert.match(branch, /^chargehand\/SHOP-12(-[a-z0-9]+)*$/);
      assert.ok(branch.length <= "chargehand/SHOP-12-".length + 40);
    }),
    { numRuns: 10_000, seed: 5 },
  );
});

test("letters that are not of ASCII are spelled in it, as their readers would", () => {
  const told: readonly (readonly [title: string, branch: string])[] = [
    ["Größe der Schuhe", "groesse-der-schuhe"],
    ["Émoji für Überschriften", "emoji-fuer-ueberschriften"],
    ["Gro\u0308\u00dfe", "groesse"],
    ["Smørrebrød på 3. sal", "smorrebrod-pa-3-sal"],
    ["Исправить вход", "ispravit-vkhod"],
    ["ﬁne ½", "fine-1-2"],
  ];
  for (const [title, slug] of told) assert.equal(branchName("SHOP-12", title), `chargehand/SHOP-12-${slug}`);
  assert.equal(branchName("SHOP-12", "日本語"), "chargehand/SHOP-12");
});

test("git itself takes them", () => {
  for (const title of HOSTILE) {
    const branch = branchName("SHOP-12", title);
    assert.equal(spawnSync("git", ["check-ref-format", "--branch", branch]).status, 0, branch);
  }
});

test("anything but a task key is refused before it becomes a path", () => {
  for (const key of ["../x", "SHOP-1/..", "shop-1", "SHOP", "SHOP-0", "SHOP-1\n", ""])
    assert.throws(() => assertKey(key), /not a task key/);
});
