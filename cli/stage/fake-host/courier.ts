/**
 * Carries webhooks of a scripted host, in order for each hook unless something else is played: lost, late, twice, or
 * in any order. It tries each once, as forges do.
 */

import { z } from "zod";
import type { Clock } from "../../../system/clock.ts";
import type { Http } from "../../../system/http.ts";
import { drawing } from "../fake-telegram/faults.ts";

export const POST = z.strictObject({
  /** Fractions of all deliveries. What is lost never arrives, and is noted as failed. */
  lost: z.number().min(0).max(1).default(0),
  twice: z.number().min(0).max(1).default(0),
  /** Each waits so long (ms) before it goes. */
  delayMs: z.int().min(0).default(0),
  /** Each waits any time up to `delayMs`, and none for another. */
  shuffled: z.boolean().default(false),
  seed: z.int().default(1),
});

export interface Letter {
  /** Deliveries with the same are kept in order. */
  readonly hook: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** `status` 0: nobody answered. */
export interface Receipt {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly durationMs: number;
  readonly reason: string;
}

export interface Courier {
  /** From now on, in place of what was said before; nothing for good days. */
  play(post?: z.input<typeof POST>): void;
  /** @param done called once, when it has arrived or will not */
  send(letter: Letter, done: (receipt: Receipt) => void): void;
  /** Resolves when nothing is on its way. */
  settled(): Promise<void>;
}

const LOST: Receipt = {
  status: 0,
  body: "",
  headers: {},
  durationMs: 0,
  reason: "failed to connect to host",
};

/** @param timeoutMs how long a receiver may take */
export function createCourier(
  { clock, http }: { readonly clock: Clock; readonly http: Http },
  timeoutMs: number,
  closing: AbortSignal,
): Courier {
  let post = POST.parse({});
  let draw = drawing(1);
  const lanes = new Map<string, Promise<void>>();
  const onTheWay = new Set<Promise<void>>();
  const carry = async (letter: Letter, waitMs: number): Promise<Receipt> => {
    if (waitMs > 0) await clock.sleep(waitMs, closing);
    const began = clock.monotonic();
    const { url, headers, body } = letter;
    if (closing.aborted) return LOST;
    const result = await http.request("webhook", {
      ...{ method: "POST", url, headers, body, timeoutMs, signal: closing },
    });
    const durationMs = clock.monotonic() - began;
    if (result.kind === "unreachable") return { ...LOST, durationMs, reason: result.reason };
    const { status, headers: answered, body: said } = result.response;
    return { status, body: said.slice(0, 4_096), headers: answered, durationMs, reason: "" };
  };
  const track = (work: Promise<void>): Promise<void> => {
    onTheWay.add(work);
    return work.finally(() => onTheWay.delete(work));
  };
  return {
    play(given = {}) {
      post = POST.parse(given);
      draw = drawing(post.seed);
    },
    send(letter, done) {
      const isLost = draw() < post.lost;
      const isTwice = draw() < post.twice;
      const waitMs = post.shuffled ? Math.floor(draw() * post.delayMs) : post.delayMs;
      const before = post.shuffled ? undefined : lanes.get(letter.hook);
      const work = (async () => {
        await before;
        const receipt = isLost ? LOST : await carry(letter, waitMs);
        if (isTwice && !isLost) await carry(letter, 0);
        done(receipt);
      })();
      lanes.set(letter.hook, work);
      void track(work);
    },
    async settled() {
      while (onTheWay.size > 0) await Promise.all(onTheWay);
    },
  };
}
