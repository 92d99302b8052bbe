/** The only door to the network, outgoing: what is asked and answered, and the daemon's client, which is undici. */

import type { Readable } from "node:stream";
import type { Dispatcher } from "undici";

export interface HttpRequest {
  readonly method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Default 10 s for the whole exchange. */
  readonly timeoutMs?: number;
  /** The head of the answer is all that is wanted: nobody waits for its body. */
  readonly headOnly?: true;
  /** Ends the exchange before its time: whoever asked wants no answer any more. */
  readonly signal?: AbortSignal;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Cut at 10 MiB; empty where only the head was wanted. */
  readonly body: string;
}

export type HttpResult =
  | { readonly kind: "response"; readonly response: HttpResponse }
  /**
   * Nobody answered: refused, reset, timed out, TLS. The reason names no secret. `neverSent`: there was no connection,
   * so that nothing of the request can have arrived; else nobody knows.
   */
  | { readonly kind: "unreachable"; readonly reason: string; readonly neverSent?: true };

export interface Http {
  request(operation: string, request: HttpRequest): Promise<HttpResult>;
}

/** Of the whole exchange, where the request names no time of its own. */
export const HTTP_TIMEOUT_MS = 10_000;
const BODY_BYTES_MAX = 10 * 1_024 * 1_024;

/** @param env where the variables `https_proxy`, `http_proxy` and `no_proxy` may say by whom others are reached */
export function systemHttp(env: Readonly<Record<string, string | undefined>> = {}): Http {
  const named = (name: string): string => env[name] || env[name.toUpperCase()] || "";
  const proxies = {
    httpProxy: named("http_proxy"),
    httpsProxy: named("https_proxy"),
    noProxy: named("no_proxy"),
  };
  let dispatcher: Dispatcher | undefined;
  return {
    async request(_operation, request): Promise<HttpResult> {
      // Loaded at the first request: it costs 20 MB, and a daemon without tokens asks nobody.
      const { EnvHttpProxyAgent, request: send } = await import("undici");
      const { method, url, headers, body, headOnly } = request;
      const signal = endOf(request);
      try {
        if (proxies.httpProxy !== "" || proxies.httpsProxy !== "")
          dispatcher ??= new EnvHttpProxyAgent(proxies);
        const answer = await send(url, {
          method,
          headers: { "user-agent": "chargehand", ...headers },
          body: body ?? null,
          signal,
          ...(dispatcher !== undefined && { dispatcher }),
        });
        return await responseOf(answer.statusCode, answer.headers, answer.body, headOnly);
      } catch (error) {
        return unreachable(url, error, signal);
      }
    },
  };
}

/** When an exchange is over in any case. */
export function endOf({ timeoutMs, signal }: Pick<HttpRequest, "timeoutMs" | "signal">): AbortSignal {
  const timeout = AbortSignal.timeout(timeoutMs ?? HTTP_TIMEOUT_MS);
  return signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
}

/** An answer, read to its end or to the limit, or not at all. */
export async function responseOf(
  status: number,
  headers: Readonly<Record<string, string | string[] | undefined>>,
  body: Readable,
  headOnly?: true,
): Promise<HttpResult> {
  // What breaks off is heard by nobody, and an error that nobody hears would end the process.
  if (headOnly === true) body.on("error", () => undefined).destroy();
  const text = headOnly === true ? "" : await readText(body);
  return { kind: "response", response: { status, headers: flat(headers), body: text } };
}

/** Codes of errors that come before there is a connection over which anything could be sent. */
const BEFORE_SENDING = new Set([
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** What is told of a request that nobody has answered. */
export function unreachable(url: string, error: unknown, signal: AbortSignal): HttpResult {
  const reason = whyUnreachable(url, error, signal);
  const neverSent = !signal.aborted && error instanceof Error && BEFORE_SENDING.has(describe(error));
  return { kind: "unreachable", reason, ...(neverSent && { neverSent }) };
}

async function readText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= BODY_BYTES_MAX) break;
  }
  return Buffer.concat(chunks).subarray(0, BODY_BYTES_MAX).toString("utf8");
}

/** One text for each name, which is in lower case. */
export function flat(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(", ") : (value ?? ""),
  ]);
  return Object.fromEntries(entries);
}

/** Host and port only: a URL may carry credentials. An answer that was cut off by the clock ends with other errors. */
export function whyUnreachable(url: string, error: unknown, signal: AbortSignal): string {
  const host = URL.parse(url)?.host ?? "the address";
  return `${host} did not answer: ${signal.aborted ? "it took too long" : describe(error)}`;
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
}
