/**
 * What an answer of Telegram's means, in the words of all chats. Pure.
 *
 * The texts are compared in part and in lower case: its documentation says that they change. What none of them matches
 * is judged by its code alone.
 */

import type { Edited, Removed, Trouble } from "../chat.ts";
import type { Called, Failed } from "./client.ts";

/** Where Telegram asks for patience and does not say how much. */
const PATIENCE_MS = 5_000;
/** The longest wait that is believed. */
const PATIENCE_MS_MAX = 24 * 3_600_000;

/** A call whose success is of no interest here. */
export type Unsuccessful = Exclude<Called, { kind: "ok" }>;

/** @param canRepeat whether doing it twice is the same as doing it once */
export function troubleOf(called: Unsuccessful, canRepeat: boolean): Trouble {
  const unknown = canRepeat ? "unreachable" : "unsure";
  if (called.kind === "unreachable")
    return { kind: called.isNeverSent ? "unreachable" : unknown, reason: called.reason };
  const { code, migrateTo } = called;
  const reason = reasonOf(called);
  if (code === 429) {
    const afterMs = Math.min(called.retryAfterMs ?? PATIENCE_MS, PATIENCE_MS_MAX);
    return { kind: "limited", afterMs, scope: "chat", reason };
  }
  if (migrateTo !== null) return { kind: "moved", chat: migrateTo };
  if (code >= 500) return { kind: unknown, reason };
  const closing = CLOSING.find(({ codes, what }) => codes.includes(code) && what.test(called.description));
  if (closing !== undefined) return { kind: "closed", scope: closing.scope, reason, remedy: closing.remedy };
  return { kind: /can't parse entit/i.test(called.description) ? "unreadable" : "refused", reason };
}

export function editTrouble(called: Unsuccessful): Edited {
  const said = called.kind === "failed" && called.code === 400 ? called.description : "";
  if (/message is not modified/i.test(said)) return { kind: "edited" };
  if (/message to edit not found|message can't be edited|message_id_invalid/i.test(said))
    return { kind: "gone" };
  return troubleOf(called, true);
}

export function removeTrouble(called: Unsuccessful): Removed {
  const said = called.kind === "failed" && called.code === 400 ? called.description : "";
  if (/message to delete not found|message_id_invalid/i.test(said)) return { kind: "removed" };
  if (/message can't be deleted/i.test(said)) return { kind: "too_old" };
  return troubleOf(called, true);
}

export function reasonOf({ code, description }: Failed): string {
  return description === "" ? `Telegram answered ${code}` : `Telegram answered ${code}: ${description}`;
}

interface Closing {
  readonly codes: readonly number[];
  readonly what: RegExp;
  readonly scope: "chat" | "account";
  readonly remedy: string;
}

const START = "have that person open the bot and press Start, then try again";
const MEMBER = "add the bot to the chat again";
const TOPIC = "name another topic in the configuration, or none";

/** What a person has to see to. The first that matches. */
const CLOSING: readonly Closing[] = [
  {
    codes: [401],
    what: /^/,
    scope: "account",
    remedy: "the token is wrong or revoked: put the one that @BotFather shows into the configuration",
  },
  {
    codes: [404],
    what: /^/,
    scope: "account",
    remedy: "check token and api in the configuration: there is no such bot at this address",
  },
  { codes: [403], what: /blocked by the user/i, scope: "chat", remedy: `unblock the bot, or ${START}` },
  { codes: [403], what: /can't initiate/i, scope: "chat", remedy: START },
  { codes: [403], what: /kicked|not a member/i, scope: "chat", remedy: MEMBER },
  {
    codes: [403],
    what: /^/,
    scope: "chat",
    remedy: "nobody can be reached there: name another chat in the configuration",
  },
  {
    codes: [400],
    what: /message thread not found|topic_deleted|topic_id_invalid/i,
    scope: "chat",
    remedy: TOPIC,
  },
  { codes: [400], what: /topic_closed/i, scope: "chat", remedy: `open the topic again, or ${TOPIC}` },
  {
    codes: [400],
    what: /chat not found|user not found|peer_id_invalid/i,
    scope: "chat",
    remedy: `check chat in the configuration; ${MEMBER}, or ${START}`,
  },
  {
    codes: [400],
    what: /upgraded to a supergroup/i,
    scope: "chat",
    remedy: "put the id of the supergroup into the configuration",
  },
  {
    codes: [400],
    what: /no write access|not enough rights|need administrator rights|chat_write_forbidden|chat_restricted/i,
    scope: "chat",
    remedy: "give the bot the right to write in the chat",
  },
];
