/**
 * What a kind of chat is as a whole: one object per folder, and one line in `channels.ts`; nobody else names it.
 */

import type { z } from "zod";
import type { Clock } from "../system/clock.ts";
import type { Http } from "../system/http.ts";
import type { Sockets } from "../system/socket/socket.ts";
import type { Chat, Ear, Trouble } from "./chat.ts";

/** What every entry of a chat under `notify:` says. */
export interface Entry {
  /** `telegram:team`: unique, and stored with every message. */
  readonly key: string;
  /** By how much the documented distances between calls are stretched; 1 keeps just those. */
  readonly pace: number;
}

export interface Net {
  readonly http: Http;
  readonly sockets: Sockets;
  readonly clock: Clock;
}

/** A fault of an entry that its keys do not show one by one. */
export interface EntryFault {
  readonly key: string;
  readonly message: string;
}

/** `Own` are its keys under `notify[]`, besides those that all chats have. */
export interface ChatKind<Own> {
  /** As `channel:` names it. */
  readonly name: string;
  /** Schemas of its keys, all optional in the schema, each with a description. */
  readonly keys: Readonly<Record<string, z.ZodType>>;
  /** Whether its messages can be edited in place, so that tasks have cards there. */
  readonly hasCards: boolean;
  /** Which of them an entry must have. */
  readonly required: readonly string[];
  /** Which of them are secrets: they may be `file:PATH`, and no log shows them. */
  readonly secrets: readonly string[];
  /** Of the keys as written: those without faults of their own. */
  rules(fields: Readonly<Record<string, unknown>>): readonly EntryFault[];
  /** @param fields as the schemas have read them, secrets in place */
  settings(fields: Readonly<Record<string, unknown>>): Own;
  chat(entry: Entry, own: Own, net: Net): Chat;
  /**
   * Whether the service answers and takes our key, asked without telling anybody anything: `null` where it does. Itself
   * `null` where that cannot be asked.
   */
  readonly reach: ((own: Own, http: Http) => Promise<Trouble | null>) | null;
  /** How the account is heard; `null` where it is not. Called once per account, with the entries that share it. */
  ear(entries: readonly (Entry & { readonly own: Own })[], net: Net): Ear | null;
}
