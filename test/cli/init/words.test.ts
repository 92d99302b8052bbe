/** A command line as its words: quotation marks keep blanks together, and an open one is seen. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { wordsIn } from "../../../cli/init/words.ts";

test("blanks outside of quotation marks part words", () => {
  const told: readonly (readonly [string, readonly string[] | null])[] = [
    ["/bin/fix  --fast", ["/bin/fix", "--fast"]],
    [`fix "two words" it's''one '$HOME'`, null],
    [`fix "two words" one'' '$HOME'`, ["fix", "two words", "one", "$HOME"]],
    [`fix --text="a b"`, ["fix", "--text=a b"]],
    [`fix "a`, null],
    ["", []],
  ];
  for (const [line, words] of told) assert.deepEqual(wordsIn(line), words, line);
});
