/** I13: Plane's HTML becomes text, and stays readable. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { htmlText } from "../../../handlers/plane/html.ts";

test("blocks become lines, headings keep their case, and links keep their address", () => {
  assert.equal(htmlText("<h1>Why</h1><p>one<br>two</p>"), "Why\n\none\ntwo");
  assert.equal(
    htmlText("<p>a</p><pre><code>/agent\n  x &lt;y&gt;</code></pre><p>b</p>"),
    "a\n\n```\n/agent\n  x <y>\n```\n\nb",
  );
  assert.equal(htmlText("<blockquote><p>/agent</p></blockquote>"), "> /agent");
  assert.equal(htmlText('<a href="https://x.org/">docs</a>'), "docs [https://x.org/]");
  assert.equal(htmlText("<p>a &lt;b&gt; &amp; c</p>"), "a <b> & c");
});

test("I13: scripts and comments vanish, and no text is too strange or too deep", () => {
  assert.equal(htmlText("<script>alert(1)</script><!-- x --><p>a</p>"), "a");
  for (const html of ["", "<<<>>>", "<p", "\u0000", "<div>".repeat(5_000)])
    assert.equal(typeof htmlText(html), "string");
  assert.ok(htmlText("x".repeat(2_000_000)).length <= 1_048_576);
});
