/**
 * A chat program of the tests, as strict as those outside: a request proves itself, a press is acknowledged once, and
 * an update that was not confirmed comes again.
 */

import assert from "node:assert/strict";
import type { Ear, Incoming, Message, Update } from "../../../chats/chat.ts";

export const ACCOUNT = "paper:9";
export const SECRET = "s3cret-of-paper";

export interface HandEar extends Ear {
  /** Who was told what, in order. */
  readonly told: readonly { readonly id: string; readonly text: string | null }[];
  /** Who was answered alone, in order; `null` for who need not wait. Only where it was made so. */
  readonly answered: readonly { readonly id: string; readonly message: Message | null }[];
  /** Hands an update to whoever listens; whether it was confirmed. */
  bring(update: Update): Promise<boolean>;
  /** Makes the loop that listens end, as a connection does. */
  breakOff(): void;
  /** Says what keeps it from hearing. */
  suffer(why: { reason: string; remedy: string | null } | null): void;
  /** How many listen now, and have begun to by now. */
  readonly listeners: { readonly now: number; readonly begun: number };
}

type Take = (update: Update) => Promise<boolean>;
type Tell = (why: { readonly reason: string; readonly remedy: string | null } | null) => void;

/** @param isDiscreet whether it can answer one person alone */
export function handEar(account: string = ACCOUNT, isDiscreet = false): HandEar {
  const answered: { id: string; message: Message | null }[] = [];
  const told: { id: string; text: string | null }[] = [];
  const acknowledged = new Set<string>();
  const listeners = { now: 0, begun: 0 };
  let current: { take: Take; tell: Tell; end: () => void } | null = null;
  return {
    account,
    told,
    answered,
    listeners,
    answer: isDiscreet
      ? async ({ id }, message) => {
          answered.push({ id, message });
          return "given";
        }
      : null,
    open: (raw, header) => {
      if (header("x-paper") !== SECRET) return { kind: "refused", status: 401, reason: "bad_signature" };
      const value = JSON.parse(raw.toString()) as { ping?: true; update?: Update };
      if (value.ping) return { kind: "answer", answer: { status: 200, body: '{"pong":true}' } };
      assert.ok(value.update);
      return { kind: "update", update: value.update, answer: { status: 200, body: "" } };
    },
    listen: (take, tell, signal) => {
      assert.equal(listeners.now, 0, "a second one is turned away");
      listeners.now += 1;
      listeners.begun += 1;
      return new Promise((resolve) => {
        const end = (): void => {
          if (current?.end !== end) return;
          current = null;
          listeners.now -= 1;
          resolve();
        };
        current = { take, tell, end };
        signal.addEventListener("abort", end, { once: true });
      });
    },
    decode: (update) => JSON.parse(update.body) as Incoming,
    acknowledge: async (update, text) => {
      assert.equal((JSON.parse(update.body) as Incoming).kind, "press", "only a press is acknowledged");
      assert.ok(!acknowledged.has(update.id), "once");
      assert.ok(text === null || text.length <= 200);
      acknowledged.add(update.id);
      told.push({ id: update.id, text });
    },
    bring: (update) => current?.take(update) ?? assert.fail("nobody listens"),
    breakOff: () => current?.end(),
    suffer: (why) => current?.tell(why),
  };
}

let updates = 0;

/** An update with this meaning, and an id of its own. */
export function updateOf(incoming: Incoming, id = `u${++updates}`): Update {
  return { id, event: incoming.kind, body: JSON.stringify(incoming) };
}

export const ADA = { id: "4711", name: "Ada L." };
export const ROOM = "-100200300";

export function textOf(text: string, more: Partial<Extract<Incoming, { kind: "text" }>> = {}): Incoming {
  const from = { chat: ROOM, topic: null, person: ADA, message: "m1", replyTo: null } as const;
  return { kind: "text", ...from, text, isCommand: false, ...more };
}

export function pressOf(
  token: string,
  action: string,
  more: Partial<Extract<Incoming, { kind: "press" }>> = {},
): Incoming {
  return { kind: "press", chat: ROOM, person: ADA, message: "m7", token, action, text: null, ...more };
}
