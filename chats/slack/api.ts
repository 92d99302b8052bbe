/** One call of Slack's Web API, and what is known of its end. No reason holds the token. */

import type { Http, HttpResponse } from "../../system/http.ts";

/** The answer to a call of any method. */
export type Reply =
  | { readonly kind: "ok"; readonly answer: Fields }
  /** `ok: false`: nothing was done. `needed` is the scope that the token lacks, where that is why. */
  | { readonly kind: "error"; readonly error: string; readonly needed: string | null }
  | { readonly kind: "limited"; readonly afterMs: number }
  /** Nobody knows what became of it, unless it was never sent. */
  | { readonly kind: "lost"; readonly reason: string; readonly neverSent: boolean };

/** An object of JSON from outside; every value in it is still to be checked. */
export type Fields = Readonly<Record<string, unknown>>;

export interface Api {
  /** @param args in JSON, which all methods that write take */
  write(method: string, args: Fields): Promise<Reply>;
  /** @param args as a form, which is all that methods that read take */
  read(method: string, args: Readonly<Record<string, string>>): Promise<Reply>;
}

const SECOND = 1_000;
const TIMEOUT_MS = 10 * SECOND;
/** Where a limit comes without its time. */
const AFTER_MS = 30 * SECOND;
/** The longest wait that is believed. */
const AFTER_MS_MAX = 3_600 * SECOND;

/** @param base such as `https://slack.com/api` */
export function slackApi(http: Http, base: string, token: string): Api {
  const call = async (method: string, type: string, body: string): Promise<Reply> => {
    const result = await http.request(`slack.${method}`, {
      method: "POST",
      url: `${base.replace(/\/+$/, "")}/${method}`,
      headers: { authorization: `Bearer ${token}`, "content-type": `${type}; charset=utf-8` },
      body,
      timeoutMs: TIMEOUT_MS,
    });
    if (result.kind === "response") return replyOf(method, result.response);
    return { kind: "lost", reason: result.reason, neverSent: result.neverSent === true };
  };
  return {
    write: (method, args) => call(method, "application/json", JSON.stringify(args)),
    read: (method, args) =>
      call(method, "application/x-www-form-urlencoded", new URLSearchParams(args).toString()),
  };
}

function replyOf(method: string, { status, headers, body }: HttpResponse): Reply {
  const limited = (): Reply => ({ kind: "limited", afterMs: waitOf(headers["retry-after"]) });
  if (status === 429) return limited();
  const answer = fieldsOf(body);
  if (answer === null || status >= 500 || typeof answer["ok"] !== "boolean") {
    const what = answer === null ? `${status} without JSON` : `${status}`;
    return { kind: "lost", reason: `Slack answered ${method} with ${what}`, neverSent: false };
  }
  if (answer["ok"]) return { kind: "ok", answer };
  const error = wordOf(answer["error"]) ?? "an error without a name";
  if (error === "ratelimited" || error === "rate_limited") return limited();
  return { kind: "error", error, needed: wordOf(answer["needed"]) };
}

/** Seconds; a wait of none would be no wait. */
function waitOf(header: string | undefined): number {
  const seconds = header === undefined || !/^\d{1,9}$/.test(header.trim()) ? 0 : Number(header);
  return seconds === 0 ? AFTER_MS : Math.min(seconds * SECOND, AFTER_MS_MAX);
}

/** JSON that is an object; `null` for everything else. */
export function fieldsOf(json: string): Fields | null {
  try {
    return asFields(JSON.parse(json));
  } catch {
    return null;
  }
}

export function asFields(value: unknown): Fields | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : null;
}

/** A word of Slack's own that may be shown. */
function wordOf(value: unknown): string | null {
  return typeof value === "string" && /^[\w.:,-]{1,100}$/.test(value) ? value : null;
}
