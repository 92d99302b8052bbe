/**
 * One channel of Discord: send, edit, remove, and find again.
 *
 * F1. A send carries its message's token as an enforced nonce: repeated within some minutes it makes no second message,
 *     but answers with the first. So what is not found while the nonce holds is `absent`, and may be sent with the same
 *     token.
 * F2. Later it is looked for in the channel, around the time when it was sent, by its token. A bot without the right to
 *     read the history sees an empty channel: then nobody can say.
 */

import { z } from "zod";
import type { Clock } from "../../system/clock.ts";
import type { Http, HttpResponse, HttpResult } from "../../system/http.ts";
import type { Chat, Edited, Found, Lost, Removed, Rest, SendOptions, Sent, Trouble } from "../chat.ts";
import type { Entry } from "../kind.ts";
import { type Access, callDiscord } from "./call.ts";
import { marks, render } from "./render.ts";
import { snowflakeAt, timeOf } from "./snowflake.ts";
import { jsonOf, restOf, saidOf, troubleOf } from "./trouble.ts";

/** Gone, or another bot's: in both cases another message has to take its place. */
const GONE: readonly number[] = [10_008, 50_005];
const UNKNOWN_MESSAGE = 10_008;
const SUPPRESS_NOTIFICATIONS = 4_096;
/** "The past few minutes" is all that is documented of a nonce. */
const NONCE_MS = 120_000;
/** How many messages around that time are looked at: as many as one call gives. */
const LOOKED_AT = 100;
/** How long after its beginning a send may still arrive, clocks that differ included. */
const ARRIVAL_MS = 60_000;

const Created = z.object({ id: z.string().regex(/^\d{1,20}$/) });
const Listed = z.array(
  z.object({
    id: z.string().regex(/^\d{1,20}$/),
    embeds: z.array(z.object({ url: z.string().optional().catch(undefined) })).catch([]),
    components: z
      .array(
        z.object({
          components: z.array(z.object({ custom_id: z.string().catch("") })).catch([]),
        }),
      )
      .catch([]),
  }),
);

export interface Place extends Access {
  /** Its id, a snowflake. */
  readonly chat: string;
  readonly account: string;
}

/** Distances that the documented 5 messages in 5 s of a channel, and 50 calls in a second, leave. */
const PACE_CHAT_MS = 1_000;
const PACE_ACCOUNT_MS = 25;

export function createDiscord(entry: Entry, place: Place, http: Http, clock: Pick<Clock, "now">): Chat {
  const messages = `/channels/${encodeURIComponent(place.chat)}/messages`;
  const call = (
    method: "GET" | "POST" | "PATCH" | "DELETE",
    path: string,
    body: string | null,
  ): Promise<HttpResult> => callDiscord(http, place, method, `${messages}${path}`, body);
  return {
    key: entry.key,
    account: place.account,
    pace: {
      chat: PACE_CHAT_MS * entry.pace,
      account: PACE_ACCOUNT_MS * entry.pace,
      edits: PACE_ACCOUNT_MS * entry.pace,
    },
    hasCards: true,
    hasButtons: true,
    render,
    send: async ({ body }, options) => sentOf(await call("POST", "", newBody(body, options))),
    edit: async (id, { body }) => editedOf(await call("PATCH", `/${encodeURIComponent(id)}`, body)),
    remove: async (id) => removedOf(await call("DELETE", `/${encodeURIComponent(id)}`, null)),
    find: async (lost) => {
      const around = snowflakeAt(lost.begunAt);
      const listed = await call("GET", `?limit=${LOOKED_AT}&around=${around}`, null);
      return foundOf(listed, lost, clock.now() - lost.begunAt);
    },
  };
}

function newBody(body: string, { token, isSilent, replyTo }: SendOptions): string {
  return JSON.stringify({
    ...JSON.parse(body),
    nonce: token,
    enforce_nonce: true,
    ...(isSilent && { flags: SUPPRESS_NOTIFICATIONS }),
    // A message that is gone is not answered, but what was to be said is said.
    ...(replyTo !== undefined && {
      message_reference: { type: 0, message_id: replyTo, fail_if_not_exists: false },
    }),
  });
}

