/**
 * What a chat is to the rest of the house, whoever runs it: what is shown there in words of our own, and what may
 * become of a call. A kind of chat is a folder beside this file, and a line in `channels.ts`.
 *
 * C1. A `Message` knows nothing of any markup. Whoever renders it escapes every piece, so that no text from outside
 *     can be read as markup, mention anybody or be cut within a character.
 * C2. A call is made once, within a bounded time, and says what is known of its end. Nobody below repeats, waits or
 *     keeps a distance: that is what the loop above is for (`notifier/cards/`).
 * C3. Reasons may be stored and shown: no token, no address with one.
 */

/** A piece of a line. */
export type Piece =
  | { readonly text: string; readonly as?: "bold" | "code" | "quiet" }
  | { readonly text: string; readonly href: string }
  /** An instant (ms), shown as the chat shows times by itself: `since` as "5 minutes ago", `at` as a date and time. */
  | { readonly time: number; readonly as: "since" | "at" };

export interface Line {
  readonly pieces: readonly Piece[];
  /** What weighs least goes first where a chat has no room for all. */
  readonly weight: number;
  /** Shown apart, as what somebody has said; of several lines in a row one quotation is made. */
  readonly isQuote?: true;
}

export interface Button {
  /** At most 40 characters, before anybody shortens it. */
  readonly label: string;
  /** What a press brings back, next to the token of its message: at most 40 characters of `[a-z0-9_.-]`. */
  readonly action: string;
  readonly tone?: "good" | "bad";
  /** A press needs words with it; a chat that can ask for them at once does. */
  readonly asks?: string;
}

/** What is to be read in a chat as one message. */
export interface Message {
  readonly lines: readonly Line[];
  /** By row. */
  readonly buttons: readonly (readonly Button[])[];
}

/** As it is sent. Two that are equal look the same, so that nothing is sent twice. */
export interface Rendered {
  /** JSON of what the channel's own call needs besides place and id; opaque to everybody else. */
  readonly body: string;
}

/** Everything that may happen to any call but its success. */
export type Trouble =
  /** Nothing has happened, and nothing may for `afterMs`: to this chat, or to all chats of the account. */
  | {
      readonly kind: "limited";
      readonly afterMs: number;
      readonly scope: "chat" | "account";
      readonly reason: string;
    }
  /** Nothing of it can have arrived, or it may simply be repeated: another time. */
  | { readonly kind: "unreachable"; readonly reason: string }
  /** It may have arrived. Only of what cannot simply be repeated. */
  | { readonly kind: "unsure"; readonly reason: string }
  /** Nothing can be said in this chat (or by this account) until a person acts. */
  | {
      readonly kind: "closed";
      readonly scope: "chat" | "account";
      readonly reason: string;
      readonly remedy: string;
    }
  /** The chat has another id now; messages of the old one are out of reach. */
  | { readonly kind: "moved"; readonly chat: string }
  /** Our markup could not be read: the same as plain text may pass. */
  | { readonly kind: "unreadable"; readonly reason: string }
  /** Never. */
  | { readonly kind: "refused"; readonly reason: string };

/** With how long (ms) the chat asks for no further call, where it says so of its own accord after a good one. */
export interface Rest {
  readonly restMs?: number;
}

export type Sent = ({ readonly kind: "sent"; readonly id: string } & Rest) | Trouble;
/** `gone`: there is no such message any more, or it can be edited no more; another has to take its place. */
export type Edited = ({ readonly kind: "edited" } & Rest) | { readonly kind: "gone" } | Trouble;
/** `too_old`: it stays for ever; it can still be edited. */
export type Removed = ({ readonly kind: "removed" } & Rest) | { readonly kind: "too_old" } | Trouble;
export type Found =
  | { readonly kind: "found"; readonly id: string }
  /** Surely not there. */
  | { readonly kind: "absent" }
  /** Not where it was looked for now; there are more places: another time, with one try more. */
  | { readonly kind: "looking" }
  /** Nobody can say. What then follows is the loop's matter. */
  | { readonly kind: "unknown"; readonly reason: string }
  | Trouble;

/** A send whose end nobody has seen. */
export interface Lost {
  /** Of its message. */
  readonly token: string;
  readonly rendered: Rendered;
  /** When it was begun (ms). */
  readonly begunAt: number;
  /** The message that it answers: answers may have a place of their own. */
  readonly replyTo?: string;
  /** The newest message id of the chat that was known before; `null` where none was. */
  readonly after: string | null;
  /** Ids of this chat which are known to be of other messages of ours. */
  readonly known: ReadonlySet<string>;
  /** How often it was looked for before, and the end was `looking`. */
  readonly tries: number;
}

export interface SendOptions {
  /** Drawn for this message and never for another: 22 characters of base64url. Its buttons carry it. */
  readonly token: string;
  /** Makes no sound where the chat can choose. */
  readonly isSilent: boolean;
  /** The message that it answers. */
  readonly replyTo?: string;
}

