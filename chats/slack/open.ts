/**
 * Proves a request of Slack's, and takes it apart. Pure.
 *
 * The signature covers the time and the raw bytes; it is checked in constant time before anything is parsed. A request
 * that is older or newer than five minutes is refused however well it is signed.
 */

import { createHmac, timingSafeEqual } from "node:crypto";
import type { Answer, Header, Opened } from "../chat.ts";
import { asFields, type Fields, fieldsOf } from "./api.ts";
import { updateOf, type Way } from "./update.ts";

const TOLERANCE_S = 300;
/** Slack asks for an empty body: anything else would be shown to people. */
const HEARD: Answer = { status: 200, body: "" };

/** @param secrets signing secrets, one for each app that may call */
export function open(secrets: readonly string[], raw: Buffer, header: Header, now: number): Opened {
  const fault = faultOf(secrets, raw, header, now);
  if (fault !== null) return { kind: "refused", status: 401, reason: fault };
  const type = (header("content-type") ?? "").split(";")[0]?.trim().toLowerCase();
  if (type === "application/json") return ofJson(fieldsOf(raw.toString("utf8")));
  if (type === "application/x-www-form-urlencoded") return ofForm(new URLSearchParams(raw.toString("utf8")));
  return refused("it is neither JSON nor a form");
}

function faultOf(secrets: readonly string[], raw: Buffer, header: Header, now: number): string | null {
  const timestamp = header("x-slack-request-timestamp") ?? "";
  if (!/^\d{1,12}$/.test(timestamp)) return "it has no timestamp";
  const [, hex] = /^v0=([0-9a-f]{64})$/.exec(header("x-slack-signature") ?? "") ?? [];
  if (hex === undefined) return "it has no signature";
  const given = Buffer.from(hex, "hex");
  let isGenuine = false;
  for (const secret of secrets) {
    const signed = createHmac("sha256", secret).update(`v0:${timestamp}:`).update(raw).digest();
    // No early end: the time taken must not tell which secret matched.
    isGenuine = timingSafeEqual(signed, given) || isGenuine;
  }
  if (!isGenuine) return "its signature does not match the signing secret";
  const isTimely = Math.abs(now / 1_000 - Number(timestamp)) <= TOLERANCE_S;
  return isTimely ? null : "it was signed more than five minutes from now: look at the machine's clock";
}

function ofJson(payload: Fields | null): Opened {
  if (payload === null) return refused("its body is no JSON object");
  if (payload["type"] === "event_callback") return heard("events_api", payload);
  if (payload["type"] !== "url_verification") return { kind: "answer", answer: HEARD };
  const { challenge } = payload;
  if (typeof challenge !== "string") return refused("it verifies nothing");
  return { kind: "answer", answer: { status: 200, body: JSON.stringify({ challenge }) } };
}

function ofForm(form: URLSearchParams): Opened {
  const json = form.get("payload");
  if (json !== null) {
    const payload = fieldsOf(json);
    return payload === null ? refused("its payload is no JSON object") : heard("interactive", payload);
  }
  if (form.has("command")) return heard("slash_commands", asFields(Object.fromEntries(form)) ?? {});
  return form.has("ssl_check")
    ? { kind: "answer", answer: HEARD }
    : refused("it is nothing that Slack sends");
}

function heard(way: Way, payload: Fields): Opened {
  return { kind: "update", update: updateOf(way, payload), answer: HEARD };
}

function refused(reason: string): Opened {
  return { kind: "refused", status: 400, reason };
}