function restIn({ headers }: HttpResponse): Rest {
  const restMs = restOf(headers);
  return restMs === null ? {} : { restMs };
}

function isGood({ status }: HttpResponse): boolean {
  return status >= 200 && status < 300;
}

/** F1. */
function sentOf(result: HttpResult): Sent {
  if (result.kind === "unreachable")
    return { kind: result.neverSent === true ? "unreachable" : "unsure", reason: result.reason };
  const { response } = result;
  if (isGood(response)) {
    const created = Created.safeParse(jsonOf(response.body));
    if (created.success) return { kind: "sent", id: created.data.id, ...restIn(response) };
    return { kind: "unsure", reason: `Discord answered ${response.status} without a message` };
  }
  // The answer to a repeated nonce whose message was deleted meanwhile.
  if (saidOf(response)?.code === UNKNOWN_MESSAGE)
    return { kind: "refused", reason: "the message was sent before, and somebody has deleted it" };
  return troubleOf(response, false);
}

function editedOf(result: HttpResult): Edited {
  if (result.kind === "unreachable") return { kind: "unreachable", reason: result.reason };
  const { response } = result;
  if (isGood(response)) return { kind: "edited", ...restIn(response) };
  if (GONE.includes(saidOf(response)?.code ?? 0)) return { kind: "gone" };
  return troubleOf(response, true);
}

function removedOf(result: HttpResult): Removed {
  if (result.kind === "unreachable") return { kind: "unreachable", reason: result.reason };
  const { response } = result;
  const said = saidOf(response);
  if (isGood(response)) return { kind: "removed", ...restIn(response) };
  if (said?.code === UNKNOWN_MESSAGE) return { kind: "removed" };
  // Of a message of another bot's: a right that we do not ask for, and no word about our own.
  if (said?.code === 50_013) return { kind: "refused", reason: "the message belongs to another bot" };
  return troubleOf(response, true);
}

function foundOf(result: HttpResult, { token, begunAt }: Lost, age: number): Found {
  if (result.kind === "unreachable") return { kind: "unreachable", reason: result.reason };
  const { response } = result;
  const isNonceHeld = age >= 0 && age < NONCE_MS;
  if (!isGood(response)) {
    const trouble: Trouble = troubleOf(response, true);
    // Without the right to read nobody can say; while the nonce holds, that is no matter.
    const isUnread = trouble.kind === "closed" && trouble.scope === "chat" && response.status === 403;
    return isUnread && isNonceHeld ? { kind: "absent" } : trouble;
  }
  const listed = Listed.safeParse(jsonOf(response.body));
  if (!listed.success) return { kind: "unknown", reason: "Discord listed messages in an unknown shape" };
  const { url, prefix } = marks(token);
  const ours = listed.data.find(
    ({ embeds, components }) =>
      embeds.some((embed) => embed.url === url) ||
      components.some((row) => row.components.some(({ custom_id: id }) => id.startsWith(prefix))),
  );
  if (ours !== undefined) return { kind: "found", id: ours.id };
  if (isNonceHeld) return { kind: "absent" };
  if (listed.data.length === 0) return { kind: "unknown", reason: "the bot sees no history of the channel" };
  return reachesPast(
    listed.data.map(({ id }) => id),
    begunAt,
  )
    ? { kind: "absent" }
    : { kind: "unknown", reason: "too much was said in the channel at that time" };
}

/** Whether messages around a time surely hold every one that was sent then. */
function reachesPast(ids: readonly string[], begunAt: number): boolean {
  const later = ids.map(timeOf).filter((time) => time > begunAt);
  // Half of what is listed is later, unless there is no more.
  return later.length < Math.floor(LOOKED_AT / 2) - 1 || Math.max(...later) > begunAt + ARRIVAL_MS;
}
