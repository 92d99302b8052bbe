/**
 * A topic of an ntfy server: it is only told what wants a person.
 *
 * N1. A message carries its token as a sequence id: servers since 2.16 put a repetition in the place of the first one.
 *     Older ones take no notice of it and say nothing, so nothing is edited here, and an end that nobody has seen is
 *     looked for.
 * N2. The topic is the secret: neither it nor the address stands in a reason.
 */

import { z } from "zod";
import type { Http, HttpResponse, HttpResult } from "../../system/http.ts";
import { visibleLine } from "../../workflow/text/visible.ts";
import type { Chat, Found, Lost, Sent, Trouble } from "../chat.ts";
import type { Entry } from "../kind.ts";
import { render } from "./render.ts";

const SECOND = 1_000;
/** A visitor of a server with the usual settings may send one message in this time, and 60 at once. */
const REFILL_MS = 5 * SECOND;
/** Where the messages of a day are used up. */
const DAY_PAUSE_MS = 3_600 * SECOND;
/** How far before its beginning a message is looked for (s): whatever is there shows that the server remembers. */
const LOOKED_BEFORE_S = 3_600;
const LOW_PRIORITY = 2;
/** Codes of a day's limits; others are of a moment. */
const DAILY: readonly number[] = [42_905, 42_908];

export interface Topic {
  /** Such as `https://ntfy.sh`. */
  readonly server: string;
  readonly topic: string;
  /** An access token, where the server asks for one. */
  readonly token: string | null;
  readonly account: string;
}

const Created = z.object({ id: z.string().min(1).max(100) });
const Listed = z.object({
  id: z.string().min(1).max(100),
  time: z.number(),
  event: z.literal("message"),
  sequence_id: z.string().optional().catch(undefined),
  title: z.string().optional().catch(undefined),
  message: z.string().optional().catch(undefined),
});
const Own = z.object({ title: z.string().optional(), message: z.string() });
const Refusal = z.object({ code: z.number().catch(0), error: z.string().catch("") });

export function createNtfy(entry: Entry, place: Topic, http: Http): Chat {
  const headers = { ...(place.token !== null && { authorization: `Bearer ${place.token}` }) };
  return {
    key: entry.key,
    account: place.account,
    pace: { chat: REFILL_MS * entry.pace, account: REFILL_MS * entry.pace, edits: REFILL_MS * entry.pace },
    hasCards: false,
    hasButtons: false,
    render,
    send: async ({ body }, { token, isSilent }) =>
      sentOf(
        await http.request("ntfy", {
          method: "POST",
          url: `${place.server}/`,
          headers: { ...headers, "content-type": "application/json" },
          body: JSON.stringify({
            ...JSON.parse(body),
            topic: place.topic,
            sequence_id: token,
            ...(isSilent && { priority: LOW_PRIORITY }),
          }),
        }),
      ),
    edit: async () => ({ kind: "refused", reason: "a notification of ntfy is not edited" }),
    remove: async () => ({ kind: "refused", reason: "a notification of ntfy stays" }),
    find: async (lost) => {
      const since = Math.max(1, Math.floor(lost.begunAt / SECOND) - LOOKED_BEFORE_S);
      const url = `${place.server}/${place.topic}/json?poll=1&since=${since}`;
      return foundOf(await http.request("ntfy", { method: "GET", url, headers }), lost);
    },
  };
}

function sentOf(result: HttpResult): Sent {
  if (result.kind === "unreachable")
    return { kind: result.neverSent === true ? "unreachable" : "unsure", reason: result.reason };
  const { response } = result;
  if (response.status !== 200) return troubleOf(response, false);
  const created = Created.safeParse(jsonOf(response.body));
  return created.success
    ? { kind: "sent", id: created.data.id }
    : { kind: "unsure", reason: "ntfy answered 200 without a message" };
}

/** N1. Older servers do not tell the sequence id: there the same words in that time are taken for the message. */
function foundOf(result: HttpResult, { token, rendered, begunAt }: Lost): Found {
  if (result.kind === "unreachable") return { kind: "unreachable", reason: result.reason };
  if (result.response.status === 403)
    return { kind: "unknown", reason: "the topic may be written, but not read" };
  if (result.response.status !== 200) return troubleOf(result.response, true);
  const own = Own.parse(JSON.parse(rendered.body));
  const told = result.response.body.split("\n").flatMap((line) => Listed.safeParse(jsonOf(line)).data ?? []);
  if (told.length === 0) return { kind: "unknown", reason: "the server remembers no message of that time" };
  const ours =
    told.find(({ sequence_id: sequence }) => sequence === token) ??
    told.find(
      ({ time, title, message }) =>
        time * SECOND >= begunAt - SECOND && title === own.title && message === own.message,
    );
  return ours === undefined ? { kind: "absent" } : { kind: "found", id: ours.id };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function troubleOf({ status, headers, body }: HttpResponse, mayRepeat: boolean): Trouble {
  const said = Refusal.safeParse(jsonOf(body)).data ?? { code: 0, error: "" };
  const reason = visibleLine(`ntfy answered ${status} ${said.error.slice(0, 200)}`);
  if (status === 429) {
    const asked = /^\d{1,6}$/.test(headers["retry-after"] ?? "")
      ? Number(headers["retry-after"]) * SECOND
      : null;
    const afterMs = asked ?? (DAILY.includes(said.code) ? DAY_PAUSE_MS : REFILL_MS);
    return { kind: "limited", afterMs, scope: "account", reason };
  }
  const closed = { kind: "closed", reason } as const;
  if (status === 401) return { ...closed, scope: "account", remedy: "write a token that the server knows" };
  if (status === 403) return { ...closed, scope: "chat", remedy: "let the token write to the topic" };
  if (status === 404 || status === 405) return { ...closed, scope: "chat", remedy: "check the address" };
  // Nothing has been stored, and nothing will be for a while.
  if (status === 507) return { kind: "limited", afterMs: DAY_PAUSE_MS, scope: "account", reason };
  if (status >= 500 || status === 408) return { kind: mayRepeat ? "unreachable" : "unsure", reason };
  return { kind: "refused", reason };
}
