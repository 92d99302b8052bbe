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

/** Callers that may wait to be accepted; the kernel has its own limit (`net.core.somaxconn`). */
const BACKLOG = 4_096;

/** @param given file descriptors of listening sockets; the address is for the case that there are none */
export async function listen(
  name: string,
  fetch: Fetch,
  address: Address,
  clock: Clock,
  given: readonly number[] = [],
): Promise<ListenResult> {
  const places = given.length === 0 ? [address] : given.map((fd) => ({ fd }));
  const open: Listener[] = [];
  for (const place of places) {
    const result = await listenAt(name, fetch, place, clock);
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

function listenAt(
  name: string,
  fetch: Fetch,
  place: Address | { readonly fd: number },
  clock: Clock,
): Promise<ListenResult> {
  const server = createAdaptorServer({ fetch }) as Server;
  const close = closing(server, clock);
  return new Promise((resolve) => {
    server.once("error", (error) => {
      const where =
        "fd" in place ? `the socket it was given (fd ${place.fd})` : `${place.host}:${place.port}`;
      resolve({ kind: "failed", reason: `the ${name} listener cannot use ${where}: ${error.message}` });
    });
    server.listen({ ...place, backlog: BACKLOG }, () => {
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
