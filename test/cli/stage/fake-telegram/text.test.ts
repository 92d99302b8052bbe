/** What a text becomes on its way into a chat. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { acceptText } from "../../../../cli/stage/fake-telegram/text.ts";

test("lengths are held to: what is seen, and what is sent", () => {
  assert.equal(acceptText(`<b>${"x".repeat(4_096)}</b>`, "HTML").text.length, 4_096);
  assert.throws(() => acceptText("x".repeat(4_097), undefined), /message is too long/);
  assert.throws(() => acceptText("&amp;".repeat(7_000), "HTML"), /text is too long/);
  assert.throws(() => acceptText("", undefined), /message text is empty/);
  assert.throws(() => acceptText("<b> \n</b>", "HTML"), /text must be non-empty/);
});

test("calls are found outside of code alone", () => {
  const types = (text: string, mode?: string) => acceptText(text, mode).entities.map(({ type }) => type);
  assert.deepEqual(types("/start @ada #now $USD a@b.com x.sh +1-212-555-0123"), [
    ...["mention", "bot_command", "hashtag", "cashtag", "email", "url", "phone_number"],
  ]);
  assert.deepEqual(types("<code>/start @ada</code>", "HTML"), ["code"]);
  assert.deepEqual(types("2/3 a/b"), []);
});

test("what the documentation does not allow is odd, though it is no error", () => {
  assert.deepEqual(acceptText("<b>a<code>b</code></b>", "HTML").oddities, ["code within bold"]);
  assert.match(acceptText("<i>x</i> ".repeat(101), "HTML").oddities.join(), /101 entities/);
});
