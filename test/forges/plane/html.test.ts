/** Markdown of ours as HTML: what it means is kept, and nothing that is written becomes a tag. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { html } from "../../../forges/plane/html.ts";

const TABLE: readonly (readonly [string, string, string])[] = [
  ["paragraphs", "One\ntwo\n\nthree", "<p>One<br>two</p><p>three</p>"],
  [
    "bold, emphasis and code",
    "**a _b_** and `c < d`",
    "<p><strong>a <em>b</em></strong> and <code>c &lt; d</code></p>",
  ],
  [
    "a link",
    "see [it & that](https://x.test/?a=1&b=2)",
    '<p>see <a href="https://x.test/?a=1&amp;b=2">it &amp; that</a></p>',
  ],
  ["a bare link", "<https://x.test/>", '<p><a href="https://x.test/">https://x.test/</a></p>'],
  ["a link to elsewhere", "[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"],
  ["a list", "- one\n- two\n  more\n\nend", "<ul><li>one</li><li>two<br>more</li></ul><p>end</p>"],
  ["a list of numbers", "1. one\n2. two", "<ol><li>one</li><li>two</li></ol>"],
  ["a heading and a rule", "## Here\n---", "<h2>Here</h2><hr>"],
  [
    "a quote",
    "> said **so**\n> and\n>\n> on",
    "<blockquote><p>said <strong>so</strong><br>and</p><p>on</p></blockquote>",
  ],
  ["code", "```ts\na < b\n\n# c\n```\nend", "<pre><code>a &lt; b\n\n# c</code></pre><p>end</p>"],
  ["code that never ends", "```\na", "<pre><code>a</code></pre>"],
  ["what is hidden", "a\n\n<!-- chargehand:x -->", "<p>a</p>"],
  [
    "tags",
    '<script>x</script> <img src="x" onerror=y>',
    "<p>&lt;script&gt;x&lt;/script&gt; &lt;img src=&quot;x&quot; onerror=y&gt;</p>",
  ],
  [
    "a way out of an address",
    '[x](https://x.test/"onclick="y)',
    '<p><a href="https://x.test/&quot;onclick=&quot;y">x</a></p>',
  ],
  [
    "what was made harmless",
    "\\*a\\* \\<b\\> &lt;c&gt; snake_case_name",
    "<p>*a* &lt;b&gt; &lt;c&gt; snake_case_name</p>",
  ],
  ["what is never closed", "**a `b [c](", "<p>**a `b [c](</p>"],
  ["nothing", "", ""],
];

for (const [what, markdown, expected] of TABLE) test(`${what}`, () => assert.equal(html(markdown), expected));

test("whatever is written, no tag but ours comes of it, and it takes no time", () => {
  const ours =
    /<\/?(p|br|strong|em|code|pre|ul|ol|li|h[1-6]|hr|blockquote)>|<a href="(https?|mailto):[^"<>]*">|<\/a>/g;
  const signs = [
    "**",
    "`",
    "_",
    "[",
    "](https://x.test/",
    ")",
    "<",
    ">",
    '"',
    "&",
    "\n",
    "> ",
    "- ",
    "```",
    "\\",
    "a",
  ];
  let seed = 1;
  for (let round = 0; round < 2_000; round += 1) {
    const parts = Array.from({ length: 30 }, () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return signs[seed % signs.length] ?? "";
    });
    assert.doesNotMatch(html(parts.join("")).replace(ours, ""), /[<>]/, parts.join(""));
  }
  for (const sign of signs) {
    const before = performance.now();
    html(sign.repeat(20_000));
    assert.ok(performance.now() - before < 2_000, sign);
  }
});
