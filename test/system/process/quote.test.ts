/** Any word survives a shell as it is. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { quote } from "../../../system/process/quote.ts";

test("I13: a quoted word is one word for a shell, whatever it holds", () => {
  const words = ["", "it's", "''", '"$HOME" `id` $(id) \\', "two\nlines", "*", "-n", "ä"];
  const script = `printf '%s|' ${words.map(quote).join(" ")}`;
  assert.equal(execFileSync("/bin/sh", ["-c", script], { encoding: "utf8" }), `${words.join("|")}|`);
});
