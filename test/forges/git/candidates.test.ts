/** What of the gathered is published, and where. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { choose } from "../../../forges/git/candidates.ts";
import type { Tip, TipKind } from "../../../forges/git/inside/report.ts";

const BRANCH = "chargehand/SHOP-1-fix-it";

function tip(kind: TipKind, name: string, commit: string): Tip {
  return { kind, name, commit };
}

function chosen(tips: readonly Tip[], fresh = tips.map(({ commit }) => commit)) {
  const { main, beside, kept } = choose(tips, new Set(fresh), BRANCH);
  const told = (list: readonly { name: string; commit: string }[]) =>
    list.map((one) => `${one.name}=${one.commit}`);
  return [main?.commit ?? null, told(beside), told(kept)];
}

test("one clear candidate is the task's branch, wherever it was left", () => {
  assert.deepEqual(chosen([tip("branch", "feature", "a")]), ["a", [], []]);
  assert.deepEqual(chosen([tip("head", "", "a")]), ["a", [], []]);
  assert.deepEqual(chosen([tip("worktree", "claude-1", "a"), tip("branch", "claude-1", "a")]), ["a", [], []]);
  assert.deepEqual(chosen([tip("tag", "v1", "a"), tip("head", BRANCH, "b")], ["a"]), ["a", [], []]);
});

test("of several the task's branch goes first, then HEAD, and the others beside it", () => {
  const two = [tip("branch", BRANCH, "a"), tip("head", "Feature/X", "b"), tip("branch", "Feature/X", "b")];
  assert.deepEqual(chosen(two), ["a", ["feature-x=b"], []]);
  assert.deepEqual(chosen(two.slice(1).concat(tip("branch", "z", "c"))), ["b", ["z=c"], []]);
  assert.deepEqual(chosen([tip("branch", "x", "a"), tip("branch", "y", "b")]), [null, ["x=a", "y=b"], []]);
});

test("names beside are words, and none twice", () => {
  const tips = [
    tip("head", BRANCH, "m"),
    tip("branch", "a/b", "1"),
    tip("branch", "a-b", "2"),
    tip("branch", "\u202e", "3"),
  ];
  assert.deepEqual(chosen(tips), ["m", ["a-b=1", "a-b-2=2", "branch=3"], []]);
});

test("stashes, what was left unfinished and other refs are kept; what was dropped and what is old is neither", () => {
  const tips = [
    tip("stash", "stash", "s"),
    tip("unfinished", "rebase", "u"),
    tip("other", "notes/commits", "n"),
    tip("dropped", "", "d"),
    tip("branch", "main", "old"),
    tip("branch", BRANCH, "m"),
  ];
  assert.deepEqual(chosen(tips, ["s", "u", "n", "d", "m"]), [
    "m",
    [],
    ["stash=s", "unfinished-rebase=u", "notes-commits=n"],
  ]);
});
