/** The manual page: up to date, and without a complaint of the program that shows it. `UPDATE=1` writes it anew. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import type { Ports } from "../../../cli/ports.ts";
import { EXIT_CODES, wholeProgram } from "../../../cli/program.ts";
import { manualPage } from "../../../cli/shell/man.ts";
import { treeOf } from "../../../cli/shell/tree.ts";
import { systemClock } from "../../../system/clock.ts";

const PAGE = fileURLToPath(new URL("../../../man/chargehand.1", import.meta.url));

test("the manual page is the one that the commands make", async () => {
  const page = manualPage(treeOf(await wholeProgram({ clock: systemClock() } as Ports)), EXIT_CODES);
  if (process.env["UPDATE"]) await writeFile(PAGE, page);
  assert.equal(await readFile(PAGE, "utf8"), page, "npm run man");
  assert.ok(!page.split("\n").some((line) => line.startsWith("'")), "no line is a request by accident");
});

const groff = spawnSync("groff", ["--version"]);
test("groff shows it without a complaint", { skip: groff.error ? "groff is not installed" : false }, () => {
  const shown = spawnSync("groff", ["-man", "-Tutf8", "-ww", PAGE], { encoding: "utf8" });
  assert.deepEqual([shown.status, shown.stderr], [0, ""]);
  // Bold is a letter over itself, where it is no colour.
  const text = shown.stdout.replace(/\u001b\[[\d;]*m/g, "").replace(/.\u0008/g, "");
  for (const words of ["EXIT STATUS", "chargehand deliveries replay <id>", "--key <key>", "CHARGEHAND_URL"])
    assert.ok(text.includes(words), words);
});
