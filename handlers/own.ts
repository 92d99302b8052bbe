/** Our own doings at a source, which come back as events and must start nothing: by login, and by a hidden marker. */

import type { Answer } from "../forges/api/answer.ts";
import type { Clock } from "../system/clock.ts";
import { same } from "../workflow/text/same.ts";

/** Who Chargehand is at a source. */
export interface OwnLogin {
  /** Login, or `null` where people have none (Plane). */
  readonly login: string | null;
  readonly id: string | null;
}

/** Stands hidden in every comment that Chargehand writes. */
export const OWN_MARKER = "<!-- chargehand";

/** Whether we are the person who caused an event, by any of our accounts. */
export function isOwn(own: readonly OwnLogin[], person: OwnLogin): boolean {
  return own.some(({ id, login }) => isSame(id, person.id) || isSame(login, person.login));
}

function isSame(a: string | null, b: string | null): boolean {
  return a !== null && b !== null && same(a, b);
}

/** Who we are at a source that could not be asked; what we do there is known by the hidden marker alone meanwhile. */
export interface UnknownLogin {
  readonly source: string;
  /** Since when it is asked in vain (ms). */
  readonly since: number;
  /** Why the last time. */
  readonly reason: string;
}

export interface OwnAsker {
  /** As far as it is known. */
  known(): OwnLogin | null;
  /** Asks, unless it is known or was asked just now. Never rejects. */
  ask(): Promise<OwnLogin | null>;
  /** `null` once it is known. */
  unknown(): UnknownLogin | null;
}

/** From one question to the next (ms): at first soon, because what we do there may come back at any time. */
const AGAIN_MS = 15_000;
const AGAIN_MS_MAX = 300_000;

/** @param lookUp asks the source */
export function createOwnAsker(
  source: string,
  lookUp: () => Promise<Answer<OwnLogin>>,
  clock: Pick<Clock, "now">,
): OwnAsker {
  let own: OwnLogin | null = null;
  let trouble: UnknownLogin | null = null;
  let asking: Promise<void> | null = null;
  let [failures, nextAt] = [0, 0];
  const once = async (): Promise<void> => {
    const answer = await lookUp();
    if (answer.kind === "ok") {
      own = { login: answer.value.login, id: answer.value.id };
      trouble = null;
      return;
    }
    trouble = { source, since: trouble?.since ?? clock.now(), reason: answer.reason };
    nextAt = clock.now() + Math.min(AGAIN_MS_MAX, AGAIN_MS * 2 ** failures);
    failures += 1;
  };
  return {
    known: () => own,
    unknown: () => trouble,
    async ask(): Promise<OwnLogin | null> {
      if (own === null && clock.now() >= nextAt) {
        asking ??= once().finally(() => {
          asking = null;
        });
        await asking;
      }
      return own;
    },
  };
}
