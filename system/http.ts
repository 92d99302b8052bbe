/**
 * The only door to the network, outgoing. Built on Node's own client: a command line that asks once pays for what it
 * loads, and `import "node:http"` would load what nobody here uses (its list of exports holds a WebSocket).
 */

import type { IncomingMessage } from "node:http";

export interface HttpRequest {
  readonly method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Default 10 s for the whole exchange. */
  readonly timeoutMs?: number;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Cut at 10 MiB. */
  readonly body: string;
}

export type HttpResult =
  | { readonly kind: "response"; readonly response: HttpResponse }
  /** Nobody answered: refused, reset, timed out, TLS. The reason names no secret. */
  | { readonly kind: "unreachable"; readonly reason: string };

export interface Http {
  request(operation: string, request: HttpRequest): Promise<HttpResult>;
}

const TIMEOUT_MS = 10_000;
const BODY_BYTES_MAX = 10 * 1_024 * 1_024;

export function systemHttp(): Http {
  return {
    async request(_operation, { timeoutMs, ...request }): Promise<HttpResult> {
      const signal = AbortSignal.timeout(timeoutMs ?? TIMEOUT_MS);
      try {
        const answer = await send(request, signal);
        const body = await readText(answer);
        return {
          kind: "response",
          response: { status: answer.statusCode ?? 0, headers: flat(answer.headers), body },
        };
      } catch (error) {
        return { kind: "unreachable", reason: whyUnreachable(request.url, error, signal) };
      }
    },
  };
}

/** Resolves with the head of the answer. Nobody is followed: a redirect is an answer like any other. */
export function send(
  { method, url, headers, body }: Omit<HttpRequest, "timeoutMs">,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const address = new URL(url);
    const { request } = process.getBuiltinModule(address.protocol === "https:" ? "node:https" : "node:http");
    const options = { method, headers: { "user-agent": "chargehand", ...headers }, signal };
    request(address, options, resolve).on("error", reject).end(body);
  });
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

function flat(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
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
