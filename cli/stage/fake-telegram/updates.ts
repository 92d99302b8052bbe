/**
 * How bots get their updates: by asking (`getUpdates`), or at an address of theirs. One of both at a time, and one
 * asker at a time.
 */

import { z } from "zod";
import type { Clock } from "../../../system/clock.ts";
import type { Http } from "../../../system/http.ts";
import { readArgs } from "./methods.ts";
import type { Bot, Update } from "./model.ts";
import { refuse } from "./refusal.ts";
import type { World } from "./world.ts";

const ASK = z.strictObject({
  offset: z.int().optional(),
  limit: z.int().min(1).max(100).default(100),
  timeout: z.int().min(0).default(0),
  allowed_updates: z.array(z.enum(["message", "callback_query", "my_chat_member"])).optional(),
});
/** Longer (s) nobody is kept waiting. */
const ASK_S_MAX = 50;
/** What nobody fetches is forgotten. */
const KEPT_MS = 24 * 3_600_000;

/** @throws a refusal */
export async function getUpdates(
  world: World,
  bot: Bot,
  args: unknown,
  signal: AbortSignal,
): Promise<readonly Update[]> {
  const { offset, limit, timeout, allowed_updates } = readArgs(ASK, args);
  if (bot.webhook !== null)
    refuse(
      409,
      "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    );
  bot.interrupt?.();
  const other = new AbortController();
  const interrupt = (): void => other.abort();
  bot.interrupt = interrupt;
  if (allowed_updates !== undefined) bot.allowed = allowed_updates;
  const until = world.now() + Math.min(timeout, ASK_S_MAX) * 1_000;
  bot.updates = bot.updates.filter(
    ({ at, update }) => at > world.now() - KEPT_MS && update.update_id >= (offset ?? 0),
  );
  while (bot.updates.length === 0 && world.now() < until && !signal.aborted && !other.signal.aborted)
    await world.wait(until - world.now(), AbortSignal.any([signal, other.signal]));
  if (other.signal.aborted)
    refuse(409, "terminated by other getUpdates request; make sure that only one bot instance is running");
  if (bot.interrupt === interrupt) bot.interrupt = null;
  return bot.updates.slice(0, limit).map(({ update }) => update);
}

const RETRY_MS = 1_000;
const RETRY_MS_MAX = 60_000;

/** Brings updates to the addresses of all bots until `signal` aborts: in order, and each until it is taken. */
export async function deliver(
  world: World,
  http: Http,
  clock: Clock,
  speed: number,
  signal: AbortSignal,
): Promise<void> {
  const bots = [...world.bots.values()];
  await Promise.all(bots.map((bot) => deliverTo(bot, { world, http, clock, speed, signal })));
}

interface Delivering {
  readonly world: World;
  readonly http: Http;
  readonly clock: Clock;
  readonly speed: number;
  readonly signal: AbortSignal;
}

async function deliverTo(bot: Bot, { world, http, clock, speed, signal }: Delivering): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    const [next] = bot.updates;
    const { webhook } = bot;
    if (webhook === null || next === undefined) {
      await world.wait(60_000, signal);
      continue;
    }
    const result = await http.request("webhook", {
      method: "POST",
      url: webhook.url,
      headers: {
        "content-type": "application/json",
        ...(webhook.secret !== null && { "x-telegram-bot-api-secret-token": webhook.secret }),
      },
      body: JSON.stringify(next.update),
      signal,
    });
    const status = result.kind === "response" ? result.response.status : 0;
    if (status >= 200 && status < 300) {
      failures = 0;
      bot.updates = bot.updates.filter((update) => update !== next);
      continue;
    }
    const asked = result.kind === "response" ? Number(result.response.headers["retry-after"] ?? 0) : 0;
    const backOff = Math.min(RETRY_MS_MAX, RETRY_MS * 2 ** failures);
    failures = Math.min(failures + 1, 10);
    await clock.sleep(Math.max((asked || 0) * 1_000, backOff) / speed, signal);
  }
}
