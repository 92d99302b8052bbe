/** The ledger of messages, and what is known of chats, for whoever hears from them. */

import type { Ledger } from "../../handlers/chat/ports.ts";
import type { Store } from "../../store/store.ts";
import type { Clock } from "../../system/clock.ts";
import type { Made } from "./made.ts";

/** Before a closed chat is tried again, when it has said itself that we cannot speak there. */
const CLOSED_MS = 24 * 60 * 60_000;

export interface LedgerPorts {
  readonly store: Pick<Store, "messages" | "chats">;
  readonly clock: Clock;
  readonly made: Made;
  /** By key, the ids to which chats have moved. */
  readonly moved: Map<string, string>;
  /** Something about a chat has changed. */
  readonly changed: () => void;
}

export function ledgerOf({ store, clock, made, moved, changed }: LedgerPorts): Ledger {
  const chatsAt = (account: string, place: string): readonly string[] =>
    made.settings().flatMap(({ key, fields }) => {
      const here = moved.get(key) ?? String(fields["chat"] ?? "");
      return made.chats().get(key)?.chat.account === account && here === place ? [key] : [];
    });
  return {
    async find(chat, by) {
      const found = await store.messages.find("token" in by ? by : { chat, remote: by.id });
      if (found === null || found.chat !== chat) return null;
      const { task, purpose, about, meaning, status, sentAt, begunAt } = found;
      return {
        task,
        isGone: status === "gone",
        sentAt: sentAt ?? begunAt,
        purpose: meaning ?? (purpose === "ask" ? about.replace(/^(question|approval) /, "$1.") : purpose),
      };
    },
    async moved(account, from, to): Promise<void> {
      for (const key of chatsAt(account, from)) {
        await store.chats.moved(key, to, clock.now());
        moved.set(key, to);
      }
      changed();
    },
    async access(account, place, isOpen, reason): Promise<void> {
      for (const key of chatsAt(account, place)) {
        if (isOpen) await store.chats.open(key);
        else {
          const remedy = "let the bot in again; it is then heard of at once";
          await store.chats.close(key, { reason, remedy }, clock.now(), clock.now() + CLOSED_MS);
        }
      }
      changed();
    },
  };
}
