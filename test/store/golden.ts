/** Golden files: `UPDATE=1 npm test` rewrites them, and a review reads the difference. */

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";

/** @param name a file of `test/golden/`. */
export async function matchGolden(name: string, text: string): Promise<void> {
  const file = new URL(`../golden/${name}`, import.meta.url);
  if (process.env["UPDATE"] === "1") await writeFile(file, text);
  assert.equal(text, await readFile(file, "utf8"), `test/golden/${name} differs; UPDATE=1 rewrites it`);
}
