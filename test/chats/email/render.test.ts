/** Mails as they are written. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { render } from "../../../chats/email/render.ts";
import { anyMessage, says } from "../said.ts";

test("the first line is the subject, and the text has all of them", () => {
  assert.deepEqual(JSON.parse(render(says("Title\r\nBcc: a@b.example", "text")).body), {
    subject: "Title Bcc: a@b.example",
    text: "Title Bcc: a@b.example\ntext\n",
  });
  assert.deepEqual(JSON.parse(render(says()).body), { subject: "…", text: "…\n" });
});

test("whatever is said, the subject is one short line", () => {
  fc.assert(
    fc.property(anyMessage(), (message) => {
      const { subject } = JSON.parse(render(message).body);
      assert.match(subject, /^[^\r\n]+$/);
      assert.ok(Buffer.byteLength(subject) <= 250);
    }),
    { numRuns: 50 },
  );
});
