/**
 * How chats fare: those that do not answer rest, with growing spans, and those in which nothing can be said are closed
 * until a person acts, and tried again once in a while.
 */

import type { Chat, Trouble } from "../../chats/chat.ts";
import { afterFailure, type Health, type Moment } from "../judge.ts";
import type { CardPorts } from "./ports.ts";

/** A closed chat is tried again after this, doubled each time. */
const RETRY_BASE_MS = 60 * 60_000;
const RETRY_CAP_MS = 24 * 60 * 60_000;
/** For so long what a chat has refused is told. */
const REFUSAL_TOLD_MS = 60 * 60_000;

export interface ChatTrouble {
  readonly chat: string;
  readonly since: number;
  readonly until: number | null;
  readonly reason: string;
  readonly remedy: string | null;
}

type Place = Pick<Chat, "key" | "account">;

export interface Rests {
  well(chat: Place): void;
  failed(chat: Place, reason: string): void;
  limited(chat: Place, reason: string): void;
  refused(chat: Place, reason: string): void;
  close(chat: Place, why: Extract<Trouble, { kind: "closed" }>): Promise<void>;
  /** It stands closed in the database, maybe since an earlier daemon: the next call that goes well opens it. */
  isClosed(chat: Place): void;
  /** For how long (ms) nothing is sent to it. */
  waitMs(chat: Place): number;
  /** What this daemon has met, for whoever looks; closed ones stand in the database. */
  troubles(): readonly ChatTrouble[];
}

export function createRests({
  store,
  clock,
  chance,
  log,
  pacer,
  chats,
}: Pick<CardPorts, "store" | "clock" | "chance" | "log" | "pacer" | "chats">): Rests {
  /** By chat, of those that have failed since they last answered well. */
  const health = new Map<string, Health>();
  const refusals = new Map<string, Refusal>();
  /** Of closed chats, how often they were tried again, and until when (ms) they are not. */
  const closings = new Map<string, { readonly times: number; readonly until: number }>();
  return {
    well({ key }): void {
      if (health.delete(key)) log.info({ event: "chat.well", chat: key });
      if (closings.delete(key)) void store.chats.open(key).catch(() => undefined);
    },
    failed({ key }, reason): void {
      const moment = { now: clock.now(), monotonic: clock.monotonic() };
      const after = afterFailure(health.get(key), { reason }, moment, chance.fraction());
      health.set(key, after);
      // Even a first failure is followed by a breath.
      pacer.rest({ chat: key }, Math.max(1_000, after.restsUntil - moment.monotonic));
      log.info({ event: "chat.failed", chat: key, failures: after.failures, reason });
    },
    limited({ key }, reason): void {
      log.info({ event: "chat.limited", chat: key, reason });
    },
    refused({ key }, reason): void {
      refusals.set(key, { at: clock.now(), reason });
      log.warn({ event: "chat.refused", chat: key, reason });
    },
    async close({ key, account }, { scope, reason, remedy }): Promise<void> {
      const all =
        scope === "chat"
          ? [key]
          : [...chats().values()].filter(({ chat }) => chat.account === account).map(({ chat }) => chat.key);
      for (const chat of new Set([key, ...all])) {
        const now = clock.now();
        const before = closings.get(chat);
        // What is said besides cards meets a closed door more often than it is tried on purpose.
        const isEarly = before !== undefined && now < before.until;
        const times = before === undefined ? 0 : before.times + (isEarly ? 0 : 1);
        const until = now + Math.min(RETRY_CAP_MS, RETRY_BASE_MS * 2 ** Math.min(10, times));
        closings.set(chat, { times, until: isEarly ? before.until : until });
        await store.chats.close(chat, { reason, remedy }, now, until);
        log.warn({ event: "chat.closed", chat, reason, remedy });
      }
    },
    isClosed({ key }): void {
      if (!closings.has(key)) closings.set(key, { times: 0, until: clock.now() });
    },
    waitMs: ({ key }) => Math.max(0, (health.get(key)?.restsUntil ?? 0) - clock.monotonic()),
    troubles: () => troublesOf(health, refusals, { now: clock.now(), monotonic: clock.monotonic() }),
  };
}

interface Refusal {
  readonly at: number;
  readonly reason: string;
}

function troublesOf(
  health: ReadonlyMap<string, Health>,
  refusals: ReadonlyMap<string, Refusal>,
  { now, monotonic }: Moment,
): readonly ChatTrouble[] {
  const ill = [...health].map(([chat, { since, reason, restsUntil }]) => {
    const until = now + Math.max(0, Math.round(restsUntil - monotonic));
    return { chat, since, until, reason, remedy: null };
  });
  const refused = [...refusals]
    .filter(([, { at }]) => now - at < REFUSAL_TOLD_MS)
    .map(([chat, { at, reason }]) => ({ chat, since: at, until: null, reason, remedy: null }));
  return [...ill, ...refused];
}
