/** How many files a process may have open. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import test from "node:test";

const ASK = `const { openFilesMax } = await import(${JSON.stringify(new URL("../../system/open-files.ts", import.meta.url).href)}); console.log(openFilesMax());`;

test("What a process may have open is what it was limited to", () => {
  const told = execFileSync(
    "/bin/sh",
    ["-c", 'ulimit -n 321 && exec "$@"', "sh", process.execPath, "-e", ASK],
    {
      encoding: "utf8",
    },
  );
  assert.equal(told.trim(), "321");
});
