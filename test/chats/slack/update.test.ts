/** Updates as they are stored. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { storedOf, updateOf, WAYS } from "../../../chats/slack/update.ts";

test("what is stored is read again, without what nobody needs and what is a secret", () => {
  const event = { type: "message", text: "words", blocks: ["twice"], files: ["f"], attachments: ["a"] };
  const update = updateOf("events_api", { event_id: "Ev1", token: "old", api_app_id: "A", event });
  assert.deepEqual([update.id, update.event], ["Ev1", "message"]);
  assert.deepEqual(storedOf(update), {
    way: "events_api",
    payload: { event_id: "Ev1", event: { type: "message", text: "words" } },
  });
});

test("an id that is none, or far too long, is replaced by a digest, and an event without a word has one", () => {
  for (const way of WAYS)
    for (const id of [undefined, 7, "", "with space", "x".repeat(129)]) {
      const update = updateOf(way, { event_id: id, trigger_id: id, type: 7 });
      assert.match(update.id, /^sha256:[0-9a-f]{64}$/);
      assert.equal(update.event, way === "slash_commands" ? "slash_command" : "unknown");
    }
});
