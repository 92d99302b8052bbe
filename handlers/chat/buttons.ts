/**
 * What a press on a button asks for: the same as a command, about the task of its message. Pure.
 *
 * B1. Which task it is about says the ledger, never the press.
 * B2. What needs words and has none is no refusal: the words are asked for, and come as an answer to that message. What
 *     such a message is for ({@link purpose}) is kept with it in the ledger.
 */

import { amountIn } from "./amount.ts";
import type { Wanted } from "./wanted.ts";

export type Meant =
  | { readonly kind: "wanted"; readonly wanted: Wanted }
  /** B2. */
  | { readonly kind: "ask"; readonly task: string; readonly what: string; readonly purpose: string }
  | { readonly kind: "wrong"; readonly reason: string };

const NUMBER = /^\d{1,15}$/;

/** @param task of the message; `null` where it is about none */
export function meantBy(action: string, text: string | null, task: string | null): Meant {
  if (action === "stopall") return want({ kind: "stopall", isSure: false });
  if (action === "stopall.yes") return want({ kind: "stopall", isSure: true });
  if (task === null) return { kind: "wrong", reason: "this message is about no task" };
  const [verb = "", first, second, ...more] = action.split(".");
  if (more.length > 0 || [first, second].some((part) => part !== undefined && !NUMBER.test(part)))
    return UNKNOWN;
  return about(verb, numberOf(first), numberOf(second), text?.trim() || null, task);
}

/**
 * What an answer to a message is, by what the message is for.
 *
 * @param purpose as the ledger has it: `reject.<approval>`, `answer.<question>` or `raise` ask for words; all else is
 *   a message of the task
 */
export function meantByReply(purpose: string, text: string, task: string): Meant {
  const [verb = "", first] = purpose.split(".");
  const isAsked = ["reject", "answer", "question", "raise"].includes(verb);
  const number = first !== undefined && NUMBER.test(first) ? Number(first) : null;
  if (!isAsked || text.trim() === "") return want({ kind: "say", key: task, text });
  if (verb === "question") return want({ kind: "answer", key: task, question: number, said: text.trim() });
  return about(verb, number, null, text.trim(), task);
}

/** A command in answer to a message is about what that asks, and not about what the task may ask by now. */
export function boundTo(
  { purpose, task }: { readonly purpose: string; readonly task: string | null },
  wanted: Wanted,
): Wanted {
  const [, of, id] = /^(approval|reject|question|answer)\.(\d{1,15})$/.exec(purpose) ?? [];
  if (of === undefined || !("key" in wanted) || wanted.key !== task) return wanted;
  const isApproval = of === "approval" || of === "reject";
  switch (wanted.kind) {
    case "approve":
    case "reject":
    case "abort":
      return isApproval ? { ...wanted, approval: Number(id) } : wanted;
    case "answer":
      return isApproval ? wanted : { ...wanted, question: Number(id) };
    default:
      return wanted;
  }
}

const UNKNOWN: Meant = { kind: "wrong", reason: "this button means nothing here any more" };

function about(
  verb: string,
  first: number | null,
  second: number | null,
  text: string | null,
  key: string,
): Meant {
  switch (verb) {
    case "approve":
    case "abort":
      return want({ kind: verb, key, approval: first, because: text });
    case "reject":
      return text === null
        ? ask(key, `what has to change in ${key}`, verb, first)
        : want({ kind: verb, key, approval: first, because: text });
    case "answer": {
      const said = second ?? text;
      return said === null
        ? ask(key, `your answer to ${key}`, verb, first)
        : want({ kind: verb, key, question: first, said });
    }
    case "raise": {
      if (text === null)
        return ask(key, `how much ${key} gets, such as $5, 200k tokens or 3 runs`, verb, null);
      const amount = amountIn(text);
      return amount === null
        ? { kind: "wrong", reason: "an amount is such as $5, 200k tokens or 3 runs" }
        : want({ kind: verb, what: key, amount });
    }
    case "retry":
    case "explain":
      return want({ kind: verb, key });
    case "tail":
      return want({ kind: "log", key });
    case "cancel":
      return want({ kind: verb, key, because: text });
    case "pause":
      return want({ kind: verb, what: key, forMs: null, because: text });
    case "resume":
      return want({ kind: verb, what: key });
    case "unfreeze":
      return want({ kind: verb, what: key, because: text });
    case "publish":
      return want({ kind: verb, key, which: first });
    default:
      return UNKNOWN;
  }
}

function want(wanted: Wanted): Meant {
  return { kind: "wanted", wanted };
}

/** B2. */
function ask(task: string, what: string, verb: string, about: number | null): Meant {
  return { kind: "ask", task, what, purpose: about === null ? verb : `${verb}.${about}` };
}

function numberOf(part: string | undefined): number | null {
  return part === undefined ? null : Number(part);
}
