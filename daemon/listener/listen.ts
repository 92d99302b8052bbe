/**
 * A listener: one Hono app on one address, or on sockets that were given; closed without cutting off who is being
 * served.
 *
 * A socket that was given belongs to whoever gave it: it is closed here and goes on there. Callers who come meanwhile
 * wait in its queue for the next daemon.
 */

import type { Server, ServerResponse } from "node:http";
import { createAdaptorServer } from "@hono/node-server";
import type { Clock } from "../../system/clock.ts";
import type { Log } from "../../system/log.ts";
import { HEAD_MS, REQUEST_LOOK_MS, REQUEST_MS } from "../../workflow/limits.ts";
import { limitConnections } from "./connections.ts";

export interface Listener {
  /** Such as `http://127.0.0.1:8787`, or `unix:/run/chargehand.sock` for a given socket of that kind. */
  readonly url: string;
  /** Stops accepting, lets requests in flight finish, and cuts what is left after `graceMs`. */
  close(graceMs: number): Promise<void>;
}

export type ListenResult =
  | { readonly kind: "listening"; readonly listener: Listener }
  /** One sentence for the operator. */
  | { readonly kind: "failed"; readonly reason: string };

export interface Address {
  readonly host: string;
  /** 0 picks a free port. */
  readonly port: number;
}

/** `bindings` are what the adaptor knows of the connection. */
export type Fetch = (request: Request, bindings?: object) => Response | Promise<Response>;

export interface ListenOptions {
  /** For the operator: which listener it is. */
  readonly name: string;
  readonly fetch: Fetch;
  readonly address: Address;
  /** File descriptors of listening sockets; the address is for the case that there are none. */
  readonly given?: readonly number[];
  /** Connections that it holds at once, over all its sockets. */
  readonly connectionsMax: number;
  readonly patience?: Patience;
  readonly clock: Clock;
  readonly log: Log;
}

/** How long callers may take, in milliseconds. Who takes longer is answered 408 and has its connection closed. */
export interface Patience {
  /** For the head of a request, from the connection or from its first byte on. */
  readonly headMs: number;
  /** For a whole request. */
  readonly requestMs: number;
  /** Between two looks. */
  readonly lookMs: number;
}

const PATIENCE: Patience = { headMs: HEAD_MS, requestMs: REQUEST_MS, lookMs: REQUEST_LOOK_MS };

/** Callers that may wait to be accepted, at most; the kernel has its own limit (`net.core.somaxconn`). */
const BACKLOG_MAX = 4_096;

export async function listen(options: ListenOptions): Promise<ListenResult> {
  const { address, given = [] } = options;
  const places = given.length === 0 ? [address] : given.map((fd) => ({ fd }));
  const connectionsMax = Math.max(1, Math.floor(options.connectionsMax / places.length));
  const open: Listener[] = [];
  for (const place of places) {
    const result = await listenAt(place, { ...options, connectionsMax });
    if (result.kind === "failed") {
      await Promise.all(open.map((listener) => listener.close(0)));
      return result;
    }
    open.push(result.listener);
  }
  const url = open[0]?.url ?? "";
  const close = async (graceMs: number): Promise<void> =>
    void (await Promise.all(open.map((listener) => listener.close(graceMs))));
  return { kind: "listening", listener: { url, close } };
}

function listenAt(place: Address | { readonly fd: number }, options: ListenOptions): Promise<ListenResult> {
  const { name, fetch, connectionsMax, patience = PATIENCE, clock, log } = options;
  const serverOptions = {
    headersTimeout: patience.headMs,
    requestTimeout: patience.requestMs,
    connectionsCheckingInterval: patience.lookMs,
  };
  const server = createAdaptorServer({ fetch, serverOptions }) as Server;
  limitConnections(server, { name, max: connectionsMax, clock, log });
  const close = closing(server, clock);
  return new Promise((resolve) => {
    server.once("error", (error) => {
      const where =
        "fd" in place ? `the socket it was given (fd ${place.fd})` : `${place.host}:${place.port}`;
      resolve({ kind: "failed", reason: `the ${name} listener cannot use ${where}: ${error.message}` });
    });
    // All that wait have room when they are let in at once.
    server.listen({ ...place, backlog: Math.min(BACKLOG_MAX, connectionsMax) }, () => {
      resolve({ kind: "listening", listener: { url: urlOf(server), close } });
    });
  });
}

function urlOf(server: Server): string {
  const bound = server.address();
  if (bound === null || typeof bound === "string") return `unix:${bound ?? ""}`;
  const host = bound.family === "IPv6" ? `[${bound.address}]` : bound.address;
  return `http://${host}:${bound.port}`;
}

/** Callers who keep their connections are told in the answers they still get that these are the last ones. */
function closing(server: Server, clock: Clock): Listener["close"] {
  const answers = new Set<ServerResponse>();
  let isClosing = false;
  server.prependListener("request", (_request, answer: ServerResponse) => {
    answer.shouldKeepAlive &&= !isClosing;
    answers.add(answer);
    answer.once("close", () => answers.delete(answer));
  });
  return async (graceMs) => {
    isClosing = true;
    for (const answer of answers) answer.shouldKeepAlive = false;
    const cut = new AbortController();
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeIdleConnections();
    await Promise.race([closed, clock.sleep(graceMs, cut.signal)]);
    cut.abort();
    server.closeAllConnections();
  };
}
