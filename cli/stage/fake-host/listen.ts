/** A scripted host on a port of this machine, and how it breaks an answer. */

import { createAdaptorServer, type HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { Context, Hono } from "hono";
import type { FaultKind } from "./faults.ts";

export type HostEnv = { Bindings: HttpBindings };
export type HostContext = Context<HostEnv>;

export interface Listening {
  /** Such as `http://127.0.0.1:4711`. */
  readonly url: string;
  /** Nobody is listened to any more, and no connection stays. */
  close(): Promise<void>;
}

/**
 * @param port 0 picks a free one
 * @throws Error when the port is taken
 */
export async function listen(app: Hono<HostEnv>, port: number): Promise<Listening> {
  const server = createAdaptorServer({ fetch: app.fetch });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port, host: "127.0.0.1" }, resolve);
  });
  const address = server.address();
  const bound = typeof address === "object" && address !== null ? address.port : port;
  return {
    url: `http://127.0.0.1:${bound}`,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      if ("closeAllConnections" in server) server.closeAllConnections();
      await closed;
    },
  };
}

/** Aborts when the caller has gone, or the host closes. */
export function goneSignal(c: HostContext, closing: AbortSignal): AbortSignal {
  const gone = new AbortController();
  c.env.outgoing.once("close", () => gone.abort());
  return AbortSignal.any([gone.signal, closing]);
}

/**
 * The answer of a bad day: an error in place of it, half of it, or none.
 *
 * @param body of the answer that is lost; empty where nothing was done
 */
export async function breakAnswer(
  c: HostContext,
  kind: FaultKind,
  body: string,
  signal: AbortSignal,
): Promise<Response> {
  const status = /^5\d\d/.exec(kind)?.[0];
  if (status !== undefined) {
    const page = `<html><head><title>${status}</title></head><body>Unicorn! ${status}</body></html>`;
    return new Response(page, { status: Number(status), headers: { "content-type": "text/html" } });
  }
  if (kind === "cut_after") {
    c.env.outgoing.writeHead(200, { "content-type": "application/json", "content-length": body.length + 64 });
    c.env.outgoing.write(body.slice(0, Math.floor(body.length / 2)));
  }
  if (kind.startsWith("hang") && !signal.aborted)
    await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
  c.env.incoming.socket.destroy();
  return RESPONSE_ALREADY_SENT;
}
