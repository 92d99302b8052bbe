/** Socket Mode: connections of the app, and the envelopes that wait to be acknowledged on them. */

import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Json } from "./json.ts";
import { parsed } from "./json.ts";
import { accept, type Peer } from "./websocket.ts";
import type { World } from "./world.ts";

/** Slack waits so long for an acknowledgement. */
const ACKNOWLEDGED_WITHIN_MS = 3_000;

export class Links {
  readonly #world: World;
  readonly #peers: Peer[] = [];
  readonly #waiting = new Map<string, () => void>();
  /** Texts that came, and were no acknowledgement of anything. */
  readonly strange: string[] = [];
  /** How many connections there have been. */
  opened = 0;
  /** What a new connection is greeted with; a test may keep silent. */
  greets = true;

  constructor(world: World) {
    this.#world = world;
  }

  get count(): number {
    return this.#peers.length;
  }

  /** Takes a connection whose ticket was never used, and no other. */
  upgrade(request: IncomingMessage, socket: Duplex): void {
    const ticket = new URL(request.url ?? "/", "http://proof").searchParams.get("ticket") ?? "";
    if (!this.#world.tickets.delete(ticket)) {
      socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n");
      return;
    }
    const peer = accept(request, socket, (text) => {
      if (text === null) this.#leave(peer);
      else this.#heard(text);
    });
    this.#peers.push(peer);
    this.opened += 1;
    if (this.greets)
      peer.send(JSON.stringify({ type: "hello", num_connections: this.count, connection_info: {} }));
  }

  #leave(peer: Peer): void {
    const at = this.#peers.indexOf(peer);
    if (at >= 0) this.#peers.splice(at, 1);
  }

  #heard(text: string): void {
    const id = parsed(text)?.["envelope_id"];
    const done = typeof id === "string" ? this.#waiting.get(id) : undefined;
    if (done === undefined) this.strange.push(text);
    done?.();
  }

  /** Sends an envelope over the newest connection. @returns whether it was acknowledged in time */
  async send(type: string, payload: Json, attempt: number): Promise<boolean> {
    const id = this.#world.draw("envelope");
    const peer = this.#peers.at(-1);
    if (peer === undefined) return false;
    const more =
      type === "events_api" ? { retry_attempt: attempt, retry_reason: attempt > 0 ? "timeout" : "" } : {};
    const isAcknowledged = new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), ACKNOWLEDGED_WITHIN_MS);
      this.#waiting.set(id, () => {
        clearTimeout(timer);
        resolve(true);
      });
    });
    peer.send(JSON.stringify({ type, envelope_id: id, payload, accepts_response_payload: false, ...more }));
    const result = await isAcknowledged;
    this.#waiting.delete(id);
    return result;
  }

  /** Says that every connection will be closed soon, and leaves that to the app. */
  turn(reason: "warning" | "refresh_requested" | "link_disabled"): void {
    for (const peer of this.#peers) peer.send(JSON.stringify({ type: "disconnect", reason, debug_info: {} }));
  }

  /** Anything, as it is. */
  say(text: string): void {
    this.#peers.at(-1)?.send(text);
  }

  cut(): void {
    for (const peer of [...this.#peers]) peer.cut();
  }
}
