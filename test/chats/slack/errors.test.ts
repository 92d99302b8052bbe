/** Every error of Slack's, in the words of all chats: by the table, and as it comes over the wire. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { troubleOf } from "../../../chats/slack/errors.ts";
import type { Fault } from "../../proof/slack/world.ts";
import { CHANNEL, posted, rendered, scene, TOKEN, trouble } from "./stage.ts";

const CLOSED_CHAT = [
  "not_in_channel",
  "channel_not_found",
  "is_archived",
  "restricted_action",
  "restricted_action_read_only_channel",
  "messages_tab_disabled",
];
const CLOSED_ACCOUNT = [
  "invalid_auth",
  "not_authed",
  "token_revoked",
  "token_expired",
  "account_inactive",
  "missing_scope",
  "no_permission",
  "org_login_required",
  "ekm_access_denied",
  "team_access_not_granted",
];
const UNREADABLE = [
  "invalid_blocks",
  "invalid_blocks_format",
  "msg_blocks_too_long",
  "msg_too_long",
  "no_text",
];
const UNSURE = [
  "internal_error",
  "fatal_error",
  "service_unavailable",
  "duplicate_message_not_found",
  "duplicate_channel_not_found",
];

function ofError(error: string, canRepeat = false): ReturnType<typeof troubleOf> {
  return troubleOf({ kind: "error", error, needed: null }, canRepeat);
}

test("each error has its word, and what a person can do has a remedy", () => {
  const words = (errors: readonly string[], canRepeat?: boolean): readonly string[] =>
    errors.map((error) => {
      const found = ofError(error, canRepeat);
      if (found.kind !== "closed") return found.kind;
      assert.ok(found.remedy.length > 10 && found.reason.includes(error));
      return `closed ${found.scope}`;
    });
  assert.deepEqual(new Set(words(CLOSED_CHAT)), new Set(["closed chat"]));
  assert.deepEqual(new Set(words(CLOSED_ACCOUNT)), new Set(["closed account"]));
  assert.deepEqual(new Set(words(UNREADABLE)), new Set(["unreadable"]));
  assert.deepEqual(new Set(words(UNSURE)), new Set(["unsure"]));
  assert.deepEqual(new Set(words(UNSURE, true)), new Set(["unreachable"]));
  assert.deepEqual(words(["request_timeout", "message_limit_exceeded"]), ["unreachable", "limited"]);
  assert.deepEqual(words(["something_new", "constructor", "__proto__"]), ["refused", "refused", "refused"]);
});

async function sentWith(
  t: Parameters<typeof scene>[0],
  fault: Fault,
  timeoutMs?: number,
): Promise<ReturnType<typeof trouble>> {
  const { chat } = await scene(t, { faultOf: () => fault }, timeoutMs);
  return trouble(await chat.send(rendered(chat, "x"), { token: TOKEN, isSilent: false }));
}

test("what is wrong with a call comes over the wire as it is in the table", async (t) => {
  const missing = await sentWith(t, { kind: "error", error: "missing_scope", needed: "chat:write" });
  assert.ok(missing.kind === "closed" && missing.reason === "Slack answered missing_scope (chat:write)");
  const nameless = await sentWith(t, { kind: "error", error: "<script>&\n" });
  assert.deepEqual(nameless, { kind: "refused", reason: "Slack answered an error without a name" });
});

test("a limit says how long, in seconds, by status or by word; without a time it is half a minute", async (t) => {
  const after = async (fault: Fault): Promise<number> => {
    const found = await sentWith(t, fault);
    assert.ok(found.kind === "limited" && found.scope === "account");
    return found.afterMs;
  };
  assert.equal(await after({ kind: "limited", seconds: 12 }), 12_000);
  assert.equal(await after({ kind: "limited", seconds: 12, isHttp: false }), 12_000);
  assert.equal(await after({ kind: "limited", seconds: null, isHttp: false }), 30_000);
  assert.equal(await after({ kind: "limited", seconds: 0 }), 30_000);
  assert.equal(await after({ kind: "limited", seconds: 99_999_999 }), 3_600_000);
});

test("an edit without an end is only to be repeated, and a send is not", async (t) => {
  const { chat, slack } = await scene(t, {}, 300);
  const id = await posted(chat, "x");
  for (const fault of [
    { kind: "reset", isStored: true },
    { kind: "hang", isStored: true, ms: 600 },
    { kind: "status", status: 500, isStored: false },
    { kind: "status", status: 200, isStored: false, body: "[]" },
    { kind: "status", status: 403, isStored: false, body: "a proxy" },
  ] as const) {
    slack.world.options.faultOf = () => fault;
    assert.equal((await chat.edit(id, rendered(chat, `y ${fault.kind}`))).kind, "unreachable");
    assert.equal((await chat.remove(`${CHANNEL}:1.1`)).kind, "unreachable");
    assert.equal((await chat.send(rendered(chat, "z"), { token: TOKEN, isSilent: false })).kind, "unsure");
  }
});

test("a channel that is archived, unknown, without us or read-only is closed, with what to do", async (t) => {
  const { chat, slack } = await scene(t);
  const id = await posted(chat, "x");
  const channel = slack.world.channels.get(CHANNEL);
  assert.ok(channel !== undefined);
  const reasons: unknown[] = [];
  const look = async (): Promise<void> => {
    const found = trouble(await chat.edit(id, rendered(chat, "y")));
    reasons.push(found.kind === "closed" ? [found.scope, found.reason] : found.kind);
  };
  for (const key of ["isArchived", "isReadOnly"] as const) {
    channel[key] = true;
    await look();
    channel[key] = false;
  }
  channel.isMember = false;
  await look();
  slack.world.channels.clear();
  await look();
  assert.deepEqual(reasons, [
    ["chat", "Slack answered is_archived"],
    ["chat", "Slack answered restricted_action_read_only_channel"],
    ["chat", "Slack answered not_in_channel"],
    ["chat", "Slack answered channel_not_found"],
  ]);
});

test("a wrong token closes the account, and a body that is too large is unreadable", async (t) => {
  const { chat } = await scene(t);
  const blocks = Array.from({ length: 51 }, () => ({ type: "divider" }));
  const found = await chat.send(
    { body: JSON.stringify({ text: "x", blocks }) },
    { token: TOKEN, isSilent: false },
  );
  assert.equal(found.kind, "unreadable");
  const wrong = await sentWith(t, { kind: "error", error: "invalid_auth" });
  assert.ok(wrong.kind === "closed" && wrong.scope === "account");
});

test("who calls faster than Slack allows is told so, and the server counts it", async (t) => {
  const { chat, slack } = await scene(t, { hurry: 1 });
  const kinds: string[] = [];
  for (let index = 0; index < 5; index++)
    kinds.push((await chat.send(rendered(chat, "x"), { token: TOKEN, isSilent: false })).kind);
  assert.deepEqual(kinds, ["sent", "sent", "sent", "limited", "limited"]);
  assert.equal(slack.state().broken, 2);
});
