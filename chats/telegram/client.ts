/**
 * One call of Telegram's Bot API, made once, within a bounded time.
 *
 * The token is a part of the address: neither the address nor anything that holds it is ever told to anybody.
 */

import type { ApiMethods } from "@grammyjs/types";
import { z } from "zod";
import type { Http } from "../../system/http.ts";
import type { TelegramSettings } from "./settings.ts";

/** Of the whole exchange, where a method has no time of its own. */
const TIMEOUT_MS = 15_000;
/** Of what Telegram says of a failure. */
const SAID_MAX = 300;

type Methods = ApiMethods<never>;
export type MethodName = keyof Methods;
/** What a method is given, as the field's own types have it: a wrong name does not compile. */
export type Arguments<M extends MethodName> = Parameters<Methods[M]>[0] extends undefined
  ? Readonly<Record<string, never>>
  : NonNullable<Parameters<Methods[M]>[0]>;

export type Called =
  | { readonly kind: "ok"; readonly result: unknown }
  | Failed
  | { readonly kind: "unreachable"; readonly reason: string; readonly isNeverSent: boolean };

/** An answer that is none of success, whoever has given it. */
export interface Failed {
  readonly kind: "failed";
  readonly code: number;
  /** What was said, without the token; empty where it was no answer of Telegram's. */
  readonly description: string;
  readonly retryAfterMs: number | null;
  readonly migrateTo: string | null;
}

export interface CallOptions {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export type Call = <M extends MethodName>(
  method: M,
  args: Arguments<M>,
  options?: CallOptions,
) => Promise<Called>;

const ANSWER = z.union([
  z.object({ ok: z.literal(true), result: z.unknown() }),
  z.object({
    ok: z.literal(false),
    error_code: z.number().optional(),
    description: z.string().optional(),
    parameters: z
      .object({ retry_after: z.number().optional(), migrate_to_chat_id: z.number().optional() })
      .optional(),
  }),
]);

export function telegramCall({ token, api }: Pick<TelegramSettings, "token" | "api">, http: Http): Call {
  return async (method, args, { timeoutMs = TIMEOUT_MS, signal } = {}) => {
    const result = await http.request(`telegram.${method}`, {
      method: "POST",
      url: `${api}/bot${token}/${method}`,
      headers: { "content-type": "application/json" },
      body: JSON.stringify(args),
      timeoutMs,
      ...(signal !== undefined && { signal }),
    });
    if (result.kind === "unreachable")
      return { kind: "unreachable", reason: result.reason, isNeverSent: result.neverSent === true };
    const { status, headers, body } = result.response;
    const read = ANSWER.safeParse(parsed(body));
    if (read.success && read.data.ok && status < 300) return { kind: "ok", result: read.data.result };
    // Of an answer that says yes and cannot be read to its end, nobody knows what it was the answer to.
    if (status < 300 && !(read.success && !read.data.ok))
      return { kind: "unreachable", reason: "the answer broke off", isNeverSent: false };
    return failedOf(status, headers, read.success && !read.data.ok ? read.data : null, token);
  };
}

type Refusal = Exclude<z.output<typeof ANSWER>, { ok: true }>;

function failedOf(
  status: number,
  headers: Readonly<Record<string, string>>,
  refusal: Refusal | null,
  token: string,
): Failed {
  const { retry_after: inBody, migrate_to_chat_id: migrateTo } = refusal?.parameters ?? {};
  const seconds = inBody ?? Number(headers["retry-after"] || Number.NaN);
  return {
    kind: "failed",
    code: refusal?.error_code ?? status,
    description: (refusal?.description ?? "").replaceAll(token, "…").slice(0, SAID_MAX),
    retryAfterMs: Number.isFinite(seconds) && seconds >= 0 ? Math.ceil(seconds * 1_000) : null,
    migrateTo: migrateTo === undefined ? null : String(migrateTo),
  };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
