/** The verbs of commands in comments: what each takes, what it does, and how it is read. Pure. */

import { type Amount, amountIn } from "../chat/amount.ts";
import { pauseTerms } from "../chat/words.ts";

/** What a command asks for. `text` and `because` are as people wrote them; `null` where they wrote nothing. */
export type Asking =
  | { readonly kind: "start"; readonly text: string | null }
  | { readonly kind: "retry"; readonly text: string | null }
  | { readonly kind: "cancel" | "approve" | "abort" | "freeze" | "unfreeze"; readonly because: string | null }
  | { readonly kind: "reject"; readonly because: string }
  | { readonly kind: "answer" | "say"; readonly text: string }
  | { readonly kind: "pause"; readonly forMs: number | null; readonly because: string | null }
  | { readonly kind: "raise"; readonly amount: Amount }
  | { readonly kind: "resume" }
  /** Only something to be read. */
  | { readonly kind: "show"; readonly what: Shown };

export type Shown = "status" | "explain" | "budget" | "help";

export interface Verb {
  /** What stands behind its name. */
  readonly takes: string;
  readonly does: string;
  /** Another name of the one before it. */
  readonly isAlias?: true;
  /** `null` where it has not what it takes. @param text what stands after and below it */
  read(text: string | null): Asking | null;
}

const CANCEL: Verb = {
  takes: "[reason]",
  does: "stop the agent and cancel the task",
  read: (because) => ({ kind: "cancel", because }),
};

/** By name, in the order of the help. */
export const VERBS: Readonly<Record<string, Verb>> = {
  start: {
    takes: "[text]",
    does: "start a task, or go on with a finished one; the text is said to it",
    read: (text) => ({ kind: "start", text }),
  },
  stop: CANCEL,
  cancel: { ...CANCEL, isAlias: true },
  retry: {
    takes: "[text]",
    does: "start a failed or cancelled task again",
    read: (text) => ({ kind: "retry", text }),
  },
  approve: {
    takes: "[remark]",
    does: "say that the phase in which the task waits is good",
    read: (because) => ({ kind: "approve", because }),
  },
  reject: {
    takes: "reason",
    does: "say what has to change",
    read: (because) => (because === null ? null : { kind: "reject", because }),
  },
  abort: {
    takes: "[reason]",
    does: "give up a task that waits for an approval",
    read: (because) => ({ kind: "abort", because }),
  },
  answer: {
    takes: "text",
    does: "answer what the agent has asked; of several fields, a line `name: value` each",
    read: (text) => (text === null ? null : { kind: "answer", text }),
  },
  say: {
    takes: "text",
    does: "tell the task something; its next run is told",
    read: (text) => (text === null ? null : { kind: "say", text }),
  },
  pause: {
    takes: "[for 2h] [because …]",
    does: "stop the agent, and let nothing of the task begin",
    read: (text) => {
      const terms = pauseTerms(text ?? "");
      return terms && { kind: "pause", ...terms };
    },
  },
  resume: { takes: "", does: "let it go on", read: (text) => (text === null ? { kind: "resume" } : null) },
  status: shows("status", "tell how the task stands"),
  explain: shows("explain", "tell why it is not running"),
  budget: {
    takes: "[$5, 200k tokens or 3 runs]",
    does: "tell how its budgets stand, or add to them",
    read: (text) => {
      if (text === null) return { kind: "show", what: "budget" };
      const amount = amountIn(text.replace(/^\+\s*/, ""));
      return amount === null || amount.isOfDay ? null : { kind: "raise", amount };
    },
  },
  freeze: {
    takes: "[reason]",
    does: "let no new task begin on this repository",
    read: (because) => ({ kind: "freeze", because }),
  },
  unfreeze: {
    takes: "[reason]",
    does: "let new tasks begin again",
    read: (because) => ({ kind: "unfreeze", because }),
  },
  help: shows("help", "show this"),
};

function shows(what: Shown, does: string): Verb {
  return { takes: "", does, read: (text) => (text === null ? { kind: "show", what } : null) };
}
