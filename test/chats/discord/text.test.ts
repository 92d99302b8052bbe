/** Text in Discord's markup: what is said stays text, and is counted as Discord counts. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  code,
  cut,
  escaped,
  escapedStart,
  lengthOf,
  lineOf,
  link,
  time,
} from "../../../chats/discord/text.ts";
import { HOSTILE } from "../../hostile-text.ts";

/** What a reader sees of escaped text, or a mark that is not escaped. */
function read(markup: string): string {
  return markup.replace(
    /\\([^0-9A-Za-z\s])|([*_~`|<>[\]#@]|:\/\/)/gu,
    (_all, plain?: string, mark?: string) => {
      assert.equal(mark, undefined, `${mark} is markup in ${markup}`);
      return plain ?? "";
    },
  );
}

const unicode = fc.string({ unit: "grapheme", maxLength: 300 });
const markup = fc
  .array(
    fc.constantFrom(
      "*",
      "**",
      "_",
      "~~",
      "`",
      "```",
      "|",
      "||",
      "<@1>",
      "<t:1:R>",
      "[a](http://b)",
      "@everyone",
      "# ",
      "> ",
      "- ",
      "1. ",
      ":",
      "://",
      "\\",
      "a",
      " ",
      "\n",
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(""));

test("whatever is said is read as it was said, without any mark", () => {
  fc.assert(
    fc.property(fc.oneof(unicode, markup, fc.constantFrom(...Object.values(HOSTILE))), (said) => {
      const line = lineOf(said);
      assert.equal(read(escapedStart(escaped(line))), line);
    }),
    { numRuns: 1_000 },
  );
});

test("neither addresses nor invitations nor emoji come to be of text", () => {
  assert.equal(escaped("see https://a.example/b"), "see https\\://a.example/b");
  assert.equal(
    escaped("discord.gg/abc, discord.com/invite/abc"),
    "discord\\.gg/abc, discord\\.com/invite/abc",
  );
  assert.equal(escaped(":smile: at 12:30"), "\\:smile: at 12:30");
});

test("a line that begins as a list is none", () => {
  assert.deepEqual(["- a", "+ a", "12. a", "1.5 a"].map(escapedStart), [
    "\\- a",
    "\\+ a",
    "12\\. a",
    "1.5 a",
  ]);
});

test("code cannot be left from inside, and stands for itself", () => {
  assert.equal(code("a`b```c"), "`aˋbˋˋˋc`");
  assert.equal(code("C:\\"), "`C:\\ `");
  assert.equal(code("  "), "");
});

test("a link shows no preview, and only leads where an address may lead", () => {
  assert.equal(
    link("SHOP-1 [x]", "https://a.example/(b)?q=<c>"),
    "[SHOP-1 \\[x\\]](<https://a.example/(b)?q=%3Cc%3E>)",
  );
  for (const href of [
    "javascript:alert(1)",
    "http://user:pass@a.example",
    "nothing",
    `https://a.example/${"x".repeat(600)}`,
  ])
    assert.equal(link("text", href), "text");
});

test("length is counted in code points", () => {
  assert.equal(lengthOf("a👍é"), 3);
});

test("a text is cut between what people see as one character", () => {
  const family = "👨‍👩‍👧‍👦";
  assert.equal(cut(`ab${family}cd`, 5), "ab…");
  assert.equal(cut("abc", 3), "abc");
  fc.assert(
    fc.property(unicode, fc.integer({ min: 0, max: 50 }), (said, most) => {
      const short = cut(lineOf(said), most);
      assert.ok(lengthOf(short) <= most);
      assert.ok(short.isWellFormed());
    }),
  );
});

test("a time is shown by the reader's clock, and one that no clock shows is a dash", () => {
  assert.equal(time(1_700_000_000_999, "since"), "<t:1700000000:R>");
  assert.equal(time(0, "at"), "<t:0:f>");
  assert.equal(time(Number.NaN, "at"), "—");
  assert.equal(time(Number.POSITIVE_INFINITY, "since"), "—");
});
