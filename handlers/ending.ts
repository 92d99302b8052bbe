/**
 * How the handling of a delivery is written down: it ends, with what is told outside of it, or it is put off.
 *
 * E1. What is told is committed with the end (I2), so that it is told once; a delivery that ends without what was told
 *     before, or to too many, ends all the same.
 */

import { createHash } from "node:crypto";
import type { Store } from "../store/store.ts";
import type { Clock } from "../system/clock.ts";
import type { Log } from "../system/log.ts";
import type { Delivery } from "../workflow/delivery.ts";
import { DEFER_BASE_MS, DEFER_CAP_MS, LOOKUP_PATIENCE_MS, REASON_CHARS_MAX } from "../workflow/limits.ts";
import { type Reply, replyCall, type Told } from "../workflow/outside/reply.ts";
import { aboutTask } from "../workflow/subject.ts";

export interface EndingPorts {
  readonly store: Pick<Store, "deliveries">;
  readonly clock: Pick<Clock, "now">;
  readonly log: Log;
  /** Whether something can be told at this source; left out, at none. */
  readonly tells?: (source: string) => boolean;
}

export interface End {
  readonly status: "ignored" | "failed";
  readonly reason: string;
  /** The one that it was about. */
  readonly task: string | null;
  /** What somebody is told of it, and for which project. */
  readonly reply?: { readonly reply: Reply | null; readonly project: string } | null;
}

export async function endDelivery(
  ports: EndingPorts,
  delivery: Pick<Delivery, "id" | "deliveryId">,
  { status, reason, task, reply = null }: End,
): Promise<void> {
  const { store, clock, log } = ports;
  const cut = reason.slice(0, REASON_CHARS_MAX).toWellFormed();
  const told =
    reply === null || reply.reply === null ? null : toldOf(ports, delivery, reply.reply, reply.project, task);
  const finish = (what: Told | null): Promise<boolean> =>
    store.deliveries.finish(delivery.id, status, cut, task, clock.now(), what);
  // E1
  const isTold = told !== null && (await finish(told));
  if (!isTold) await finish(null);
  const line = { event: `delivery.${status}`, delivery: delivery.id, reason: cut };
  if (status === "failed") log.warn(line);
  else log.info(line);
}

/** What was asked for changes no task and was done, or is told. */
export async function endAnswered(
  ports: EndingPorts,
  delivery: Pick<Delivery, "id" | "deliveryId">,
  {
    task,
    project,
    reply,
  }: { readonly task: string | null; readonly project: string; readonly reply: Reply | null },
): Promise<void> {
  const { store, clock, log } = ports;
  const { id, deliveryId } = delivery;
  const told = reply === null ? null : toldOf(ports, delivery, reply, project, task);
  const event = { kind: "comment.answered", key: `answered ${deliveryId}`, data: { delivery: id } };
  const subject = { kind: "project", name: project } as const;
  const notice = { subject, event, calls: told?.calls ?? [] };
  const ending = { status: "processed", reason: null, task } as const;
  // E1
  const isTold = await store.deliveries.conclude(id, { ...ending, notice }, clock.now());
  if (!isTold) await store.deliveries.conclude(id, { ...ending, notice: null }, clock.now());
  log.info({ event: "delivery.processed", delivery: id, tasks: task === null ? [] : [task] });
}

/** `null` where nothing can be told. */
function toldOf(
  { tells }: EndingPorts,
  { deliveryId }: Pick<Delivery, "deliveryId">,
  reply: Reply,
  project: string,
  task: string | null,
): Told | null {
  const { to, once } = reply;
  if (tells?.(to.source) !== true) return null;
  const { source, place, item } = to;
  const subject = task === null ? ({ kind: "project", name: project } as const) : aboutTask(task);
  const key = once === null ? null : { source, place, item, ...once };
  return { subject, calls: [replyCall(reply, markOf(reply, deliveryId))], once: key };
}

/** The same at each try, and for what is told once: by it a comment is known that stands there already. */
export function markOf({ to: { source, place, item }, once }: Reply, deliveryId: string): string {
  const of = once === null ? deliveryId : `${once.person} ${once.about}`;
  const digest = createHash("sha256")
    .update(JSON.stringify([source, place, item, of]))
    .digest("hex");
  return `reply-${digest.slice(0, 24)}`;
}

/** The wait grows with the tries, and is never shorter than what the other side asked for. */
export async function tryLater(
  ports: EndingPorts,
  delivery: Delivery,
  subject: string,
  { reason, afterMs }: { readonly reason: string; readonly afterMs: number },
): Promise<void> {
  await putOff(ports, delivery, subject, reason, Math.max(afterMs, backOff(delivery.tries + 1)));
}

/** What cannot be checked for a day is failed (I7). */
export async function putOff(
  ports: EndingPorts,
  delivery: Delivery,
  subject: string,
  reason: string,
  waitMs: number,
): Promise<void> {
  const { store, clock, log } = ports;
  const now = clock.now();
  if (now - delivery.receivedAt > LOOKUP_PATIENCE_MS) {
    await endDelivery(ports, delivery, {
      status: "failed",
      reason: `given up after a day: ${reason}`,
      task: null,
    });
    return;
  }
  const notBefore = now + waitMs;
  await store.deliveries.defer(delivery.id, subject, reason.slice(0, REASON_CHARS_MAX), notBefore);
  log.info({ event: "delivery.deferred", delivery: delivery.id, reason, until: notBefore });
}

/** ms before the next try, after so many. */
export function backOff(tries: number): number {
  return Math.min(DEFER_CAP_MS, DEFER_BASE_MS * 2 ** Math.min(20, tries - 1));
}
