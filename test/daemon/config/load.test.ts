/** The configuration is checked as a whole. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { reading } from "./reading.ts";
import { GOOD } from "./refusals.ts";

const { problems } = reading();

test("the file that the cases change has no problem itself", async () => {
  assert.deepEqual(await problems(`${GOOD.join("\n")}\n`), []);
});

/** By line of the good file, what is wrong instead. */
const WRONG: ReadonlyMap<number, string> = new Map([
  [1, "data_dir: [x]"],
  [2, "server: { body_limit: 2GiB }"],
  [4, "  gihub: { secret: x }"],
  [5, "  plane: { secret: x, token: y }"],
  [7, "  developer: { backend: claude, modle: x }"],
  [8, "  script: { backend: command, argv: [x], program: y }"],
  [10, "  - name: a/b"],
  [11, "    prefix: 12"],
  [12, "    repo: shop"],
  [13, "    clone_url: ext::sh"],
  [14, "    agent: toString"],
]);

test("all problems of a file are told at once, in the order of the file", async () => {
  const text = GOOD.map((line, index) => WRONG.get(index + 1) ?? line).join("\n");
  const lines = (await problems(text)).map(({ line }) => line);
  assert.deepEqual(
    lines,
    lines.toSorted((one, other) => one - other),
  );
  for (const line of WRONG.keys()) assert.ok(lines.includes(line), `nothing about line ${line}`);
});
