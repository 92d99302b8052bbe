/** I13: text from outside in a comment of ours is read, and does nothing. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { codeSpan, plainLine, quotation } from "../../../workflow/text/markdown.ts";

/** What stands there once a renderer has taken the escapes away, without what nobody sees. */
function read(markdown: string): string {
  return markdown.replace(/\\(?=[!-/:-@[-`{-~])/g, "").replaceAll("\u200b", "");
}

/** What a forge looks for in what is left of the markup. */
const OBEYED = /@[a-z0-9]|#\d|\bGH-\d|\b[A-Z][A-Z0-9_]*-\d|[a-z]+:\/\/|\bwww\.|\w\/\w+#\d/i;

const HOSTILE: readonly string[] = [
  "ask @octocat or @acme/admins, ＠someone",
  "Closes #12, fixes acme/shop#3, GH-7, SHOP-12, https://github.com/acme/shop/issues/9, www.evil.example",
  "<img src=x onerror=alert(1)> <!-- chargehand:task --> <details>",
  "![x](https://evil.example/pixel.png) [click](javascript:alert(1))",
  "# head\n- list\n1. one\n> quote\n    code\n```\nfence\n| a | b |\n---",
  "`code` **bold** _it_ ~~gone~~ &amp; &#64;octocat $x$ :tada: \\@octocat",
  "\u202egnp.x\u200b@octocat",
];

test("nobody is called, nothing is mentioned, loaded or marked up, and the words stay", () => {
  for (const text of HOSTILE)
    for (const written of [plainLine(text), quotation(text)]) {
      const seen = written.replace(/\\(?=[!-/:-@[-`{-~])/g, "");
      assert.doesNotMatch(seen, OBEYED, text);
      for (const line of written.split("\n"))
        assert.doesNotMatch(line.replace(/^> ?/, ""), /(?<!\\)(?:\\\\)*[<`*_[\]#|~&]|^([-+=]|\d+[.)])/, text);
    }
  assert.equal(read(plainLine("ask @octocat about #12: a < b")), "ask @octocat about #12: a < b");
});

test("a quotation has each of its lines in it, and is nothing where nothing is seen", () => {
  assert.equal(quotation("\n  one\n\n\n    two\r\n"), "> one\n>\n>\n> two");
  assert.equal(quotation(" \u200b\n"), "");
});

test("a span of code cannot be left", () => {
  assert.equal(codeSpan("a`b``c\nd"), "`a'b''c d`");
  assert.equal(codeSpan("\u200b"), "");
});

test("whatever is written, no line of it leaves its quotation and no mark of it stays bare", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 200 }), (text) => {
      const written = quotation(text);
      for (const line of written === "" ? [] : written.split("\n")) assert.match(line, /^>( |$)/);
      assert.doesNotMatch(plainLine(text), /\n/);
      assert.doesNotMatch(plainLine(text).replace(/\\./g, ""), /[<`*_[\]#|~&@](?!\u200b)/);
    }),
  );
});
