/** The only door to the network, outgoing. Built on undici. */

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
    async request(_operation, { method, url, headers, body, timeoutMs }): Promise<HttpResult> {
      // Loaded at the first request: it costs 20 MB, and a daemon without tokens asks nobody.
      const { request } = await import("undici");
      try {
        const answer = await request(url, {
          method,
          headers: { "user-agent": "chargehand", ...headers },
          body: body ?? null,
          signal: AbortSignal.timeout(timeoutMs ?? TIMEOUT_MS),
        });
        const text = await readText(answer.body);
        return {
          kind: "response",
          response: { status: answer.statusCode, headers: flat(answer.headers), body: text },
        };
      } catch (error) {
        return { kind: "unreachable", reason: `${hostOf(url)} did not answer: ${describe(error)}` };
      }
    },
  };
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

/** Host and port only: a URL may carry credentials. */
function hostOf(url: string): string {
  return URL.parse(url)?.host ?? "the address";
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError" || error.name === "AbortError") return "it took too long";
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
}
