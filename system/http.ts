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
