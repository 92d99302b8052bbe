/**
 * What an answer of Discord's that is no success means. Pure.
 *
 * D1. 401, 403 and 429 count: 10,000 of them in 10 minutes close the API to this machine's address. So whatever only
 *     a person can mend closes the chat or the account, and a limit is always waited for.
 * D2. Codes are looked at before statuses: a code says what happened, the status only whose fault it is.
 * D3. What Discord says may be shown: it does not repeat the token, the one secret it knows; but it is bounded.
 */

import { z } from "zod";
import type { HttpResponse } from "../../system/http.ts";
import { visibleLine } from "../../workflow/text/visible.ts";
import type { Trouble } from "../chat.ts";

const SECOND = 1_000;
/** Where a limit does not say how long. */
const PAUSE_MS = 5 * SECOND;
/** The longest wait that is believed of a limit. */
const PAUSE_MS_MAX = 3_600 * SECOND;
/** Refused at the door, before the API: the address is in trouble for some time. */
const DOOR_PAUSE_MS = 600 * SECOND;
const SAID_MAX = 300;
/** Of the tree of faults, how many are told. */
const FAULTS_MAX = 3;
const FAULTS_DEPTH_MAX = 12;

const Refusal = z.object({
  code: z.number().catch(0),
  message: z.string().catch(""),
  retry_after: z.number().nonnegative().optional().catch(undefined),
  global: z.boolean().catch(false),
  errors: z.unknown().optional(),
});

/** What is said besides the status; `null` where it is not the API that speaks. */
export interface Said {
  readonly code: number;
  readonly text: string;
  /** ms. */
  readonly afterMs: number | null;
  readonly isGlobal: boolean;
}

export function saidOf({ body }: Pick<HttpResponse, "body">): Said | null {
  const parsed = Refusal.safeParse(jsonOf(body));
  if (!parsed.success) return null;
  const { code, message, retry_after: seconds, global, errors } = parsed.data;
  const text = visibleLine([message, ...faultsOf(errors, "", 0)].join("; ").slice(0, SAID_MAX));
  return { code, text, afterMs: seconds === undefined ? null : msOf(seconds), isGlobal: global };
}

/** A body that should be JSON; `undefined` where it is not. */
export function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** `errors` of code 50035: a tree by the fields of the call, whose leaves are lists named `_errors`. */
function faultsOf(tree: unknown, path: string, depth: number): readonly string[] {
  if (typeof tree !== "object" || tree === null || depth > FAULTS_DEPTH_MAX) return [];
  return Object.entries(tree)
    .flatMap(([key, value]): readonly string[] => {
      if (key !== "_errors") return faultsOf(value, path === "" ? key : `${path}.${key}`, depth + 1);
      const list: readonly unknown[] = Array.isArray(value) ? value : [];
      return list.map((leaf) => {
        const message = typeof leaf === "object" && leaf !== null && "message" in leaf ? leaf.message : "";
        return `${path}: ${String(message)}`;
      });
    })
    .slice(0, FAULTS_MAX);
}

function msOf(seconds: number): number {
  return Math.min(PAUSE_MS_MAX, Math.max(1, Math.ceil(seconds * SECOND)));
}

/** How long the bucket of this call is empty (ms); `null` while something is left in it. */
export function restOf(headers: HttpResponse["headers"]): number | null {
  if (headers["x-ratelimit-remaining"] !== "0") return null;
  return secondsOf(headers["x-ratelimit-reset-after"]);
}

function secondsOf(header: string | undefined): number | null {
  return header !== undefined && /^\d+(\.\d+)?$/.test(header) ? msOf(Number(header)) : null;
}

const CHANNEL = "check the id of the channel, and that the bot is a member of its server and may see it";
const RIGHTS =
  "give the bot the rights View Channel, Send Messages, Embed Links and Read Message History there";

/** What nothing can be said in any more until a person has looked after it, by code. */
const CLOSED: Readonly<Record<number, string>> = {
  10003: CHANNEL,
  10004: CHANNEL,
  50001: CHANNEL,
  50007: "let the person allow messages from members of the server",
  50008: "name a channel of text",
  50013: RIGHTS,
  50024: "name a channel of text",
  50083: "open the thread again, or name another channel",
  160005: "unlock the thread, or name another channel",
};

/** Too much at this moment, whatever the status. */
const BUSY = new Set([20016, 20022, 20028, 20029, 30046, 40062, 130000]);

/**
 * @param mayRepeat whether the call can simply be made again where nobody knows its end
 * @param response of a status that is no success
 */
export function troubleOf({ status, headers, body }: HttpResponse, mayRepeat: boolean): Trouble {
  const said = saidOf({ body });
  const reason = `Discord answered ${status}${said === null ? "" : ` (${said.code}): ${said.text}`}`;
  if (status === 429 || BUSY.has(said?.code ?? 0)) return limitOf(headers, said, reason);
  const remedy = CLOSED[said?.code ?? 0];
  if (remedy !== undefined) return { kind: "closed", scope: "chat", reason, remedy };
  // Of an interaction, whose token has run out: no word about the bot's own.
  if (said?.code === 50027) return { kind: "refused", reason };
  if (status === 401)
    return { kind: "closed", scope: "account", reason, remedy: "write the bot's current token" };
  if (status === 403 && said === null)
    return { kind: "limited", afterMs: DOOR_PAUSE_MS, scope: "account", reason };
  if (status === 403) return { kind: "closed", scope: "chat", reason, remedy: RIGHTS };
  if (status === 404)
    return { kind: "closed", scope: "chat", reason, remedy: "check chat, and api where it is written" };
  if (status >= 500 || status === 408 || status === 425)
    return { kind: mayRepeat ? "unreachable" : "unsure", reason };
  return { kind: "refused", reason };
}

function limitOf(headers: HttpResponse["headers"], said: Said | null, reason: string): Trouble {
  const isAccount =
    said === null ||
    said.isGlobal ||
    headers["x-ratelimit-global"] === "true" ||
    headers["x-ratelimit-scope"] === "global";
  const afterMs =
    said?.afterMs ??
    secondsOf(headers["retry-after"]) ??
    secondsOf(headers["x-ratelimit-reset-after"]) ??
    // What is no word of the API's is the door's.
    (said === null ? DOOR_PAUSE_MS : PAUSE_MS);
  return { kind: "limited", afterMs, scope: isAccount ? "account" : "chat", reason };
}
