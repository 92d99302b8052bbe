/** Reading what was answered: one thing, or a list to its end. */

import type { z } from "zod";
import type { Answer } from "./answer.ts";
import type { Call, Caller, Reply } from "./call.ts";
import { strange } from "./refusal.ts";

/** An answer in another shape than that is `retry`: it is asked again, and never counts as a yes. */
export function read<T>(name: string, { body }: Reply, schema: z.ZodType<T>): Answer<T> {
  try {
    const parsed = schema.safeParse(JSON.parse(body));
    if (parsed.success) return { kind: "ok", value: parsed.data };
    return strange(name, `in an unknown shape at $.${parsed.error.issues[0]?.path.join(".") ?? ""}`);
  } catch (error) {
    if (error instanceof SyntaxError) return strange(name, "with broken JSON");
    throw error;
  }
}

/** The call's answer as this. */
export async function ask<T>(caller: Caller, call: Call, schema: z.ZodType<T>): Promise<Answer<T>> {
  const answer = await caller.call(call);
  return answer.kind === "ok" ? read(caller.name, answer.value, schema) : answer;
}

/** The call's answer as this; `null` where the host says that there is no such thing. */
export async function askOrNull<T>(
  caller: Caller,
  call: Call,
  schema: z.ZodType<T>,
): Promise<Answer<T | null>> {
  const answer = await ask(caller, call, schema);
  return answer.kind === "refused" && answer.because === "missing" ? { kind: "ok", value: null } : answer;
}

/** A call whose answer says nothing more. */
export async function done(caller: Caller, call: Call): Promise<Answer<null>> {
  const answer = await caller.call(call);
  return answer.kind === "ok" ? DONE : answer;
}

export const DONE = { kind: "ok", value: null } as const;

/** What a good answer becomes; another stays what it is. */
export function map<T, U>(answer: Answer<T>, change: (value: T) => U): Answer<U> {
  return answer.kind === "ok" ? { kind: "ok", value: change(answer.value) } : answer;
}
