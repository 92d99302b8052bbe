/** Notifications of ntfy as they are shown. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { render } from "../../../chats/ntfy/render.ts";
import { says } from "../said.ts";

test("the first line is the title, and a lone one is the text", () => {
  assert.deepEqual(JSON.parse(render(says("Title", "one", "two")).body), {
    title: "Title",
    message: "one\ntwo",
  });
  assert.deepEqual(JSON.parse(render(says("Title")).body), { message: "Title" });
  assert.deepEqual(JSON.parse(render(says()).body), { message: "…" });
});

test("a click leads where the message leads", () => {
  const lines = [{ pieces: [{ text: "SHOP-1", href: "https://shop.example/1" }], weight: 1 }];
  assert.equal(JSON.parse(render({ lines, buttons: [] }).body).click, "https://shop.example/1");
});