/** Least distances (ms) between the beginnings of two calls, by what the chat's documentation allows. */
export interface Pace {
  /** To one chat, of whatever kind. */
  readonly chat: number;
  /** Of one account to all its chats, of whatever kind. */
  readonly account: number;
  /** Of one account, between two edits. */
  readonly edits: number;
}

/** One chat in which is shown what happens. */
export interface Chat {
  /** As the configuration names it: `telegram:team`. Stored with all its messages. */
  readonly key: string;
  /** Chats with the same share limits, and fall silent together. No secret. */
  readonly account: string;
  /** Chats of one account with the same place share their messages' ids; left out, no other has these. */
  readonly place?: string;
  readonly pace: Pace;
  /** Whether a message can be edited in place; where not, it has no cards and is only told what wants a person. */
  readonly hasCards: boolean;
  readonly hasButtons: boolean;
  /** @param isPlain without any markup, after `unreadable` */
  render(message: Message, token: string, isPlain: boolean): Rendered;
  send(rendered: Rendered, options: SendOptions): Promise<Sent>;
  edit(id: string, rendered: Rendered): Promise<Edited>;
  remove(id: string): Promise<Removed>;
  find(lost: Lost): Promise<Found>;
}

/** Somebody in a chat. By the id alone they are known; the name is for those who read. */
export interface Person {
  readonly id: string;
  readonly name: string;
}

/** What an update from a chat means, as far as it means anything. */
export type Incoming =
  /** A button was pressed. `message` is its id; `text` are words that were asked for with it. */
  | {
      readonly kind: "press";
      readonly chat: string;
      readonly person: Person;
      readonly message: string | null;
      readonly token: string;
      readonly action: string;
      readonly text: string | null;
    }
  /** Somebody has said something: a command, or an answer to a message. */
  | {
      readonly kind: "text";
      readonly chat: string;
      readonly topic: string | null;
      readonly person: Person;
      readonly message: string | null;
      readonly replyTo: string | null;
      readonly text: string;
      /** Only who said it would see what is answered by this, for as long as it lasts. */
      readonly isCommand: boolean;
      /** It names us first: where the first word is a command's, it is one. */
      readonly isToUs?: true;
    }
  | { readonly kind: "moved"; readonly chat: string; readonly to: string }
  /** We can speak there again, or no more. */
  | { readonly kind: "access"; readonly chat: string; readonly isOpen: boolean; readonly reason: string }
  | { readonly kind: "nothing"; readonly reason: string };

/** An update as it came, to be stored before anything follows from it. */
export interface Update {
  /** The chat's own id of it: the same for every repetition. */
  readonly id: string;
  /** A word for it, such as `callback_query`. */
  readonly event: string;
  /** JSON. */
  readonly body: string;
}

/** A header of a request, by its lower-case name. */
export type Header = (name: string) => string | undefined;

/** What a request was answered with at once. */
export interface Answer {
  readonly status: number;
  /** JSON; empty for none. */
  readonly body: string;
}

/** What is proven of a request, before anything of it is stored. */
export type Opened =
  | { readonly kind: "update"; readonly update: Update; readonly answer: Answer }
  /** Nothing of it is kept: a test of the connection. */
  | { readonly kind: "answer"; readonly answer: Answer }
  | { readonly kind: "refused"; readonly status: 400 | 401; readonly reason: string };

/** What became of an answer for one person's eyes alone: `never` where there is no way for it, or no longer. */
export type Answered = "given" | "later" | "never";

/** How an account of a chat program is heard. All its chats share it. */
export interface Ear {
  /** The {@link Chat.account} of its chats. */
  readonly account: string;
  /** Proves a request over its raw bytes, and takes it apart. Pure. `null` where it is not heard by requests. */
  readonly open: ((raw: Buffer, header: Header, now: number) => Opened) | null;
  /**
   * Asks for updates until `signal` aborts; each is confirmed only when `take` has resolved with true. Rejects never:
   * trouble is told by `trouble`, and that it is over by `trouble(null)`. `null` where it is not heard by asking.
   */
  readonly listen:
    | ((
        take: (update: Update) => Promise<boolean>,
        trouble: (why: { readonly reason: string; readonly remedy: string | null } | null) => void,
        signal: AbortSignal,
      ) => Promise<void>)
    | null;
  /** Finds out, once, what of the account this update is not understood without. In a bounded time; rejects never. */
  prepare?(update: Update): Promise<void>;
  /** Pure, but for what {@link prepare} has found out. */
  decode(update: Update): Incoming;
  /** Tells the program that a press was heard, with some words for whoever pressed; at most 200 characters. */
  acknowledge(update: Update, text: string | null): Promise<void>;
  /**
   * Answers an update for the eyes of who has said or pressed it alone, without buttons; with `null` nothing is said,
   * and whoever still sees that an answer is awaited sees it no more. Given twice, it may be read twice. `null` where
   * the program has no such way.
   */
  readonly answer: ((update: Update, message: Message | null) => Promise<Answered>) | null;
}
