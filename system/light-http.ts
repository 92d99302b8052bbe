/**
 * The same door for a program that asks once and ends: Node's own client, which is there already. undici takes as long
 * to load as Node itself, and each command of the command line would pay for it. `import "node:http"` would load what
 * nobody here uses, too (its list of exports holds a WebSocket), so the module is taken as it is.
 */

import type { IncomingMessage } from "node:http";
import { endOf, type Http, type HttpRequest, responseOf, unreachable } from "./http.ts";

export function lightHttp(): Http {
  return {
    async request(_operation, { headOnly, ...request }) {
      const signal = endOf(request);
      try {
        const answer = await send(request, signal);
        return await responseOf(answer.statusCode ?? 0, answer.headers, answer, headOnly);
      } catch (error) {
        return unreachable(request.url, error, signal);
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
