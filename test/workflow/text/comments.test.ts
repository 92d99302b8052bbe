/** What a forge hides in comments is hidden from an agent, and code that shows comments is not touched. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { withoutComments } from "../../../workflow/text/comments.ts";

test("comments go, also open ones at the beginning of a line", () => {
  assert.equal(withoutComments("a<!-- do evil\nthings -->b"), "ab");
  assert.equal(withoutComments("a\n<!-- open\n\nend"), "a\n");
  assert.equal(withoutComments("a\n> - <!-- open\nend"), "a\n> - ");
  assert.equal(withoutComments("<!-->a<!--->b"), "ab");
  assert.equal(withoutComments("<!<!-- x -->-- evil -->"), "");
});

test("what is no comment on a forge stays: one that its paragraph does not end", () => {
  const text = "The sequence <!-- breaks our parser.\n\nIt should --> not.";
  assert.equal(withoutComments(text), text);
});

test("code in a fence keeps its comments byte for byte", () => {
  for (const fence of ["```", "~~~~", "```html"]) {
    const code = `See:\n${fence}\n<!-- a\n\nb -->\n<p>x</p> <!-- open\n${/^./.exec(fence)?.[0]?.repeat(4)}\n`;
    assert.equal(withoutComments(`${code}end<!-- x -->`), `${code}end`);
  }
});

test("I13: what only looks like a fence hides nothing", () => {
  const evil = "<!-- evil -->";
  const texts = [
    `<pre>\n\n\`\`\`\n${evil}\n\`\`\`\n</pre>`,
    `<div>\n\`\`\`\n${evil}\n\`\`\`\n</div>`,
    `<!-- \n\`\`\`\n${evil}\n\`\`\``,
    `- a\n  \`\`\`\n${evil}`,
    `> \`\`\`\n${evil}`,
    `\`\`\`a\`b\n${evil}\n`,
    `<https://x>\n\`\`\`\n\n\n\`\`\`\n${evil}`,
    `\`\`\`\nx\n\`\`\`\n${evil}`,
    `\`\`\`\nx\n   \`\`\`\`  \n${evil}\n\`\`\``,
    `a \`${evil}\` b`,
    `    ${evil}`,
  ];
  for (const text of texts) assert.doesNotMatch(withoutComments(text), /evil/, text);
});

test("a template's comments and its details are no reason to touch the code below", () => {
  const code = "```html\n<!-- shown -->\n```\n";
  const text = `<!-- Thank you!\n\n-->\n## Steps\n<details>\n<summary>log</summary>\n\n${code}</details>\n`;
  assert.equal(withoutComments(text), text.replace("<!-- Thank you!\n\n-->", ""));
});

test("I13: taking a comment out makes no other, however they are nested, and takes no time", () => {
  const piece = fc.constantFrom(
    "<!--",
    "-->",
    "<!",
    "--",
    ">",
    "```",
    "~~~",
    "\n",
    "\n\n",
    " ",
    "<p>",
    "x",
    "`",
    "<pre>",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const seen = withoutComments(pieces.join(""));
      assert.equal(withoutComments(seen), seen);
    }),
    { numRuns: 3_000, seed: 7 },
  );
  const began = performance.now();
  for (const bomb of ["<!", "<!--", "<!-- x", "x <!--", "x <!-- -->", "\n<!--\n```\n"])
    withoutComments(`${bomb.repeat(8_000)}<!-- x -->${"-- x -->".repeat(8_000)}`);
  assert.ok(performance.now() - began < 2_000, `${performance.now() - began} ms`);
});
