/** docs/security.md promises nothing that no test holds: every row names its tests, and they are there. */

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";

const ROOT = resolve(import.meta.dirname, "../..");

/** Rows of tables whose last column is `tested by`, by their first cell; with what that column says. */
function rowsOf(text: string): readonly (readonly [row: string, tests: string])[] {
  const rows: [string, string][] = [];
  let isTested = false;
  for (const line of text.split("\n")) {
    const cells = line.startsWith("|") ? line.split("|").slice(1, -1) : [];
    if (cells.length === 0) isTested = false;
    const [last = ""] = cells.slice(-1);
    if (last.trim() === "tested by") isTested = true;
    else if (isTested && !/^[\s:-]*$/.test(last)) rows.push([(cells[0] ?? "").trim(), last]);
  }
  return rows;
}

/** What is named, and is not there. */
function missingOf([row, tests]: readonly [string, string]): readonly string[] {
  const named = [...tests.matchAll(/`(test\/[^`]+\.ts)`(?: "([^"]+)")?/g)];
  const gone = named.flatMap(([, path = "", words]) => {
    const file = join(ROOT, path);
    if (!existsSync(file)) return [`${row}: ${path} is not there`];
    return words === undefined || readFileSync(file, "utf8").includes(words)
      ? []
      : [`${row}: ${path} has no test of "${words}"`];
  });
  return named.length === 0 ? [`${row}: names no test`] : gone;
}

test("every row of docs/security.md names tests that are there", () => {
  const rows = rowsOf(readFileSync(join(ROOT, "docs/security.md"), "utf8"));
  assert.ok(rows.length > 30, `only ${rows.length} rows were found`);
  assert.deepEqual(rows.flatMap(missingOf), []);
});

test("a row without a test, with one that is gone, and with one that says something else are found", () => {
  const text = [
    "| what | tested by |",
    "|---|---|",
    "| a | nothing |",
    "| b | `test/nowhere.test.ts` |",
    `| c | \`test/house/security.test.ts\` "${["no", "such", "words"].join(" ")}" |`,
    "| d | `test/house/security.test.ts` |",
    "",
    "| e | no test of this is wanted |",
  ].join("\n");
  assert.deepEqual(
    rowsOf(text).map((row) => missingOf(row).length),
    [1, 1, 1, 0],
  );
});
