/**
 * Digests: once a day or week, each chat that asks for it is told what the time has brought.
 *
 * D1. It is written down as an event whose key has the chat and its slot, with its call in the same transaction: so two
 *     daemons, or one that was started again, tell it once.
 * D2. Nobody wants the digest of a morning in the evening: a slot that was missed for longer than {@link GRACE_MS} is
 *     left out, and what it would have told is in none.
 */

import type { DigestSetting } from "../../chats/channels.ts";
import type { Store } from "../../store/store.ts";
import type { Clock } from "../../system/clock.ts";
import type { Log } from "../../system/log.ts";
import { stackOf } from "../../system/stack.ts";
import { digestCall } from "./call.ts";
import { type DigestFacts, digestMessage, type NextWindow } from "./compose.ts";

export interface DigestChat {
  /** As calls to it name it. */
  readonly key: string;
  /** `null` for every one. */
  readonly projects: readonly string[] | null;
  readonly digest: DigestSetting;
}

/** Slots of a setting around now (ms); `null` where there is none. */
export interface DigestSlots {
  readonly before: number | null;
  /** The last one up to now. */
  readonly last: number | null;
}

export interface DigestPorts {
  readonly store: Pick<Store, "digests" | "events" | "kept">;
  readonly clock: Clock;
  readonly log: Log;
  /** Of the configuration in force. */
  readonly chats: () => readonly DigestChat[];
  readonly slots: (setting: DigestSetting, now: number) => DigestSlots;
  readonly windows: () => readonly NextWindow[];
  readonly redact: (text: string) => string;
}

const GRACE_MS = 6 * 60 * 60_000;
const LOOK_MS = 30_000;
/** More kept works are told as so many. */
const KEPT_MAX = 500;

/** Nobody in particular: two daemons write into one history (D1). */
const SUBJECT = { kind: "daemon", name: "digests" } as const;

/** Writes down what is due. @throws StoreFault */
export async function tellDigests(ports: DigestPorts, told: Set<string>): Promise<void> {
  const { store, clock, log, redact } = ports;
  const now = clock.now();
  for (const chat of ports.chats()) {
    const { before, last } = ports.slots(chat.digest, now);
    if (before === null || last === null || now - last > GRACE_MS) continue;
    const key = `${chat.key} ${new Date(last).toISOString()}`;
    if (told.has(key)) continue;
    const facts = await gather(ports, chat, before, last);
    const message = digestMessage(facts, redact);
    const event = { kind: "chat.digest", key };
    const isNew =
      message !== null && (await store.events.notice(SUBJECT, event, [digestCall(chat.key, message)], now));
    if (isNew) log.info({ event: "chat.digest", chat: chat.key });
    told.add(key);
  }
}

async function gather(
  { store, windows }: DigestPorts,
  { projects, digest }: DigestChat,
  from: number,
  until: number,
): Promise<DigestFacts> {
  const ours = <T extends { readonly project: string }>(all: readonly T[]): readonly T[] =>
    projects === null ? all : all.filter(({ project }) => projects.includes(project));
  const [done, failed, waiting, spent, kept] = await Promise.all([
    store.digests.ended("done", from, until),
    store.digests.ended("failed", from, until),
    store.digests.waiting(),
    store.digests.spent(from, until),
    store.kept.list({ limit: KEPT_MAX, before: null, status: "kept" }),
  ]);
  return {
    ...{ every: digest.every, from, until, kept: ours(kept.items).length, windows: windows() },
    ...{ done: ours(done), failed: ours(failed), waiting: ours(waiting), spent: ours(spent) },
  };
}

/** Until `signal` aborts. Never rejects. */
export async function runDigests(ports: DigestPorts, clock: Clock, signal: AbortSignal): Promise<void> {
  const told = new Set<string>();
  while (!signal.aborted) {
    await tellDigests(ports, told).catch((error: unknown) =>
      ports.log.error({ event: "digests.faulted", reason: stackOf(error) }),
    );
    await clock.sleep(LOOK_MS, signal);
  }
}
