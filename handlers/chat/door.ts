/**
 * Chats that are heard by requests: `POST /chat/<kind>/<name>` on the webhook listener. In the order of
 * `handlers/webhooks.ts`: known chat, size, proof over the raw bytes, storage, answer.
 */

import type { Readable } from "node:stream";
import type { Answer, Ear, Header } from "../../chats/chat.ts";
import type { Clock } from "../../system/clock.ts";
import type { Log } from "../../system/log.ts";
import type { BodyReader, ReadBody } from "../read-body.ts";
import type { Receiver } from "./receiver.ts";

export interface DoorPorts {
  /** By the path of each chat, such as `telegram/team`; chats of one account share an ear. */
  readonly ears: ReadonlyMap<string, Ear>;
  readonly receiver: Receiver;
  readonly bodies: BodyReader;
  /** Bytes. */
  readonly bodyLimit: number;
  readonly clock: Pick<Clock, "now">;
  readonly log: Log;
}

/** @param path below `/chat/` */
export type ChatDoor = (path: string, body: Readable, header: Header) => Promise<Response>;

/** How long chats that look at it are asked to wait, in seconds. */
const RETRY_S = 5;

export function createDoor(ports: DoorPorts): ChatDoor {
  const { ears, receiver, bodies, bodyLimit, clock, log } = ports;
  return async (path, incoming, header) => {
    const ear = ears.get(path);
    if (ear === undefined || ear.open === null) return refuse(log, null, 404, "unknown_chat");
    const body = await bodies.read(incoming, bodyLimit, header("content-length"));
    if (body.kind !== "body") return refuse(log, ear, UNREAD[body.kind], body.kind);
    const opened = ear.open(body.raw, header, clock.now());
    switch (opened.kind) {
      case "refused":
        return refuse(log, ear, opened.status, opened.reason);
      case "answer":
        return answerWith(opened.answer);
      case "update": {
        const taken = await receiver.take(ear, opened.update);
        if (taken.kind === "overloaded") return refuse(log, ear, 429, "overloaded");
        return taken.kind === "unavailable"
          ? refuse(log, ear, 503, "unavailable")
          : // What is too large will not be smaller another time.
            answerWith(opened.answer);
      }
      default:
        return opened satisfies never;
    }
  };
}

const UNREAD: Readonly<Record<Exclude<ReadBody["kind"], "body">, number>> = {
  too_large: 413,
  too_slow: 408,
  overloaded: 503,
  broken: 400,
};

function answerWith({ status, body }: Answer): Response {
  return body === ""
    ? new Response(null, { status })
    : new Response(body, { status, headers: { "content-type": "application/json" } });
}

/** Nothing of the body is told, to nobody. */
function refuse(log: Log, ear: Ear | null, code: number, reason: string): Response {
  log.warn({ event: "chat.refused", account: ear?.account ?? null, code, reason });
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (code === 429 || code === 503) headers["retry-after"] = String(RETRY_S);
  return new Response(JSON.stringify({ status: "refused", reason }), { status: code, headers });
}
