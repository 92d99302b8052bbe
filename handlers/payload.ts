/** Reads the used fields of a payload, and says where it is not what it should be: `at $.issue.labels[0].name`. */

import type { z } from "zod";
import type { Payload } from "./source.ts";

export type Read<T> =
  | { readonly kind: "ok"; readonly value: T }
  /** One sentence with the path; it repeats no value, because values are outside text. */
  | { readonly kind: "failed"; readonly reason: string };

/** Checks `payload` against a schema of the used fields only; what is not used may be anything. */
export function readPayload<T>(schema: z.ZodType<T>, payload: Payload): Read<T> {
  const parsed = schema.safeParse(payload);
  if (parsed.success) return { kind: "ok", value: parsed.data };
  const [issue] = parsed.error.issues;
  const where = (issue?.path ?? []).map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`));
  const what = issue?.message ?? "it does not fit";
  return { kind: "failed", reason: `the payload is not as documented: ${what} at $${where.join("")}` };
}
