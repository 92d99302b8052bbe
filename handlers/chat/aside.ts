/**
 * What is said to those who may ask for nothing here: to them alone, seldom, and lost where it does not arrive. Nobody
 * is made to call out by how often they press.
 */

import type { Ear, Incoming, Message, Update } from "../../chats/chat.ts";
import type { Clock } from "../../system/clock.ts";
import type { Log } from "../../system/log.ts";

/** Between two words to one person. */
const EACH_MS = 60_000;
/** Of a crowd only so many are told anything within that time. */
const PEOPLE_MAX = 200;

interface ToStranger {
  readonly ear: Ear;
  readonly update: Update;
  readonly incoming: Extract<Incoming, { kind: "press" | "text" }>;
}

export interface Aside {
  /** @param message `null` where nothing is said, and who waits for an answer need not any more */
  tell(to: ToStranger, message: Message | null, short: string | null): void;
}

export function createAside({
  clock,
  log,
}: {
  readonly clock: Pick<Clock, "monotonic">;
  readonly log: Log;
}): Aside {
  /** When each was told last, the one that waits longest first. */
  const told = new Map<string, number>();
  const mayTell = (who: string): boolean => {
    const now = clock.monotonic();
    for (const [other, at] of told) {
      if (now - at < EACH_MS) break;
      told.delete(other);
    }
    if (told.has(who) || told.size >= PEOPLE_MAX) return false;
    told.set(who, now);
    return true;
  };
  return {
    tell({ ear, update, incoming }, message, short): void {
      if (ear.answer === null && incoming.kind !== "press") return;
      if (!mayTell(`${ear.account} ${incoming.person.id}`)) return;
      const said = ear.answer === null ? ear.acknowledge(update, short) : ear.answer(update, message);
      said.catch((error: unknown) => {
        const reason = log.redactor.redact(String(error));
        log.warn({ event: "chat.unacknowledged", account: ear.account, reason });
      });
    },
  };
}
