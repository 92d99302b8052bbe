/**
 * How many connections a listener holds, and which one goes when there would be more.
 *
 * N1. Whoever comes last gets in: a caller that sends what it has to say is not kept out by thousands that say nothing.
 * N2. The one that goes has been silent for longest. Connections stand in a line as they came; who has sent something
 *     since it was last looked at goes to the end of it once more, and of the others the first goes.
 * N3. A connection whose request is whole and waits for its answer stays. Where all are such, the newcomer goes.
 *
 * There is no limit per address: behind a proxy all callers have one, and a forge's busy hour would look like a flood.
 */

import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Clock } from "../../system/clock.ts";
import type { Log } from "../../system/log.ts";
import { CROWD_TOLD_MS } from "../../workflow/limits.ts";

export interface ConnectionLimit {
  /** Of the listener, for the log. */
  readonly name: string;
  readonly max: number;
  readonly clock: Pick<Clock, "monotonic">;
  readonly log: Log;
}

interface Connection {
  /** Bytes that it had sent when it was last looked at. */
  seen: number;
  /** Its last request, and the answer to it. */
  exchange: { readonly request: IncomingMessage; readonly answer: ServerResponse } | null;
}

/** Holds `server` to the limit from now on. */
export function limitConnections(server: Server, { name, max, clock, log }: ConnectionLimit): void {
  const line = new Map<Socket, Connection>();
  const told = { at: Number.NEGATIVE_INFINITY, dropped: 0 };
  const drop = (socket: Socket): void => {
    line.delete(socket);
    socket.destroy();
    told.dropped += 1;
    const now = clock.monotonic();
    if (now - told.at < CROWD_TOLD_MS) return;
    log.warn({ event: "listener.crowded", listener: name, connections_max: max, dropped: told.dropped });
    Object.assign(told, { at: now, dropped: 0 });
  };
  server.on("connection", (socket) => {
    while (line.size >= max) {
      const silent = longestSilent(line);
      if (silent === null) return drop(socket);
      drop(silent);
    }
    line.set(socket, { seen: 0, exchange: null });
    socket.once("close", () => line.delete(socket));
  });
  server.on("request", (request, answer) => {
    const connection = line.get(request.socket);
    if (connection !== undefined) connection.exchange = { request, answer };
  });
}

/** The one that goes by N2; `null` where all stay by N3. Changes the order of the line. */
function longestSilent(line: Map<Socket, Connection>): Socket | null {
  let next: Socket | null = null;
  let unseen = line.size;
  for (const [socket, connection] of line) {
    // Behind the last one stand those who were put there just now.
    if (unseen-- === 0) break;
    if (isServed(connection)) continue;
    if (socket.bytesRead === connection.seen) return socket;
    connection.seen = socket.bytesRead;
    line.delete(socket);
    line.set(socket, connection);
    next ??= socket;
  }
  // All have sent something since: then it is the first of them.
  return next;
}

/** What it sends back afterwards is not waited for: who does not read it would stay for ever. */
function isServed({ exchange }: Connection): boolean {
  return exchange?.request.complete === true && !exchange.answer.writableEnded;
}
