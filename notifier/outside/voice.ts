/**
 * A further account of a forge, by which agents speak there. Its trouble is its own: neither a limit nor a token of it
 * keeps the calls of others waiting.
 */

import type { Answer } from "../../forges/api/answer.ts";
import type { Voice } from "./ports.ts";

/** Somebody will put another token in the place of one that is wrong. */
const AUTH_MS = 10 * 60_000;

/** @param name where the configuration has it: `sources.github.accounts.reviewer` */
export function voiceOf(forge: Voice, name: string): Voice {
  return {
    review: async (...about) => ofAccount(await forge.review(...about), name),
    reply: async (...about) => ofAccount(await forge.reply(...about), name),
  };
}

function ofAccount<T>(answer: Answer<T>, name: string): Answer<T> {
  if (answer.kind === "retry") return { ...answer, fault: "call" };
  if (answer.kind !== "refused") return answer;
  const reason = `${answer.reason} (by ${name})`;
  if (answer.because !== "auth") return { ...answer, reason };
  const remedy = `put a token that is good into ${name}`;
  return { kind: "retry", reason: `${reason}; ${remedy}`, afterMs: AUTH_MS, fault: "call" };
}
