/**
 * Links: how somebody who sets a chat up shows it to us without looking for ids. A code is shown where the daemon is
 * administered; whoever sends it to the bot has shown their own id and that of the chat.
 *
 * K1. A code is good once, for {@link LINK_MS}, and dies of {@link LINK_TRIES_MAX} wrong ones: it is found by nobody.
 * K2. It is compared in constant time.
 * K3. It allows nothing: what was found is shown, and a person writes it into the configuration. So it lives in memory.
 */

import { hash, timingSafeEqual } from "node:crypto";
import type { Person } from "../../chats/chat.ts";
import type { Chance } from "../../system/chance.ts";
import type { Clock } from "../../system/clock.ts";
import { LINK_MS, LINK_TRIES_MAX } from "../../workflow/limits.ts";

/** What the code has shown. */
export interface Shown {
  readonly chat: string;
  readonly topic: string | null;
  readonly person: Person;
}

export interface LinkStanding {
  /** `over`: its time has passed, or it was spoilt by wrong codes. */
  readonly status: "waiting" | "linked" | "over";
  /** ms. */
  readonly until: number;
  readonly shown: Shown | null;
}

export interface Links {
  /** In place of an earlier one of the account. */
  begin(account: string): { readonly code: string; readonly until: number };
  /** `none`: nobody waits for a code of this account. */
  offer(account: string, code: string, shown: Shown): "linked" | "wrong" | "none";
  /** `null` where none was begun. */
  look(account: string): LinkStanding | null;
}

interface Link {
  readonly code: string;
  readonly until: number;
  wrong: number;
  shown: Shown | null;
}

/** Of an id that is drawn: 40 bits behind its time, in letters and digits that are not mistaken for one another. */
const CODE_CHARS = 8;

export function createLinks({ clock, chance }: { readonly clock: Clock; readonly chance: Chance }): Links {
  const links = new Map<string, Link>();
  const isWaiting = ({ until, wrong, shown }: Link): boolean =>
    shown === null && wrong < LINK_TRIES_MAX && clock.now() < until;
  return {
    begin(account): { readonly code: string; readonly until: number } {
      const link = {
        code: chance.id().slice(-CODE_CHARS),
        until: clock.now() + LINK_MS,
        wrong: 0,
        shown: null,
      };
      links.set(account, link);
      return { code: link.code, until: link.until };
    },
    offer(account, code, shown): "linked" | "wrong" | "none" {
      const link = links.get(account);
      if (link === undefined || !isWaiting(link)) return "none";
      if (!isSame(link.code, code)) {
        link.wrong += 1;
        return "wrong";
      }
      link.shown = shown;
      return "linked";
    },
    look(account): LinkStanding | null {
      const link = links.get(account);
      if (link === undefined) return null;
      const { until, shown } = link;
      return { status: shown !== null ? "linked" : isWaiting(link) ? "waiting" : "over", until, shown };
    },
  };
}

/** K2. */
function isSame(code: string, given: string): boolean {
  const digest = (text: string): Buffer => Buffer.from(hash("sha256", text.toLowerCase(), "hex"));
  return timingSafeEqual(digest(code), digest(given));
}
