/** A listener: one Hono app on one address, closed without cutting off who is being served. */

import type { Server } from "node:http";
import { createAdaptorServer } from "@hono/node-server";
import type { Clock } from "../system/clock.ts";

export interface Listener {
  /** Such as `http://127.0.0.1:8787`. */
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

type Fetch = (request: Request) => Response | Promise<Response>;

export function listen(name: string, fetch: Fetch, address: Address, clock: Clock): Promise<ListenResult> {
  const server = createAdaptorServer({ fetch }) as Server;
  return new Promise((resolve) => {
    server.once("error", (error) => {
      const where = `${address.host}:${address.port}`;
      resolve({ kind: "failed", reason: `the ${name} listener cannot use ${where}: ${error.message}` });
    });
    server.listen(address.port, address.host, () => {
      const bound = server.address();
      const port = bound !== null && typeof bound === "object" ? bound.port : address.port;
      const host = address.host.includes(":") ? `[${address.host}]` : address.host;
      resolve({
        kind: "listening",
        listener: { url: `http://${host}:${port}`, close: (graceMs) => close(server, graceMs, clock) },
      });
    });
  });
}

async function close(server: Server, graceMs: number, clock: Clock): Promise<void> {
  const cut = new AbortController();
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  await Promise.race([closed, clock.sleep(graceMs, cut.signal)]);
  cut.abort();
  server.closeAllConnections();
}
