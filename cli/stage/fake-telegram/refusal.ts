/** What the proof server says no with: thrown by whatever finds it, and answered in one place. */

export interface Refusal {
  readonly code: number;
  /** Without its prefix, such as `Bad Request: `. */
  readonly description: string;
  readonly parameters?: { readonly retry_after?: number; readonly migrate_to_chat_id?: number };
}

/** By the error that carries it. */
const refusals = new WeakMap<Error, Refusal>();

const PREFIXES: Readonly<Record<number, string>> = {
  400: "Bad Request: ",
  403: "Forbidden: ",
  409: "Conflict: ",
};

/** @throws always */
export function refuse(code: number, text: string, parameters?: Refusal["parameters"]): never {
  const description = `${PREFIXES[code] ?? ""}${text}`;
  const refusal: Refusal = { code, description, ...(parameters !== undefined && { parameters }) };
  const error = new Error(description);
  refusals.set(error, refusal);
  throw error;
}

/** What `error` refuses; `null` where it is a defect. */
export function refusalIn(error: unknown): Refusal | null {
  if (!(error instanceof Error)) return null;
  return refusals.get(error) ?? null;
}
