/** A receiver of webhooks, as strict as Standard Webhooks have it: on a real port, and with each of its bad days. */

import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

export interface Received {
  readonly id: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** With what it was answered. */
  readonly status: number;
}

export interface Receiver {
  readonly url: string;
  readonly host: string;
  /** Requests with a valid signature, in order. */
  readonly received: readonly Received[];
  /** Requests that were turned away, and why. */
  readonly turnedAway: readonly string[];
  /** How it answers from now on what has a valid signature. */
  answer: (response: ServerResponse, message: Pick<Received, "id" | "type">) => void;
  close(): Promise<void>;
}

const TOLERANCE_S = 300;

/** @param secret `whsec_…` */
export async function startReceiver(secret: string): Promise<Receiver> {
  const received: Received[] = [];
  const turnedAway: string[] = [];
  const server = createServer((request, response) => {
    void handle(request, response).catch((error: unknown) => turnedAway.push(String(error)));
  });
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await textOf(request);
    const fault = faultOf(request, body, secret);
    if (fault !== null) {
      turnedAway.push(fault);
      response.writeHead(401).end(fault);
      return;
    }
    const { type, data } = JSON.parse(body);
    const id = String(request.headers["webhook-id"]);
    receiver.answer(response, { id, type });
    received.push({ id, type, data, status: response.statusCode });
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" ? (address?.port ?? 0) : 0;
  const receiver: Receiver = {
    url: `http://127.0.0.1:${port}/hooks/s3cr3tpath`,
    host: `127.0.0.1:${port}`,
    received,
    turnedAway,
    answer: (response) => void response.writeHead(204).end(),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return receiver;
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}

/** What is wrong with a request; `null` where nothing is. */
function faultOf({ method, headers }: IncomingMessage, body: string, secret: string): string | null {
  const of = (name: string): string => String(headers[name] ?? "");
  const [id, timestamp, signatures] = [of("webhook-id"), of("webhook-timestamp"), of("webhook-signature")];
  if (method !== "POST") return "not a POST";
  if (of("content-type") !== "application/json") return "no JSON";
  if (id === "" || id.includes(".")) return "no id";
  if (!/^\d+$/.test(timestamp)) return "no timestamp";
  if (Math.abs(Date.now() / 1_000 - Number(timestamp)) > TOLERANCE_S) return "too old, or too new";
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const wanted = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest();
  const isOurs = signatures.split(" ").some((signature) => {
    const given = Buffer.from(signature.replace(/^v1,/, ""), "base64");
    return signature.startsWith("v1,") && given.length === wanted.length && timingSafeEqual(given, wanted);
  });
  return isOurs ? null : "bad signature";
}
