/**
 * How a bot is heard: by requests that carry its secret, or by asking. All chats of the bot share it.
 */

import { hash, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import type { Ear, Opened } from "../chat.ts";
import { textUpTo } from "../fit.ts";
import type { Entry, Net } from "../kind.ts";
import { type Call, telegramCall } from "./client.ts";
import { decode, namesBot, objectOf, queryId } from "./decode.ts";
import { listener, updateOf } from "./listen.ts";
import { accountOf, type TelegramSettings } from "./settings.ts";

/** Of what a person who has pressed a button is shown. */
const ANSWER_MAX = 200;
const SECRET_HEADER = "x-telegram-bot-api-secret-token";
const UPDATE = z.looseObject({ update_id: z.int() });

export function telegramEar(
  entries: readonly (Entry & { readonly own: TelegramSettings })[],
  { http, clock }: Net,
): Ear | null {
  const [first] = entries;
  if (first === undefined) return null;
  const secrets = entries.flatMap(({ own }) => own.webhookSecret ?? []);
  const chats = entries.map(({ own }) => own.chat).filter((chat) => chat.startsWith("@"));
  const call = telegramCall(first.own, http);
  const ask = listener(call, clock);
  let self: string | null = null;
  return {
    account: accountOf(first.own),
    open: secrets.length === 0 ? null : (raw, header) => open(raw, header(SECRET_HEADER), secrets),
    listen:
      secrets.length > 0
        ? null
        : async (take, trouble, signal) => {
            self ??= await ownName(call, signal);
            await ask(take, trouble, signal);
          },
    async prepare(update) {
      if (self === null && namesBot(update)) self = await ownName(call);
    },
    decode: (update) => decode(update, { chats, self }),
    // In a group all read what is said; nobody else sees what is said to a press, but that is a few words, and once.
    answer: null,
    async acknowledge(update, text) {
      const id = queryId(update);
      if (id === null) return;
      // Of a press that is too old for an answer nobody waits for one, so it does not matter what is said of it.
      await call("answerCallbackQuery", {
        callback_query_id: id,
        ...(text !== null && { text: textUpTo(text, ANSWER_MAX) }),
      });
    },
  };
}

const ME = z.object({ username: z.string() });

/** Somebody waits for what comes of a command. */
const ME_MS = 5_000;

/** By which commands for other bots are known; without it none that names a bot is taken for ours. */
async function ownName(call: Call, signal?: AbortSignal): Promise<string | null> {
  const called = await call("getMe", {}, { timeoutMs: ME_MS, ...(signal !== undefined && { signal }) });
  const me = called.kind === "ok" ? ME.safeParse(called.result) : null;
  return me?.success === true ? me.data.username : null;
}

function open(raw: Buffer, given: string | undefined, secrets: readonly string[]): Opened {
  if (!isOneOf(secrets, given ?? ""))
    return { kind: "refused", status: 401, reason: "the secret token is missing, or another" };
  const body = raw.toString("utf8");
  const read = UPDATE.safeParse(objectOf(body));
  if (!read.success) return { kind: "refused", status: 400, reason: "it is no update" };
  return { kind: "update", update: updateOf(read.data, body), answer: { status: 200, body: "" } };
}

/** In a time that tells nothing of the secrets, not even how long they are. */
function isOneOf(secrets: readonly string[], given: string): boolean {
  const digest = (text: string): Buffer => hash("sha256", text, "buffer");
  const wanted = digest(given);
  let isKnown = false;
  for (const secret of secrets) isKnown = timingSafeEqual(digest(secret), wanted) || isKnown;
  return isKnown;
}
