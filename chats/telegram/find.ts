/**
 * Where a message may stand whose answer was lost. Pure.
 *
 * Telegram has no key by which a send could be repeated, and nobody can read a chat's history. But a bot can edit its
 * own messages only, and any of them, for ever: so the wanted text is put into one place after the other, and where it
 * is taken, the message is. Ids of a supergroup rise by one with each of its messages; those of private chats and
 * groups are counted over all chats of an account, so there are more places.
 *
 * H1. Only places that can be it, and that are known to be no other message of ours.
 * H2. Their number is bounded. Where that leaves some out, nobody can say that the message is not there.
 */

import type { Lost } from "../chat.ts";

const SUPERGROUP_PLACES_MAX = 20;
const ACCOUNT_PLACES_MAX = 50;

export interface Places {
  /** In the order in which they are to be tried. */
  readonly ids: readonly number[];
  /** Whether there are no others. */
  readonly isAll: boolean;
}

/**
 * @param lost `known` has what was sent after it as well: that is where the places end
 * @param chat as it is named in the configuration
 */
export function placesOf({ after, known }: Pick<Lost, "after" | "known">, chat: string): Places {
  const most = /^(-100\d|@)/.test(chat) ? SUPERGROUP_PLACES_MAX : ACCOUNT_PLACES_MAX;
  const others = new Set([...known].map(Number).filter(Number.isSafeInteger));
  const first = after === null ? null : Number(after) + 1;
  const end = Math.min(...[...others].filter((id) => id >= (first ?? 1)));
  if (!Number.isFinite(end)) {
    // Nothing is known to be behind it, so it is looked for from the front: it stands soon after what came before.
    const ids = first === null ? [] : Array.from({ length: most }, (_, index) => first + index);
    return { ids, isAll: false };
  }
  // Without a beginning, "before the first that is known" is all that can be said.
  const from = Math.max(first ?? 1, 1);
  const ids: number[] = [];
  for (let id = end - 1; id >= from && ids.length < most; id--) ids.push(id);
  return { ids, isAll: first !== null && end - from <= most };
}
