/** What PATH shows is looked through seldom, and never long out of date. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { remembered } from "../../../agents/sandbox/remembered.ts";
import type { Seen, Tree } from "../../../system/files/tree.ts";

function scene() {
  const folders = new Map<string, Seen>();
  const tree: Tree = { look: (path) => folders.get(path) ?? null, link: () => null, names: () => [] };
  const asked: string[] = [];
  let now = 0;
  const shown = remembered(tree, { monotonic: () => now }, (path) => [`${path} ${asked.push(path)}`]);
  const pass = (ms: number): void => {
    now += ms;
  };
  const lay = (path: string, real: string, changedMs: number): void => {
    folders.set(path, { real, kind: "folder", changedMs });
  };
  return { shown, asked, pass, lay };
}

test("the same PATH is looked through once, and another by itself", () => {
  const { shown, asked, lay } = scene();
  lay("/a", "/a", 1);
  assert.deepEqual(
    [shown("/a"), shown("/a"), shown("/b"), shown("/a")],
    [["/a 1"], ["/a 1"], ["/b 2"], ["/a 1"]],
  );
  assert.deepEqual(asked, ["/a", "/b"]);
});

test("a folder that comes, changes, leads elsewhere or goes is looked through again", () => {
  const { shown, asked, lay } = scene();
  const steps: readonly (() => void)[] = [
    () => undefined,
    () => lay("/b", "/b", 1),
    () => lay("/b", "/b", 1.5),
    () => lay("/b", "/c", 1.5),
  ];
  for (const step of steps) {
    step();
    shown("/a:/b");
    shown("/a:/b");
  }
  assert.equal(asked.length, steps.length);
});

test("after a minute it is looked through again, and more PATHs than anybody has are not kept", () => {
  const { shown, asked, pass } = scene();
  shown("/a");
  pass(59_999);
  shown("/a");
  assert.equal(asked.length, 1);
  pass(1);
  shown("/a");
  assert.equal(asked.length, 2);
  for (let number = 0; number < 32; number++) shown(`/p${number}`);
  shown("/a");
  assert.equal(asked.length, 2 + 32 + 1);
});
