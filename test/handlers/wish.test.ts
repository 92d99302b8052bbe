/** Wishes of any source: whose they are, and how text from outside gets into them. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { commandWish } from "../../handlers/commands/wishes.ts";
import { type Change, cancelWish, type Item, startWish } from "../../handlers/wish.ts";
import { BODY_CHARS_MAX, TITLE_CHARS_MAX } from "../../workflow/limits.ts";
import { project, wishOf } from "./project.ts";

const REFS = [{ source: "gitea", kind: "issue", id: "acme/shop#7" }] as const;
const ITEM: Item = {
  refs: REFS,
  title: "Login\nfails",
  body: "why\u0000",
  url: "https://git.example.org/acme/shop/issues/7",
  author: "eve",
  number: 7,
};
const change: Change = {
  source: "gitea",
  project: project({ agent: "developer" }),
  actor: wishOf({ name: "alice" }).actor,
  key: "gitea:acme/shop#7:opened",
  because: "label agent",
  spot: null,
};

test("a wish is of the person who acted, in the name of the source, and for one project", () => {
  for (const { project: whose, actor, intent } of [
    startWish(ITEM, change, false),
    cancelWish({ refs: REFS }, change, "closed"),
    commandWish({ kind: "retry", text: null }, { target: { refs: REFS }, saidAt: null }, change),
  ]) {
    assert.deepEqual([whose, actor], [change.project, change.actor]);
    assert.deepEqual(intent.by, { kind: "gitea", name: "alice" });
    assert.deepEqual(
      [intent.project, intent.key, intent.because],
      ["shop", "gitea:acme/shop#7:opened", "label agent"],
    );
  }
});

test("I13: text of the source is cut, kept on its line, and no address but a web address is one", () => {
  const long = "x".repeat(BODY_CHARS_MAX + 1);
  const { intent } = startWish({ ...ITEM, body: long, url: "javascript:alert(1)" }, change, true);
  assert.equal(intent.kind, "start_task");
  assert.equal(intent.title, "Login fails");
  assert.ok(intent.body.length <= BODY_CHARS_MAX && intent.title.length <= TITLE_CHARS_MAX);
  assert.deepEqual([intent.url, intent.explicit, intent.number], [null, true, 7]);
  const { intent: plain } = startWish(ITEM, change, false);
  assert.deepEqual(plain.kind === "start_task" && [plain.body, plain.url], ["why", ITEM.url]);
});
