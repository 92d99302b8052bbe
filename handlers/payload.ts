/** Reads the used fields of a payload, and says where it is not what it should be: `at $.issue.labels[0].name`. */

import { z } from "zod";
import type { Payload } from "./source.ts";

/** An id or a login: it goes into keys, so it is short and printable. */
export const ID: z.ZodType<string> = z.string().regex(/^[\x21-\x7e]{1,128}$/, "expected an id");
/** `owner/name`. */
export const REPOSITORY: z.ZodType<string> = z
  .string()
  .regex(/^[\w.-]{1,100}\/[\w.-]{1,100}$/, "expected owner/name");

export type Read<T> =
  | { readonly kind: "ok"; readonly value: T }
  /** One sentence with the path; it repeats no value, because values are outside text. */
  | { readonly kind: "failed"; readonly reason: string };

/** Checks `payload` against a schema of the used fields only; what is not used may be anything. */
export function readPayload<T>(schema: z.ZodType<T>, payload: Payload): Read<T> {
  const parsed = schema.safeParse(payload);
  if (parsed.success) return { kind: "ok", value: parsed.data };
  const [issue] = parsed.error.issues;
  const where = (issue?.path ?? []).map((step) =>
    typeof step === "number" ? `[${step}]` : `.${String(step)}`,
  );
  const what = issue?.message ?? "it does not fit";
  return { kind: "failed", reason: `the payload is not as documented: ${what} at $${where.join("")}` };
}

/** A time as payloads write it, in ms; `null` for what is none. */
export function timeOf(time: string | null | undefined): number | null {
  const ms = time === null || time === undefined ? Number.NaN : Date.parse(time.slice(0, 64));
  return Number.isNaN(ms) ? null : ms;
}
