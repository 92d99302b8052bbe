/** Tables that fit a terminal and are whole in a pipe. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { type Column, renderFields, renderTable } from "../../cli/table.ts";

const COLUMNS: readonly Column[] = [
  { head: "KEY" },
  { head: "TITLE", flexible: true },
  { head: "AGE", spare: true },
];
const LONG = "Login fails for e-mails with a plus sign in front of the at sign";
const ROWS = [
  ["SHOP-1", LONG, "3m ago"],
  ["SHOP-12", "short", "2h ago"],
];

function lines(text: string): string[] {
  assert.ok(text.endsWith("\n"));
  return text.slice(0, -1).split("\n");
}

test("T2: in a pipe nothing is cut and nothing is left out", () => {
  const text = renderTable(COLUMNS, ROWS, { width: null });
  assert.ok(text.includes(LONG) && text.includes("3m ago"));
});

test("T1: on a terminal every line fits, and what was cut says so", () => {
  const told = lines(renderTable(COLUMNS, ROWS, { width: 40 }));
  for (const line of told) assert.ok(line.length <= 40, line);
  assert.ok(told[1]?.includes("…") && told[1].includes("3m ago"));
  assert.ok(told[2]?.includes("short"));
});

test("T1: where cutting is not enough, the spare column goes and the others stay", () => {
  const told = lines(renderTable(COLUMNS, ROWS, { width: 18 }));
  assert.equal(told[0]?.includes("AGE"), false);
  assert.ok(told[1]?.startsWith("SHOP-1 "));
});

test("wide letters and accents take the columns that a terminal gives them", () => {
  const told = lines(
    renderTable(
      [{ head: "A" }, { head: "B" }],
      [
        ["日本", "x"],
        ["e\u0301", "y"],
      ],
      { width: null },
    ),
  );
  assert.deepEqual(told, ["A     B", "日本  x", "e\u0301     y"]);
});

test("I13: a cell cannot break out of its line", () => {
  const told = lines(renderTable([{ head: "A" }], [["one\ntwo\u001b[2J"]], { width: null }));
  assert.deepEqual(told, ["A", "one two [2J"]);
});

test("fields are wrapped between words on a terminal, and empty ones left out", () => {
  const fields = [
    ["title", LONG],
    ["branch", null],
    ["url", "https://example.org/a/very/long/address/that/is/copied"],
  ] as const;
  const told = renderFields(fields, { width: 40 });
  assert.equal(told.includes("branch"), false);
  assert.ok(told.includes("https://example.org/a/very/long/address/that/is/copied\n"));
  assert.ok(renderFields(fields, { width: null }).includes(`title  ${LONG}\n`));
});
