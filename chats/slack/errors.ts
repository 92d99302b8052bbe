/** What an error of Slack's means in the words of all chats. Pure. */

import type { Trouble } from "../chat.ts";
import type { Reply } from "./api.ts";

type Failure = Exclude<Reply, { readonly kind: "ok" }>;

const AGAIN = "install the app to the workspace again, and put its new bot token into the configuration";
const INVITE = "invite the app to the channel: /invite @ and its name";
const CHECK = "check the id of the channel, and invite the app to it";
const ALLOW = "let the app post in this channel, or name another";
const WORKSPACE = "ask an administrator of the workspace to let the app in";

/** What closes a chat, with what a person can do. */
const CHAT_CLOSED: Readonly<Record<string, string>> = {
  not_in_channel: INVITE,
  channel_not_found: CHECK,
  is_archived: "unarchive the channel, or name another",
  messages_tab_disabled: "turn on the Messages tab of the app's home, or name a channel",
  user_disabled: "name another chat: that person is no longer here",
  cannot_dm_bot: "name another chat: apps do not write to one another",
};

/** What closes an account. */
const ACCOUNT_CLOSED: Readonly<Record<string, string>> = {
  invalid_auth: AGAIN,
  not_authed: AGAIN,
  token_revoked: AGAIN,
  token_expired: AGAIN,
  account_inactive: AGAIN,
  not_allowed_token_type: "use a bot token, which begins with xoxb-",
  missing_scope: "add the scope to the app, and install it again",
  no_permission: "give the app the scope chat:write, and install it again",
  org_login_required: WORKSPACE,
  access_denied: WORKSPACE,
  accesslimited: WORKSPACE,
  ekm_access_denied: WORKSPACE,
  enterprise_is_restricted: WORKSPACE,
  team_access_not_granted: WORKSPACE,
  two_factor_setup_required: WORKSPACE,
};

/** Our markup could not be read, or is too much of it: the same as plain text is shorter. */
const UNREADABLE: ReadonlySet<string> = new Set([
  "invalid_blocks",
  "invalid_blocks_format",
  "msg_blocks_too_long",
  "msg_too_long",
  "no_text",
]);

/** Nothing was done, and the same may pass later. */
const LATER: ReadonlySet<string> = new Set(["request_timeout", "update_failed", "team_added_to_org"]);

/** It may have been done all the same; so say the pages of these errors. */
const UNSURE: ReadonlySet<string> = new Set([
  "internal_error",
  "fatal_error",
  "service_unavailable",
  // There is a message with our id already, or there was; Slack does not say where.
  "duplicate_message_not_found",
  "duplicate_channel_not_found",
]);

/** How long (ms) a workspace that writes too much is left alone, as Slack does not tell. */
const MESSAGES_LIMIT_MS = 60_000;

/** @param canRepeat a call that changes nothing more when it comes twice */
export function troubleOf(reply: Failure, canRepeat: boolean): Trouble {
  if (reply.kind === "limited")
    return {
      kind: "limited",
      afterMs: reply.afterMs,
      scope: "account",
      reason: "Slack asks for fewer calls",
    };
  if (reply.kind === "lost")
    return { kind: canRepeat || reply.neverSent ? "unreachable" : "unsure", reason: reply.reason };
  return ofError(reply.error, reply.needed, canRepeat);
}

function ofError(error: string, needed: string | null, canRepeat: boolean): Trouble {
  const reason = `Slack answered ${error}${needed === null ? "" : ` (${needed})`}`;
  if (LATER.has(error)) return { kind: "unreachable", reason };
  if (UNSURE.has(error)) return { kind: canRepeat ? "unreachable" : "unsure", reason };
  if (UNREADABLE.has(error)) return { kind: "unreadable", reason };
  if (error === "message_limit_exceeded")
    return { kind: "limited", afterMs: MESSAGES_LIMIT_MS, scope: "account", reason };
  const account = Object.hasOwn(ACCOUNT_CLOSED, error) ? ACCOUNT_CLOSED[error] : undefined;
  if (account !== undefined) return { kind: "closed", scope: "account", reason, remedy: account };
  const chat = Object.hasOwn(CHAT_CLOSED, error) ? CHAT_CLOSED[error] : undefined;
  // The newer ones are called restricted_action_read_only_channel and the like.
  const remedy = chat ?? (error.startsWith("restricted_action") ? ALLOW : undefined);
  return remedy === undefined
    ? { kind: "refused", reason }
    : { kind: "closed", scope: "chat", reason, remedy };
}
