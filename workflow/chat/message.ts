/**
 * Messages in chats: every one that was ever sent, or may have been, is a row; so none is forgotten there (I10).
 *
 * M1. The row is written before the message is sent. A send whose end nobody has seen leaves it `unknown`, and is
 *     looked for before another one takes its place.
 * M2. A card, and what is asked about one thing, stands once in a chat.
 */

import { defineMachine, type Machine, type StatusOf } from "../machine.ts";

const messageTable = {
  arrive: { sending: "shown", unknown: "shown" },
  lose: { sending: "unknown" },
  leave: { shown: "leaving" },
  end: { sending: "gone", unknown: "gone", shown: "gone", leaving: "gone" },
} as const;
export const messageMoves: Machine<typeof messageTable> = defineMachine({
  name: "message",
  initial: "sending",
  // What was sent by a daemon that was taken for dead is found beside the row that it was for.
  begins: ["sending", "leaving"],
  final: ["gone"],
  timed: ["lose", "leave", "end"],
  meaning: {
    sending: "It is being sent; nobody has seen the end of that.",
    unknown: "It may stand in the chat. It is looked for before anything is sent in its place.",
    shown: "It stands in the chat, by the id that the chat has given it.",
    leaving: "It stands there for nothing any more, and is taken away at the next chance.",
    gone: "It is not there: taken away, never arrived, or out of reach for ever.",
  },
  moves: messageTable,
});
export type MessageStatus = StatusOf<typeof messageTable>;

/** What a message is for: a task's card; something that wants a person; a notice; an answer; a digest. */
export const MESSAGE_PURPOSES = ["card", "ask", "notice", "reply", "digest"] as const;
export type MessagePurpose = (typeof MESSAGE_PURPOSES)[number];

export interface ChatMessage {
  readonly id: number;
  /** As the configuration names the chat: `telegram:team`. */
  readonly chat: string;
  readonly task: string | null;
  readonly purpose: MessagePurpose;
  /** What it is about, where that stands once in a chat: `card AC-1`, `approval 17`. */
  readonly about: string;
  /** Drawn for it alone; its buttons carry it. */
  readonly token: string;
  readonly status: MessageStatus;
  /** By which the chat knows it; `null` while nobody here knows. */
  readonly remote: string | null;
  /** SHA-256 of what is shown (hex); `null` where nobody knows. */
  readonly shown: string | null;
  /** Whether it is sent without markup, because the chat could not read ours. */
  readonly isPlain: boolean;
  /** The newest id of the chat that was known when it was sent; for whoever looks for it. */
  readonly after: string | null;
  /** The message that it answers; and what is meant by an answer to it, where that is not what is said to its task. */
  readonly replyTo: string | null;
  readonly meaning: string | null;
  /** How often it was looked for, or was to be taken away in vain. */
  readonly tries: number;
  readonly dueAt: number;
  /** Why it is not as it should be. */
  readonly error: string | null;
  readonly begunAt: number;
  readonly sentAt: number | null;
  readonly editedAt: number | null;
  readonly finishedAt: number | null;
}

/** A task in a chat, as far as it is shown there. */
export interface Card {
  readonly chat: string;
  readonly task: string;
  /** Of everything that was looked at when it was drawn last: another mark means that there is something to draw. */
  readonly seen: string;
  /** The mark now. */
  readonly mark: string;
  /** Until when (ms) its agent's progress was drawn, and what there is now; `null` without a run. */
  readonly seenActive: number | null;
  readonly active: number | null;
  /** When it was drawn last (ms). */
  readonly drawnAt: number;
  readonly dueAt: number;
  readonly status: string;
  /** How it stood when it was drawn last, in a word. */
  readonly state: string;
  /** Whether something that wants a person is told beside it now. */
  readonly isAsked: boolean;
}

/** A chat as the database knows it. */
export interface ChatState {
  readonly chat: string;
  /** The id that it has moved to; `null` where it is the configured one. */
  readonly movedTo: string | null;
  /** The newest message id that was seen of it. */
  readonly newest: string | null;
  /** Digest of the holds that concern many tasks, as its cards have them. */
  readonly wide: string;
  /** Digest of its settings; what has closed it is forgotten when they change. */
  readonly settings: string;
  /** Since when nothing can be said there; `null` while all is well. */
  readonly closedAt: number | null;
  readonly retryAt: number | null;
  readonly reason: string | null;
  readonly remedy: string | null;
}
