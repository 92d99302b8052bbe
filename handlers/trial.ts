/**
 * What a webhook would do now, by all that is known here: the way of the inbox (`inbox.ts`, `grant.ts`) by the same
 * parts, without what it writes down.
 *
 * T1. Nothing is stored, counted or told. Whoever the inbox would ask is asked, because the answer depends on it.
 */

import { consider } from "../store/settle.ts";
import type { Store } from "../store/store.ts";
import type { Clock } from "../system/clock.ts";
import type { Delivery, NewDelivery } from "../workflow/delivery.ts";
import type { Project } from "../workflow/project.ts";
import { type FirstPorts, lookFirst } from "./facts/first.ts";
import type { Breaker } from "./guard/breaker.ts";
import { keyOf } from "./guard/heard.ts";
import type { Reader } from "./reader.ts";
import type { Understood } from "./understand.ts";
import type { Wish } from "./wish.ts";

export interface TrialPorts extends Pick<FirstPorts, "askOf"> {
  readonly store: Store;
  readonly projects: readonly Project[];
  /** By source, who reads its deliveries. */
  readonly readers: ReadonlyMap<string, Reader>;
  readonly breaker: Pick<Breaker, "look">;
  readonly clock: Pick<Clock, "now">;
}

export interface WebhookTried {
  /** `later`: what has to be known could not be found out now, and would be asked for again. */
  readonly result: "wishes" | "ignored" | "failed" | "later";
  /** Why it has no wishes. */
  readonly reason: string | null;
  /** A delivery of this id is stored: the sender would be told so, and all else is what it would have been. */
  readonly isStored: boolean;
  /** The delivery that has told the same change before: this one would end without an effect. */
  readonly heardBy: number | null;
  /** Whether it would wait for an earlier delivery about the same thing. */
  readonly isBehind: boolean;
  readonly wishes: readonly WishTried[];
}

export interface WishTried {
  readonly wish: Wish;
  readonly trust: "trusted" | "untrusted" | "unknown";
  /** Why that person may or may not. */
  readonly because: string;
  readonly effect: Effect;
}

export type Effect =
  /** `task` is `null` of one that would be made. */
  | { readonly kind: "change"; readonly task: string | null; readonly events: readonly string[] }
  /** It changes no task, and is answered where it was asked. */
  | { readonly kind: "answer" }
  | { readonly kind: "nothing" | "loop" | "later"; readonly task: string | null; readonly reason: string };

/** @throws StoreFault; SyntaxError of a body that is not JSON */
export async function tryDelivery(ports: TrialPorts, given: NewDelivery): Promise<WebhookTried> {
  const { store, readers, projects, clock } = ports;
  const { source, deliveryId } = given;
  const isStored = (await store.changes.stored(source, [deliveryId])).has(deliveryId);
  const none = { isStored, heardBy: null, isBehind: false, wishes: [] };
  const reader = readers.get(source);
  if (reader === undefined)
    return { ...none, result: "ignored", reason: `nobody here understands '${source}'` };
  const delivery = asReceived(given, clock.now());
  const understood = await reader.understand(delivery, projects, store.tasks);
  if (understood.kind === "failed") return { ...none, result: "failed", reason: understood.reason };
  if (understood.kind === "retry") return { ...none, result: "later", reason: understood.reason };
  const heardBy = await heard(ports, given, understood);
  if (understood.kind === "ignore") return { ...none, heardBy, result: "ignored", reason: understood.reason };
  const { subject } = understood;
  const wishes: WishTried[] = [];
  for (const wish of understood.wishes) wishes.push(await tryWish(ports, delivery, wish, subject, reader));
  const isBehind = await store.deliveries.isBehind(Number.MAX_SAFE_INTEGER, subject);
  return { isStored, heardBy, isBehind, result: "wishes", reason: null, wishes };
}

async function heard(
  { store }: TrialPorts,
  { source }: NewDelivery,
  understood: Understood,
): Promise<number | null> {
  const key = keyOf(source, understood);
  return key === null ? null : await store.changes.before(0, source, key);
}

async function tryWish(
  ports: TrialPorts,
  delivery: Delivery,
  wish: Wish,
  subject: string,
  reader: Pick<Reader, "trust" | "whole" | "blockers">,
): Promise<WishTried> {
  const trust = await reader.trust(wish);
  if (trust.kind === "retry") {
    const { reason } = trust;
    return { wish, trust: "unknown", because: reason, effect: { kind: "later", task: null, reason } };
  }
  if (trust.kind === "untrusted") {
    const { reason } = trust;
    return { wish, trust: "untrusted", because: reason, effect: { kind: "nothing", task: null, reason } };
  }
  const may = { wish, trust: "trusted", because: trust.because } as const;
  const first = await lookFirst(ports, delivery, wish, reader);
  if (first.kind === "retry") return { ...may, effect: { kind: "later", task: null, reason: first.reason } };
  if (first.kind !== "stands")
    return { ...may, effect: { kind: "nothing", task: first.task, reason: first.reason } };
  const verdict = ports.breaker.look(first.wish, subject);
  if (verdict.kind === "tripped")
    return { ...may, effect: { kind: "loop", task: null, reason: verdict.reason } };
  return { ...may, effect: await effectOf(ports, first.wish) };
}

async function effectOf({ store, clock }: TrialPorts, { intent }: Wish): Promise<Effect> {
  if (intent.kind === "aside") return { kind: "answer" };
  const { decision, task } = await consider(store, intent, clock.now());
  if (decision.kind !== "change")
    return { kind: "nothing", task: task?.key ?? null, reason: decision.reason };
  return {
    kind: "change",
    task: decision.base?.key ?? null,
    events: decision.events.map(({ kind }) => kind),
  };
}

/** As the inbox would have it, with a number that none has. */
function asReceived(given: NewDelivery, now: number): Delivery {
  return {
    ...{ id: 0, status: "received", reason: null, task: null, subject: null },
    ...{ tries: 0, notBefore: 0, replayOf: null, receivedAt: now, finishedAt: null },
    ...given,
  };
}
