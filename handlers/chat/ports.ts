/** What the room for chats is given: how the configuration in force has them, and doors. */

import type { Ear } from "../../chats/chat.ts";
import type { Store } from "../../store/store.ts";
import type { Clock } from "../../system/clock.ts";
import type { Log } from "../../system/log.ts";
import type { Door } from "./api.ts";
import type { Links } from "./link.ts";

/** A chat of the configuration, as something may come from it. */
export interface HeardChat {
  /** As the configuration names it: `telegram:team`. */
  readonly key: string;
  /** {@link Ear.account}. */
  readonly account: string;
  /** Its id there, as {@link import("../../chats/chat.ts").Incoming} has it; another one when it has moved. */
  readonly place: string;
  /** Only this topic of it is meant; `null` for all of them. */
  readonly topic: string | null;
  /**
   * Who may ask for something there: by their id, how they are called in histories and by `approvers` of gates. Never a
   * name that they have given themselves.
   */
  readonly people: ReadonlyMap<string, string>;
  /** What may be asked for there is of these projects alone; `null` for all of them, and for what concerns them all. */
  readonly projects: readonly string[] | null;
}

/** A message of ours, as the ledger knows it. */
export interface KnownMessage {
  /** Key of the task that it is about. */
  readonly task: string | null;
  /** What it is for: `card`, `approval.<id>`, `reject.<approval>`, `question.<id>`, `answer.<question>`, … */
  readonly purpose: string;
  /** It stands in the chat no more, as far as is known. Commands are still about its task; words are not. */
  readonly isGone: boolean;
  /** When it was sent, or was begun to be where nobody has seen the end of that yet (ms). */
  readonly sentAt: number;
}

/** What was sent to chats, and by which token or id it comes back. */
export interface Ledger {
  find(chat: string, by: { readonly token: string } | { readonly id: string }): Promise<KnownMessage | null>;
  /** A chat of this account has another id from now on. */
  moved(account: string, from: string, to: string): Promise<void>;
  /** We can speak in a chat of this account again, or no more. */
  access(account: string, place: string, isOpen: boolean, reason: string): Promise<void>;
}

export interface ChatPorts {
  readonly chats: () => readonly HeardChat[];
  /** By account. */
  readonly ears: () => ReadonlyMap<string, Ear>;
  readonly api: Door;
  readonly ledger: Ledger;
  readonly links: Links;
  /** Names of the projects. */
  readonly projects: () => readonly string[];
  readonly store: Pick<Store, "approvals" | "questions" | "events">;
  readonly clock: Clock;
  readonly log: Log;
}
