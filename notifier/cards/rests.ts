/**
 * How chats fare: those that do not answer rest, with growing spans, and those in which nothing can be said are closed
 * until a person acts, and tried again once in a while.
 */

import type { Chat, Trouble } from "../../chats/chat.ts";
import { afterFailure, type Health } from "../judge.ts";
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
  /** A chat that an earlier daemon has closed: it is open once it has answered well. */
  remember(chat: string): void;
  well(chat: Place): void;
  failed(chat: Place, reason: string): void;
  limited(chat: Place, reason: string): void;
  refused(chat: Place, reason: string): void;
  close(chat: Place, why: Extract<Trouble, { kind: "closed" }>): Promise<void>;
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
  const refusals = new Map<string, { readonly at: number; readonly reason: string }>();
  const closings = new Map<string, number>();
  return {
    remember: (chat) => void closings.set(chat, closings.get(chat) ?? 1),
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
        const times = closings.get(chat) ?? 0;
        closings.set(chat, times + 1);
        const wait = Math.min(RETRY_CAP_MS, RETRY_BASE_MS * 2 ** Math.min(10, times));
        await store.chats.close(chat, { reason, remedy }, clock.now(), clock.now() + wait);
        log.warn({ event: "chat.closed", chat, reason, remedy });
      }
    },
    waitMs: ({ key }) => Math.max(0, (health.get(key)?.restsUntil ?? 0) - clock.monotonic()),
    troubles: () => toldOf(clock, health, refusals),
  };
}

function toldOf(
  clock: CardPorts["clock"],
  health: ReadonlyMap<string, Health>,
  refusals: ReadonlyMap<string, { readonly at: number; readonly reason: string }>,
): readonly ChatTrouble[] {
  return [
    ...[...health].map(([chat, { since, reason, restsUntil }]) => ({
      chat,
      since,
      until: clock.now() + Math.max(0, Math.round(restsUntil - clock.monotonic())),
      reason,
      remedy: null,
    })),
    ...[...refusals]
      .filter(([, { at }]) => clock.now() - at < REFUSAL_TOLD_MS)
      .map(([chat, { at, reason }]) => ({ chat, since: at, until: null, reason, remedy: null })),
  ];
}
