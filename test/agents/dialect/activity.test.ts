/** What an agent does now, in the words of every program that is known here. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { activityOf } from "../../../agents/dialect/activity.ts";

test("the tool is told with the file or the command that it named", () => {
  const calls: readonly [call: readonly unknown[], about: string | null][] = [
    [["Edit", { file_path: "src/a.ts", old_string: "x" }], "src/a.ts"],
    [["shell", { command: ["git", "status", 7, "-s"] }], "git status -s"],
    [["Bash", { command: "ls\n-la" }], "ls -la"],
    [["Grep", { pattern: "x", path: "src" }], "src"],
    [["Think", { thought: "x" }], null],
    [["Edit", { file_path: "", path: "b" }], "b"],
  ];
  for (const [call, about] of calls) assert.deepEqual(activityOf(call), { tool: call[0], about });
});

test("I13: what is no text, is huge, or comes by another way is not taken", () => {
  for (const input of [null, undefined, 7, "x", [], { path: 7 }, { path: {} }, { command: [1, {}] }])
    assert.equal(activityOf(["T", input]).about, null);
  assert.equal(activityOf(["T", Object.create({ path: "inherited" })]).about, null);
  const { about } = activityOf(["T", { path: "😀".repeat(1_000_000) }]);
  assert.ok(about?.isWellFormed() && about.length <= 120);
  assert.equal(activityOf(["T", { command: "\u001b[31mred\u202e" }]).about?.includes("\u001b"), false);
  assert.equal(typeof activityOf([{ evil: 1 }, {}]).tool, "string");
  assert.equal(typeof activityOf([]).tool, "string");
});
