/** The door to what comes over a connection that stays: WebSockets, outgoing only. */

import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { WebSocket as Connection, EnvHttpProxyAgent } from "undici";
import { whyUnreachable } from "../http.ts";

export interface SocketRequest {
  /** `wss:`, or `ws:`. It may hold a ticket; no reason repeats more than its host. */
  readonly url: string;
  /** How long (ms) it may take to be there. */
  readonly timeoutMs: number;
  /** A connection on which nothing is heard for so long (ms), not even an answer to a ping, is over. */
  readonly silentMs: number;
  readonly signal: AbortSignal;
}

export interface Socket {
  /** The next text, in order; `null` once it is over, whoever has ended it. One asks at a time. */
  next(): Promise<string | null>;
  /** What is sent after the end is lost. */
  send(text: string): void;
  close(): void;
}

export type SocketResult =
  | { readonly kind: "open"; readonly socket: Socket }
  /** Nobody answered, or not so. The reason names no secret. */
  | { readonly kind: "unreachable"; readonly reason: string };

export interface Sockets {
  open(operation: string, request: SocketRequest): Promise<SocketResult>;
}

/** Texts that may wait for whoever asks. One more ends the connection: its sender repeats what was not confirmed. */
const WAITING_MAX = 1_000;
/** In the time of silence that is allowed there is room for some pings that get lost. */
const PINGS = 3;
const HEARD_CHANNELS = ["undici:websocket:ping", "undici:websocket:pong"] as const;

/** @param env where the variables `https_proxy` and the like may say by whom others are reached */
export function systemSockets(env: Readonly<Record<string, string | undefined>> = {}): Sockets {
  return {
    async open(_operation, { url, timeoutMs, silentMs, signal }): Promise<SocketResult> {
      // Loaded at the first connection, as for requests.
      const { EnvHttpProxyAgent, ping, WebSocket } = await import("undici");
      const tooLate = AbortSignal.any([AbortSignal.timeout(timeoutMs), signal]);
      const proxies = proxiesOf(env);
      try {
        const connection = new WebSocket(
          url,
          proxies === null ? {} : { dispatcher: new EnvHttpProxyAgent(proxies) },
        );
        if (await isOpen(connection, tooLate))
          return { kind: "open", socket: socketOf(connection, () => ping(connection), silentMs, signal) };
        connection.close();
        return { kind: "unreachable", reason: whyUnreachable(url, "it took no connection", tooLate) };
      } catch (error) {
        return { kind: "unreachable", reason: whyUnreachable(url, error, tooLate) };
      }
    },
  };
}

/** By whom others are reached, as requests have it; `null` for by nobody. */
function proxiesOf(env: Readonly<Record<string, string | undefined>>): EnvHttpProxyAgent.Options | null {
  const named = (name: string): string => env[name] || env[name.toUpperCase()] || "";
  const [httpProxy, httpsProxy, noProxy] = [named("http_proxy"), named("https_proxy"), named("no_proxy")];
  return httpProxy === "" && httpsProxy === "" ? null : { httpProxy, httpsProxy, noProxy };
}

/** Whether it comes to be. Why not, the library does not tell. */
function isOpen(connection: Connection, tooLate: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (isThere: boolean): void => {
      tooLate.removeEventListener("abort", late);
      resolve(isThere);
    };
    const late = (): void => end(false);
    if (tooLate.aborted) late();
    tooLate.addEventListener("abort", late, { once: true });
    connection.addEventListener("open", () => end(true), { once: true });
    connection.addEventListener("error", late, { once: true });
    connection.addEventListener("close", late, { once: true });
  });
}

function socketOf(connection: Connection, ping: () => void, silentMs: number, signal: AbortSignal): Socket {
  const waiting: string[] = [];
  let isOver = false;
  let asked: ((text: string | null) => void) | null = null;
  let heardAt = performance.now();
  const heard = (message?: unknown): void => {
    const isOurs =
      typeof message !== "object" ||
      message === null ||
      !("websocket" in message) ||
      message.websocket === connection;
    if (isOurs) heardAt = performance.now();
  };
  const over = (): void => {
    if (isOver) return;
    isOver = true;
    clearInterval(timer);
    signal.removeEventListener("abort", over);
    for (const channel of HEARD_CHANNELS) unsubscribe(channel, heard);
    connection.close();
    asked?.(null);
    asked = null;
  };
  const timer = setInterval(() => {
    if (performance.now() - heardAt >= silentMs) over();
    else ping();
  }, silentMs / PINGS);
  const take = ({ data }: { readonly data?: unknown }): void => {
    heard();
    // What is no text is not for anybody here.
    if (isOver || typeof data !== "string") return;
    if (asked !== null) {
      asked(data);
      asked = null;
    } else if (waiting.push(data) > WAITING_MAX) {
      over();
    }
  };
  for (const channel of HEARD_CHANNELS) subscribe(channel, heard);
  connection.addEventListener("message", take);
  connection.addEventListener("close", over);
  connection.addEventListener("error", over);
  signal.addEventListener("abort", over, { once: true });
  if (signal.aborted) over();
  return {
    next: async () => {
      const text = waiting.shift();
      if (text !== undefined) return text;
      return isOver ? null : await new Promise((resolve) => (asked = resolve));
    },
    send: (text) => {
      if (!isOver) connection.send(text);
    },
    close: over,
  };
}
