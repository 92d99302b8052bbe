/** What the schema refuses, in sentences that say what would be right, and never show a value that may be secret. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { reading } from "../../daemon/config/reading.ts";

const { sentences } = reading();

const SAID: readonly (readonly [text: string, sentence: RegExp])[] = [
  ["concurency: 3", /^concurency: unknown key/],
  ["limits: { concurency: 3 }", /^limits\.concurency: unknown key; did you mean "concurrency"\?$/],
  ["limits: { zzzzzzzzzzzz: 3 }", /^limits\.zzzzzzzzzzzz: unknown key; known here: .*concurrency/],
  ["log_level: inform", /^log_level: must be one of debug, info, warn, error; did you mean "info"\?$/],
  ["log_level: 4", /^log_level: must be one of debug, info, warn, error, not a number$/],
  ["limits: { concurrency: 0 }", /^limits\.concurrency: must be at least 1$/],
  ["limits: { concurrency: 5000 }", /^limits\.concurrency: must be at most 1000$/],
  ["limits: { concurrency: two }", /^limits\.concurrency: must be a number, not text$/],
  ["limits: { concurrency: 1.5 }", /^limits\.concurrency: must be a whole number, not a number$/],
  ["limits: [1]", /^limits: must be a mapping of keys to values, not a list$/],
  ["sources: { github: { secret: 12345 } }", /^sources\.github\.secret: must be text, or a list/],
  [
    "sources: { github: { secret: s, token: 12345 } }",
    /^sources\.github\.token: must be text, not a number; put it in quotes$/,
  ],
  ["agents: { a: {} }", /^agents\.a\.backend: is missing: one of claude, /],
];

for (const [text, sentence] of SAID) {
  test(`of \`${text}\` is said ${sentence.source}`, async () => {
    const found = await sentences(`data_dir: data\n${text}\n`);
    assert.equal(found.length, 1, found.join("\n"));
    assert.match(found[0] ?? "", sentence);
    assert.doesNotMatch(found[0] ?? "", /12345/);
  });
}

test("a key that is missing is told with what it is for", async () => {
  assert.match(
    (await sentences("log_level: info\n")).join(),
    /^data_dir: is missing: database, runs, worktrees /,
  );
});
