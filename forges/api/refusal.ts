/** What an answer means that is no success. */

import type { HttpResponse } from "../../system/http.ts";
import type { Answer, Refused } from "./answer.ts";
import { retryAfter } from "./budget.ts";
import type { Call } from "./call.ts";

/** Where nobody says how long to wait. */
export const PAUSE_MS = 15_000;

/** Of what a host says in a reason: these are stored and shown. */
const SENTENCE_CHARS_MAX = 200;
/** Beyond this an answer is no word about a fault. */
const FAULT_CHARS_MAX = 65_536;

const LIMIT_WORDS = /rate limit|RATE_LIMIT|abuse detection/i;

/** A 403 may be a limit in disguise: then a header says so, or the words (GitHub's primary and secondary limits). */
export function isLimit({ status, headers, body }: HttpResponse): boolean {
  if (status === 429) return true;
  if (status !== 403) return false;
  return (
    headers["retry-after"] !== undefined ||
    headers["x-ratelimit-remaining"] === "0" ||
    LIMIT_WORDS.test(messageIn(body))
  );
}

/** @param name of the host @param secrets that must not stand in the reason */
export function refusalOf(name: string, response: HttpResponse, secrets: readonly string[]): Refused {
  const said = sentence(messageIn(response.body), secrets);
  return {
    kind: "refused",
    because: becauseOf(response.status, said),
    reason: `${name} answered ${response.status}: ${said === "" ? "nothing more" : said}`,
  };
}

function becauseOf(status: number, said: string): Refused["because"] {
  if (status === 401 || (status === 403 && /token is not valid|bad credentials/i.test(said))) return "auth";
  if (status === 403) return "permission";
  if (status === 404) return "missing";
  // Something that has moved is read where it went; it is changed by its new name alone.
  if (status === 409 || (status >= 300 && status < 400)) return "conflict";
  if (status === 405 || status === 410 || status === 423) return "state";
  return "invalid";
}

/** What the host says of a fault, in whatever shape it says it; empty where it says nothing that is known. */
export function messageIn(body: string): string {
  if (body.length > FAULT_CHARS_MAX) return "";
  try {
    return wordsIn(JSON.parse(body));
  } catch (error) {
    if (error instanceof SyntaxError) return "";
    throw error;
  }
}

const KEYS = ["message", "error", "detail", "error_message", "errors", "code", "field"];

function wordsIn(value: unknown, depth = 0): string {
  if (typeof value === "string") return value;
  if (value === null || typeof value !== "object" || depth > 3) return "";
  if (Array.isArray(value)) return joined(value.slice(0, 3).map((part) => wordsIn(part, depth + 1)));
  const fields = new Map<string, unknown>(Object.entries(value));
  const known = KEYS.filter((key) => fields.has(key));
  // Django's own: each field with what is wrong with it.
  const keys = known.length === 0 ? [...fields.keys()].slice(0, 3) : known;
  return joined(
    keys.map((key) => (known.length === 0 ? `${key}: ` : "") + wordsIn(fields.get(key), depth + 1)),
  );
}

function joined(parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join("; ");
}

/** One line, without what is secret, cut. */
export function sentence(text: string, secrets: readonly string[] = []): string {
  const told = secrets
    .filter((secret) => secret.length > 3)
    .reduce((rest, secret) => rest.replaceAll(secret, "[secret]"), text);
  const line = told
    .toWellFormed()
    .replace(/[\p{C}\p{Z}]+/gu, " ")
    .trim();
  const cut = [...line.slice(0, 2 * SENTENCE_CHARS_MAX)];
  return cut.length <= SENTENCE_CHARS_MAX ? line : `${cut.slice(0, SENTENCE_CHARS_MAX - 1).join("")}…`;
}

/** A host's own trouble. What answered a write may have been something before it, so nobody knows what it did. */
export function troubleOf(
  name: string,
  { method }: Call,
  { status, headers }: HttpResponse,
  now: number,
): Answer<never> {
  const asked = retryAfter(headers, now);
  const reason = `${name} answered ${status}`;
  if (method !== "GET" && asked === null) return { kind: "unreachable", reason, neverSent: false };
  return { kind: "retry", reason, afterMs: asked ?? PAUSE_MS, fault: status === 500 ? "call" : "host" };
}

/** An answer that is none, and may be a better one the next time. */
export function strange(name: string, what: string): Answer<never> {
  return { kind: "retry", reason: `${name} answered ${what}`, afterMs: PAUSE_MS, fault: "call" };
}
