/**
 * One chat of a bot: sends, edits, removes and finds messages there.
 *
 * A lost message is looked for at one place per call (`find.ts`), so that whoever keeps the distances between calls
 * keeps them here, too.
 */

import { z } from "zod";
import type { Chat, Found, Lost, Pace, SendOptions, Sent } from "../chat.ts";
import type { Entry, Net } from "../kind.ts";
import { type Arguments, type Call, telegramCall } from "./client.ts";
import { placesOf } from "./find.ts";
import { type Body, render } from "./render.ts";
import { accountOf, chatId, type TelegramSettings } from "./settings.ts";
import { editTrouble, removeTrouble, troubleOf } from "./trouble.ts";

/** Documented: one message a second in a chat, 20 a minute in a group, 30 a second in all; edits count. */
const PRIVATE_MS = 1_050;
const GROUP_MS = 3_100;
const ACCOUNT_MS = 35;

const MESSAGE = z.object({ message_id: z.int() });

export function telegramChat(entry: Entry, own: TelegramSettings, { http }: Pick<Net, "http">): Chat {
  const call = telegramCall(own, http);
  const chat_id = chatId(own.chat);
  const edit: Chat["edit"] = async (id, { body }) => {
    const called = await call("editMessageText", { chat_id, message_id: Number(id), ...readBody(body) });
    return called.kind === "ok" ? { kind: "edited" } : editTrouble(called);
  };
  return {
    key: entry.key,
    account: accountOf(own),
    place: own.chat,
    pace: paceOf(own.chat, entry.pace),
    hasCards: true,
    hasButtons: true,
    render,
    send: ({ body }, options) => send(call, own, readBody(body), options),
    edit,
    async remove(id) {
      const called = await call("deleteMessage", { chat_id, message_id: Number(id) });
      return called.kind === "ok" ? { kind: "removed" } : removeTrouble(called);
    },
    find: (lost) => find(lost, own.chat, edit),
  };
}

function paceOf(chat: string, times: number): Pace {
  const isGroup = chat.startsWith("@") || Number(chat) < 0;
  const account = ACCOUNT_MS * times;
  return { chat: (isGroup ? GROUP_MS : PRIVATE_MS) * times, account, edits: account };
}

async function send(
  call: Call,
  { chat, topic }: TelegramSettings,
  body: Body,
  { isSilent, replyTo }: SendOptions,
): Promise<Sent> {
  const args: Arguments<"sendMessage"> = {
    chat_id: chatId(chat),
    ...(topic !== null && { message_thread_id: topic }),
    ...body,
    ...(isSilent && { disable_notification: true }),
    // What is answered may be gone by now; the answer is wanted all the same.
    ...(replyTo !== undefined && {
      reply_parameters: { message_id: Number(replyTo), allow_sending_without_reply: true },
    }),
  };
  const called = await call("sendMessage", args);
  if (called.kind !== "ok") return troubleOf(called, false);
  const message = MESSAGE.safeParse(called.result);
  if (!message.success) return { kind: "unsure", reason: "Telegram answered without the message's id" };
  return { kind: "sent", id: String(message.data.message_id) };
}

async function find(lost: Lost, chat: string, edit: Chat["edit"]): Promise<Found> {
  const { ids, isAll } = placesOf(lost, chat);
  const place = ids[lost.tries];
  if (place === undefined)
    return isAll ? { kind: "absent" } : { kind: "unknown", reason: `it is at none of ${ids.length} places` };
  const edited = await edit(String(place), lost.rendered);
  if (edited.kind === "edited") return { kind: "found", id: String(place) };
  if (edited.kind === "gone") return { kind: "looking" };
  // It reads a text before it looks for the message: what it cannot read, it has never stored.
  return edited.kind === "unreadable" ? { kind: "absent" } : edited;
}

/** Our own words, back from where they were stored. */
function readBody(body: string): Body {
  return JSON.parse(body);
}
