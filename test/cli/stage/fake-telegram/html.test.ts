/** The documented words in which broken markup is refused, and what whole markup becomes. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { parseHtml } from "../../../../cli/stage/fake-telegram/html.ts";

test("broken markup is refused in the words of the real server, with the place in bytes", () => {
  const rows: readonly (readonly [string, string])[] = [
    ["ä<x>", 'Unsupported start tag "x" at byte offset 2'],
    ["<br>", 'Unsupported start tag "br" at byte offset 0'],
    ["<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'],
    ["x</b>", "Unexpected end tag at byte offset 1"],
    ["<b>x", 'Can\'t find end tag corresponding to start tag "b"'],
    ["x <b", "Unclosed start tag at byte offset 2"],
    ['<a href="x', 'Unclosed start tag "a" at byte offset 0'],
    ["<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'],
  ];
  for (const [html, why] of rows)
    assert.throws(() => parseHtml(html), { message: `Bad Request: can't parse entities: ${why}` });
});

test("whole markup becomes text with entities, which are counted in UTF-16", () => {
  const { text, entities } = parseHtml(
    '😀<b>a&amp;b</b> <a href="https://x.example/?a&amp;b">l</a>\n<blockquote expandable>q</blockquote>' +
      '<tg-time unix="1767323040" format="r">then</tg-time><tg-time unix="x" format="r">never</tg-time>&nbsp;&#65;',
  );
  assert.equal(text, "😀a&b l\nqthennever&nbsp;A");
  assert.deepEqual(entities, [
    { type: "bold", offset: 2, length: 3 },
    { type: "text_link", url: "https://x.example/?a&b", offset: 6, length: 1 },
    { type: "expandable_blockquote", offset: 8, length: 1 },
    { type: "date_time", unix_time: 1_767_323_040, date_time_format: "r", offset: 9, length: 4 },
  ]);
});
