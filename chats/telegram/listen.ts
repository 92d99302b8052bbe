/**
 * Hears a bot by asking for its updates (`getUpdates`), one question after the other.
 *
 * L1. An update is confirmed by asking for the one behind it, and that is done only when it was taken. So whoever dies
 *     in between is told it again.
 * L2. The number is named only while there is something to confirm: after a week of silence Telegram counts from
 *     anywhere, and would take a higher number for a confirmation.
 * L3. One program may ask. Who is turned away tells it, waits longer each time, and asks again: the other may be an
 *     earlier daemon on its way out.
 */

import { z } from "zod";
import type { Clock } from "../../system/clock.ts";
import type { Ear, Update } from "../chat.ts";
import type { Call } from "./client.ts";
import { reasonOf, type Unsuccessful } from "./trouble.ts";

/** For how long (s) a question may stay without an answer; Telegram allows no more. */
const ASK_S = 50;
/** What the way there and back may take besides. */
const WAY_MS = 15_000;
const BATCH_MAX = 100;
const BACK_OFF_MS = 1_000;
const BACK_OFF_MS_MAX = 60_000;
export const KINDS = ["message", "callback_query", "my_chat_member"] as const;

const UPDATES = z.array(z.looseObject({ update_id: z.int() }));

type Listen = NonNullable<Ear["listen"]>;

export function listener(call: Call, clock: Clock): Listen {
  return async (take, trouble, signal) => {
    let offset: number | undefined;
    let failures = 0;
    const rest = async (afterMs: number | null = null): Promise<void> => {
      const backOff = Math.min(BACK_OFF_MS_MAX, BACK_OFF_MS * 2 ** Math.min(failures, 10));
      failures += 1;
      await clock.sleep(Math.max(afterMs ?? 0, backOff), signal);
    };
    while (!signal.aborted) {
      const called = await call(
        "getUpdates",
        { ...(offset !== undefined && { offset }), limit: BATCH_MAX, timeout: ASK_S, allowed_updates: KINDS },
        { timeoutMs: ASK_S * 1_000 + WAY_MS, signal },
      );
      if (signal.aborted) return;
      const updates = called.kind === "ok" ? UPDATES.safeParse(called.result) : null;
      if (called.kind !== "ok" || updates?.success !== true) {
        trouble(called.kind === "ok" ? UNREADABLE : troubleIn(called));
        await rest(called.kind === "failed" ? called.retryAfterMs : null);
        continue;
      }
      const taken = await takeAll(updates.data, take);
      // L2.
      offset = taken.last === null ? (updates.data.length === 0 ? undefined : offset) : taken.last + 1;
      if (taken.isAll) {
        if (failures > 0) trouble(null);
        failures = 0;
        continue;
      }
      trouble({ reason: "an update could not be stored; it stays with Telegram until it can", remedy: null });
      await rest();
    }
  };
}

const UNREADABLE = { reason: "Telegram's list of updates cannot be read", remedy: null };

async function takeAll(
  updates: z.output<typeof UPDATES>,
  take: (update: Update) => Promise<boolean>,
): Promise<{ readonly last: number | null; readonly isAll: boolean }> {
  let last: number | null = null;
  for (const update of [...updates].sort((a, b) => a.update_id - b.update_id)) {
    const isTaken = await take(updateOf(update, JSON.stringify(update))).catch(() => false);
    if (!isTaken) return { last, isAll: false };
    last = update.update_id;
  }
  return { last, isAll: true };
}

/** @param body the same as it came, or as it says the same */
export function updateOf(update: { readonly update_id: number }, body: string): Update {
  const event = Object.keys(update).find((key) => key !== "update_id" && /^[a-z_]{1,64}$/.test(key));
  return { id: String(update.update_id), event: event ?? "unknown", body };
}

function troubleIn(called: Unsuccessful): { readonly reason: string; readonly remedy: string | null } {
  if (called.kind === "unreachable") return { reason: called.reason, remedy: null };
  const { code, description } = called;
  return { reason: reasonOf(called), remedy: remedyOf(code, description) };
}

function remedyOf(code: number, said: string): string | null {
  if (code === 401 || code === 404) return "check token and api in the configuration";
  if (code !== 409) return null;
  return /webhook/i.test(said)
    ? "the bot has a webhook: set webhook_secret, or take the webhook away with deleteWebhook"
    : "another program asks for the updates of this bot: stop it, or give each a bot of its own";
}
