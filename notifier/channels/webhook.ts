/**
 * The channel `webhook`: a signed POST of JSON to an address of the operator's.
 *
 * K1. The id is the message's, the same at each try: who receives it twice knows it again. So a try whose end nobody
 *     has seen is simply repeated.
 * K2. The head of the answer is all that counts, within 10 s. No redirect is followed: its place would get what is
 *     signed for another. 410 ends the message (its receiver wants none any more), everything else is tried again.
 * K3. Neither the address nor the secret stands in a reason; a host alone does.
 */

import type { Clock } from "../../system/clock.ts";
import type { Http, HttpResponse } from "../../system/http.ts";
import type { Sender, Sent } from "../ports.ts";
import { type Message, messageOf } from "./message.ts";
import { signatureHeaders } from "./signature.ts";

const SECOND = 1_000;
const TIMEOUT_MS = 10 * SECOND;
/** The longest wait that is believed of a receiver. */
const AFTER_MS_MAX = 3_600 * SECOND;
/** All its texts at their longest are far below; more would be a defect, and is not sent. */
const BODY_BYTES_MAX = 65_536;

export interface WebhookSettings {
  readonly url: string;
  readonly secrets: readonly string[];
}

export interface WebhookPorts {
  readonly http: Http;
  readonly clock: Pick<Clock, "now">;
  readonly redact: (text: string) => string;
}

export function webhookChannel({ url, secrets }: WebhookSettings, ports: WebhookPorts): Sender {
  const { http, clock, redact } = ports;
  const host = hostOf(url);
  return {
    host,
    async send(call): Promise<Sent> {
      const message = messageOf(call, redact);
      const body = JSON.stringify(bodyOf(message));
      if (Buffer.byteLength(body) > BODY_BYTES_MAX)
        return { kind: "refused", reason: `the message is larger than ${BODY_BYTES_MAX} bytes` };
      const result = await http.request("webhook", {
        method: "POST",
        url,
        headers: {
          "content-type": "application/json",
          ...signatureHeaders(secrets, `msg_${message.id}`, clock.now(), body),
        },
        body,
        timeoutMs: TIMEOUT_MS,
        headOnly: true,
      });
      if (result.kind === "response") return judgeAnswer(host, result.response, clock.now());
      const { reason, neverSent } = result;
      return { kind: "failed", fault: "host", reason, ...(neverSent !== undefined && { neverSent }) };
    },
  };
}

/** Whose trouble is the channel's trouble: the host and port of the address. */
function hostOf(url: string): string {
  return URL.parse(url)?.host ?? "the address";
}

/** As Standard Webhooks have it: what kind of event, when, and its data. */
function bodyOf({ kind, at, subject, project, message, title, reason, remedy }: Message): object {
  const data = { subject, project, message, title, reason, remedy };
  return { type: kind, timestamp: new Date(at).toISOString(), data };
}

/** K2. */
function judgeAnswer(host: string, { status, headers }: HttpResponse, now: number): Sent {
  if (status >= 200 && status < 300) return { kind: "sent" };
  const said = `${host} answered ${status}`;
  if (status === 410) return { kind: "refused", reason: `${said}: the receiver wants no more of these` };
  if (status >= 300 && status < 400) {
    const reason = `${said}: redirects are not followed; write the new address into the configuration`;
    return { kind: "failed", fault: "call", reason };
  }
  // Too busy, too early, or broken: nothing that another message would not meet as well.
  if (status === 429 || status >= 500 || status === 408 || status === 425) {
    const afterMs = waitOf(headers["retry-after"], now);
    return { kind: "failed", fault: "host", reason: said, ...(afterMs !== null && { afterMs }) };
  }
  return { kind: "failed", fault: "call", reason: said };
}

/** `Retry-After` in ms, as seconds or as a date; `null` where there is none that can be read. */
function waitOf(header: string | undefined, now: number): number | null {
  if (header === undefined || header.trim() === "") return null;
  const seconds = /^\d+$/.test(header.trim()) ? Number(header) : (Date.parse(header) - now) / SECOND;
  return Number.isFinite(seconds) ? Math.min(AFTER_MS_MAX, Math.max(SECOND, seconds * SECOND)) : null;
}
