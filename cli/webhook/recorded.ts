/**
 * A webhook request in a file: the payload alone, the payload with its headers (`{"headers": …, "body": …}`), or what
 * `chargehand deliveries show ID --json` prints.
 */

import { fit, object, orNull, recordOf, text } from "../decoder.ts";
import { parseJson } from "../find.ts";
import { type Answer, EXIT, fail } from "../outcome.ts";
import type { Ports } from "../ports.ts";

export interface RecordedRequest {
  /** By the file; `null` where it does not say. */
  readonly source: string | null;
  readonly event: string | null;
  readonly delivery: string | null;
  /** As it is signed. */
  readonly raw: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** As much as the daemon takes by its default. */
const FILE_BYTES_MAX = 26_214_400;

const storedShape = object({ source: text, event: text, header_id: orNull(text), body: text });
const withHeadersShape = object({ headers: recordOf(text) });

export async function readRecorded(file: string, { files }: Ports): Promise<Answer<RecordedRequest>> {
  let written: string | null;
  try {
    written = await files.read("webhook", file, FILE_BYTES_MAX);
  } catch (error) {
    return fail(
      EXIT.failed,
      `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  if (written === null) return fail(EXIT.notFound, `there is no file ${file}`);
  const found = recordedIn(written);
  return found === null
    ? fail(EXIT.usage, `${file} holds no JSON object, as a webhook's body is one`)
    : { kind: "ok", value: found };
}

/** `null` where it is no request. Pure. */
export function recordedIn(written: string): RecordedRequest | null {
  const value = parseJson(written);
  if (!isObject(value)) return null;
  const stored = fit(storedShape, value);
  if (stored.kind === "fits") {
    const { source, event, header_id: delivery, body } = stored.value;
    const payload = parseJson(body);
    return isObject(payload) ? { source, event, delivery, raw: body, payload } : null;
  }
  const headed = fit(withHeadersShape, value);
  const body = value["body"] ?? value["payload"];
  if (headed.kind === "fits" && isObject(body))
    return { ...headersSay(headed.value.headers), raw: JSON.stringify(body), payload: body };
  // Without the line feed that editors end a file with, and no sender sends.
  return { source: null, event: null, delivery: null, raw: written.trim(), payload: value };
}

/** `X-GitHub-Event` says what sent it, and so do the same headers of the others. */
function headersSay(
  headers: Readonly<Record<string, string>>,
): Pick<RecordedRequest, "source" | "event" | "delivery"> {
  const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  const [name = "", event = null] = lower.find(([one]) => /^x-[a-z]+-event$/.test(one)) ?? [];
  const source = /^x-([a-z]+)-event$/.exec(name)?.[1] ?? null;
  return { source, event, delivery: lower.find(([one]) => one === `x-${source}-delivery`)?.[1] ?? null };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
