/** What the loop of cards is given: the chats of the configuration in force, and doors. */

import type { Chat } from "../../chats/chat.ts";
import type { Store } from "../../store/store.ts";
import type { Chance } from "../../system/chance.ts";
import type { Clock } from "../../system/clock.ts";
import type { Log } from "../../system/log.ts";
import type { Pacer } from "./pacer.ts";

/** A chat, and what it wants to see. */
export interface ChatInForce {
  readonly chat: Chat;
  /** Of its entry in the configuration; the first 16 characters are of the place alone. */
  readonly digest: string;
  /** `null` for those of every project. */
  readonly projects: readonly string[] | null;
  /** Of which tasks it has cards: `failed`, and `asked` are those that want a person, or have wanted one. */
  readonly cards: "all" | "asked" | "failed" | "none";
  /** Only of tasks that have come to one of these phases; `null` for all. */
  readonly phases: readonly string[] | null;
  /** Only of tasks that have cost so much (nano-dollars). */
  readonly minNanos: number;
  /** Whether a card comes last in its chat once more when it wants a person or ends. */
  readonly bump: boolean;
  /** How often (ms) what an agent does is drawn anew; `null` for never. */
  readonly activityMs: number | null;
}

export interface CardPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
  readonly pacer: Pacer;
  /** By key, as the configuration in force has them. A chat that has moved is made with its new id. */
  readonly chats: () => ReadonlyMap<string, ChatInForce>;
  /** By key, the ids to which chats have moved; `chats` makes them with these. Kept by the loop. */
  readonly moved: Map<string, string>;
  /** Takes secrets out of a text. */
  readonly redact: (text: string) => string;
}
