/** Each answer of the table of the Bot API's errors, in the words of all chats. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Failed } from "../../../chats/telegram/client.ts";
import { editTrouble, removeTrouble, troubleOf } from "../../../chats/telegram/trouble.ts";

const failed = (code: number, description: string, more: Partial<Failed> = {}): Failed => ({
  ...{ kind: "failed", code, description, retryAfterMs: null, migrateTo: null },
  ...more,
});
const bad = (text: string): Failed => failed(400, `Bad Request: ${text}`);

test("what closes a chat or an account says what to do", () => {
  const rows: readonly (readonly [Failed, "chat" | "account", RegExp])[] = [
    [failed(401, "Unauthorized"), "account", /@BotFather/],
    [failed(404, "Not Found"), "account", /token and api/],
    [failed(403, "Forbidden: bot was blocked by the user"), "chat", /unblock/],
    [failed(403, "Forbidden: bot was kicked from the supergroup chat"), "chat", /add the bot/],
    [failed(403, "Forbidden: bot is not a member of the channel chat"), "chat", /add the bot/],
    [failed(403, "Forbidden: bot can't initiate conversation with a user"), "chat", /press Start/],
    [failed(403, "Forbidden: user is deactivated"), "chat", /another chat/],
    [failed(403, "Forbidden: the group chat was deleted"), "chat", /another chat/],
    [bad("message thread not found"), "chat", /another topic/],
    [bad("TOPIC_CLOSED"), "chat", /open the topic/],
    [bad("chat not found"), "chat", /check chat/],
    [bad("have no write access to the chat"), "chat", /right to write/],
    [bad("not enough rights to send text messages to the chat"), "chat", /right to write/],
    [bad("need administrator rights in the channel chat"), "chat", /right to write/],
    [bad("CHAT_WRITE_FORBIDDEN"), "chat", /right to write/],
    [bad("group chat was upgraded to a supergroup chat"), "chat", /supergroup/],
  ];
  for (const [answer, scope, remedy] of rows) {
    const trouble = troubleOf(answer, false);
    assert.ok(trouble.kind === "closed", answer.description);
    assert.equal(trouble.scope, scope);
    assert.match(trouble.remedy, remedy);
  }
});

test("an edit that changes nothing has been done; one of what is not there any more asks for another message", () => {
  assert.deepEqual(editTrouble(bad("message is not modified: specified new message content")), {
    kind: "edited",
  });
  for (const text of ["message to edit not found", "message can't be edited", "MESSAGE_ID_INVALID"])
    assert.deepEqual(editTrouble(bad(text)), { kind: "gone" });
});

test("what is gone need not be removed; what is too old stays", () => {
  assert.deepEqual(removeTrouble(bad("message to delete not found")), { kind: "removed" });
  for (const text of ["message can't be deleted", "message can't be deleted for everyone"])
    assert.deepEqual(removeTrouble(bad(text)), { kind: "too_old" });
});

test("a flood waits as long as it is told, and for a while where it is told nothing", () => {
  const flood = failed(429, "Too Many Requests: retry after 7", { retryAfterMs: 7_000 });
  assert.deepEqual(troubleOf(flood, false), {
    ...{ kind: "limited", afterMs: 7_000, scope: "chat" },
    reason: "Telegram answered 429: Too Many Requests: retry after 7",
  });
  const silent = troubleOf(failed(429, ""), false);
  assert.ok(silent.kind === "limited" && silent.afterMs > 0);
});

test("a chat that has moved says where to", () => {
  const moved = failed(400, "Bad Request: group chat was upgraded to a supergroup chat", {
    migrateTo: "-1005",
  });
  assert.deepEqual(troubleOf(moved, false), { kind: "moved", chat: "-1005" });
});

test("markup that cannot be read is told from everything else that is refused", () => {
  assert.equal(troubleOf(bad("can't parse entities: Unsupported start tag"), false).kind, "unreadable");
  for (const text of ["message is too long", "BUTTON_DATA_INVALID", "something new"])
    assert.equal(troubleOf(bad(text), false).kind, "refused");
});

test("only what cannot simply be repeated is unsure, and only where it may have arrived", () => {
  const cut = { kind: "unreachable", reason: "x", isNeverSent: false } as const;
  assert.equal(troubleOf(cut, false).kind, "unsure");
  assert.equal(troubleOf({ ...cut, isNeverSent: true }, false).kind, "unreachable");
  assert.equal(troubleOf(failed(502, ""), false).kind, "unsure");
  assert.equal(editTrouble(cut).kind, "unreachable");
  assert.equal(removeTrouble(failed(500, "Internal Server Error: restart")).kind, "unreachable");
});
