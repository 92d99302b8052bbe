/** Text on its way to Slack and back. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { clean, cut, escaped, meant } from "../../../chats/slack/words.ts";

test("what is escaped is read again as it was, and has no control character of Slack's", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom("<", ">", "&", ";", "a", "!", "lt", "amp", "|") }),
      (text) => {
        assert.equal(meant(escaped(text)), text);
        assert.ok(!/[<>]/.test(escaped(text)));
      },
    ),
  );
});

test("links and mentions are read as people see them", () => {
  assert.equal(
    meant("<https://x.example|x.example> <mailto:a@b.example|a@b.example>"),
    "https://x.example mailto:a@b.example",
  );
  assert.equal(
    meant("<@U1> <@U1|@bob> <#C1> <#C1|shop> <!here> <!subteam^S1|@team> <!date^1^{ago}|then>"),
    "@U1 @bob #C1 #shop @here @team then",
  );
});

test("a text is cut between characters and says so", () => {
  assert.deepEqual(
    [cut("abc", 3), cut("abcd", 3), cut("👍👍", 3), cut("👍👍", 2)],
    ["abc", "ab…", "👍…", "…"],
  );
  assert.equal(clean("a\u0000\r\nb\ud800\tc"), "a\nb\ufffd\tc");
});
