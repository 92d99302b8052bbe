/** Calls and channels for the tests of the outbox loop. */

import type { OutboxCall } from "../../workflow/outbox.ts";

export const NOW: number = Date.UTC(2026, 10, 28, 12);

/** A call about SHOP-12 that nobody has tried yet. */
export function call(more: Partial<OutboxCall> = {}): OutboxCall {
  return {
    id: 7,
    subject: { kind: "task", name: "SHOP-12" },
    target: "webhook:ops",
    kind: "task.failed",
    payload: {
      message_id: "m1",
      at: NOW,
      project: "shop",
      message: "SHOP-12 has failed",
      title: "Fix the till",
      reason: "no",
      remedy: null,
    },
    status: "pending",
    tries: 0,
    begunAt: null,
    dueAt: NOW,
    error: null,
    createdAt: NOW,
    owedSince: NOW,
    finishedAt: null,
    ...more,
  };
}

/** A secret of the right form; its key is 32 times the letter. */
export function secretOf(letter: string): string {
  return `whsec_${Buffer.from(letter.repeat(32)).toString("base64")}`;
}
