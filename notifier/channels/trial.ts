/** A message on trial to a channel that is no chat: one call past the outbox, whose end is told and not stored. */

import type { Chance } from "../../system/chance.ts";
import type { Clock } from "../../system/clock.ts";
import type { OutboxCall } from "../../workflow/outbox.ts";
import type { Sender } from "../ports.ts";

/** What became of a message on trial. */
export interface Tried {
  /** `limited`: nothing was sent, and nothing may be for a while. `unsure`: it may have arrived. */
  readonly outcome: "arrived" | "refused" | "limited" | "unreachable" | "unsure";
  /** By which the channel knows it, where it says so. */
  readonly id: string | null;
  /** Until when nothing more may be sent; calendar time (ms). */
  readonly until: number | null;
  readonly reason: string | null;
  readonly remedy: string | null;
}

/** As receivers of webhooks see it, in `type`. */
export const TRIAL_KIND = "test";

/** Bounded by what a sender takes for a call. */
export async function tryChannel(
  sender: Sender,
  target: string,
  { clock, chance }: { readonly clock: Pick<Clock, "now">; readonly chance: Chance },
): Promise<Tried> {
  const now = clock.now();
  const id = chance.id();
  const call: OutboxCall = {
    ...{ id: 0, target, kind: TRIAL_KIND, subject: { kind: "daemon", name: "chargehand" } },
    payload: {
      ...{ message_id: id, at: now, project: null, reason: null },
      message: "A test of chargehand: what wants somebody is told here",
      remedy: "nothing is to be done",
    },
    ...{ status: "pending", tries: 1, begunAt: null, dueAt: now, error: null },
    ...{ createdAt: now, owedSince: now, finishedAt: null },
  };
  const sent = await sender.send(call);
  const nothing = { id: null, until: null, reason: null, remedy: null } as const;
  if (sent.kind === "sent") return { ...nothing, outcome: "arrived", id };
  if (sent.kind === "refused") return { ...nothing, outcome: "refused", reason: sent.reason };
  const { reason, afterMs, fault, neverSent } = sent;
  if (afterMs !== undefined) return { ...nothing, outcome: "limited", reason, until: now + afterMs };
  const outcome = fault === "call" ? "refused" : neverSent === true ? "unreachable" : "unsure";
  return { ...nothing, outcome, reason };
}
