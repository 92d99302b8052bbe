/** The commands of chats: what each takes, what it does, and how it is read. Pure; the parser is `command.ts`. */

import { amountIn, spanIn } from "./amount.ts";
import type { Wanted } from "./wanted.ts";

export interface Word {
  /** What stands behind its name. */
  readonly takes: string;
  readonly does: string;
  /** `null` where it has not what it takes. @param task that the answered message is about */
  read(rest: string, task: string | null): Wanted | null;
}

/** By name, in the order of the help. */
export const COMMANDS: Readonly<Record<string, Word>> = {
  new: {
    takes: "PROJECT title",
    does: "make a task; what stands below the first line is its text",
    read: (rest) => {
      const [project, text] = wordOf(rest);
      const [title = "", ...body] = text.split("\n");
      if (project === "" || title.trim() === "") return null;
      return { kind: "new", project, title: title.trim(), body: body.join("\n").trim() };
    },
  },
  approve: gate("approve", "KEY", "say that the phase in which a task waits is good"),
  reject: gate("reject", "KEY reason", "say what has to change"),
  abort: gate("abort", "KEY [reason]", "give up a task that waits for an approval"),
  answer: {
    takes: "KEY text",
    does: "answer what the agent of a task has asked; of several fields, a line `name: value` each",
    read: (rest, task) =>
      withText(rest, task, (key, said) => ({ kind: "answer", key, question: null, said })),
  },
  say: {
    takes: "KEY text",
    does: "tell a task something; its next run is told",
    read: (rest, task) => withText(rest, task, (key, text) => ({ kind: "say", key, text })),
  },
  retry: ofKey("retry", "start a failed or cancelled task again"),
  cancel: {
    takes: "KEY [reason]",
    does: "cancel a task and stop its agent",
    read: (rest, task) => {
      const found = keyOf(rest, task);
      return found && { kind: "cancel", key: found.key, because: found.rest || null };
    },
  },
  pause: {
    takes: "[KEY or PROJECT] [for 2h] [because …]",
    does: "let nothing new begin of a task, of a project or at all",
    read: readPause,
  },
  resume: {
    takes: "[KEY or PROJECT]",
    does: "let it go on",
    read: (rest, task) => maybe("resume", rest, task),
  },
  raise: {
    takes: "KEY or PROJECT, and $5, 200k tokens or 3 runs [today]",
    does: "add to a budget",
    read: (rest, task) => {
      const [first, other] = wordOf(rest);
      const alone = task === null ? null : amountIn(rest);
      if (alone !== null && task !== null) return { kind: "raise", what: task, amount: alone };
      const amount = amountIn(other);
      return amount === null ? null : { kind: "raise", what: first, amount };
    },
  },
  publish: {
    takes: "KEY [name]",
    does: "push work that was kept",
    read: (rest, task) => {
      const found = keyOf(rest, task);
      return found && { kind: "publish", key: found.key, which: found.rest || null };
    },
  },
  open: window("open", "let a schedule, or that of a project, be open"),
  close: window("close", "let it be closed"),
  clear: {
    takes: "ACCOUNT",
    does: "end the cooldown of an account",
    read: (rest) => (isWord(rest) ? { kind: "clear", account: rest } : null),
  },
  unfreeze: {
    takes: "PROJECT [reason]",
    does: "let new tasks begin on its repository again",
    read: (rest, task) => {
      const [first, because] = wordOf(rest);
      const what = first || task;
      return what === null ? null : { kind: "unfreeze", what, because: because || null };
    },
  },
  stopall: {
    takes: "",
    does: "in an emergency: pause everything, and stop what runs; asks once more",
    read: (rest) => (rest === "" ? { kind: "stopall", isSure: false } : null),
  },
  log: ofKey("log", "show the last lines that the agent of a task has printed"),
  explain: ofKey("explain", "say why a task is not running"),
  task: ofKey("task", "show a task"),
  tasks: { takes: "[PROJECT]", does: "list the newest tasks", read: (rest) => maybe("tasks", rest, null) },
  status: {
    takes: "",
    does: "show what runs, what waits and what it has cost today",
    read: (rest) => (rest === "" ? { kind: "status" } : null),
  },
  budget: {
    takes: "[KEY or PROJECT]",
    does: "show how budgets stand",
    read: (rest, task) => maybe("budget", rest, task),
  },
  schedule: {
    takes: "[NAME]",
    does: "show how schedules stand, and when they change",
    read: (rest) => maybe("schedule", rest, null),
  },
  link: {
    takes: "CODE",
    does: "show this chat and yourself to whoever has asked: chargehand chat link",
    read: (rest) => (isWord(rest) ? { kind: "link", code: rest } : null),
  },
  help: { takes: "", does: "show this", read: () => ({ kind: "help" }) },
};

/** As people write it: `/reject KEY reason`. */
export function usageOf(name: string): string {
  return `/${name} ${COMMANDS[name]?.takes ?? ""}`.trimEnd();
}

/** The first word, and what follows it. */
export function wordOf(text: string): readonly [first: string, rest: string] {
  const [, first = "", rest = ""] = /^\s*(\S*)\s*([\s\S]*)$/.exec(text) ?? [];
  return [first, rest.trim()];
}

function isWord(text: string): boolean {
  return /^\S{1,256}$/.test(text);
}

const KEY = /^[a-z][a-z0-9_]{0,62}-\d{1,15}$/i;

/** Whether a task may be called so. */
export function isKey(word: string): boolean {
  return KEY.test(word);
}

/** P3 of `command.ts`. */
function keyOf(rest: string, task: string | null): { readonly key: string; readonly rest: string } | null {
  const [first, other] = wordOf(rest);
  if (isKey(first)) return { key: first.toUpperCase(), rest: other };
  return task === null ? null : { key: task, rest };
}

function withText(
  given: string,
  task: string | null,
  make: (key: string, text: string) => Wanted,
): Wanted | null {
  const found = keyOf(given, task);
  return found === null || found.rest === "" ? null : make(found.key, found.rest);
}

function gate(kind: "approve" | "reject" | "abort", takes: string, does: string): Word {
  const read: Word["read"] = (rest, task) => {
    const found = keyOf(rest, task);
    if (found === null || (kind === "reject" && found.rest === "")) return null;
    return { kind, key: found.key, approval: null, because: found.rest || null };
  };
  return { takes, does, read };
}

function ofKey(kind: "retry" | "log" | "explain" | "task", does: string): Word {
  const read: Word["read"] = (rest, task) => {
    const found = keyOf(rest, task);
    return found === null || found.rest !== "" ? null : { kind, key: found.key };
  };
  return { takes: "KEY", does, read };
}

function maybe(
  kind: "resume" | "budget" | "tasks" | "schedule",
  rest: string,
  task: string | null,
): Wanted | null {
  return rest === "" ? { kind, what: task } : isWord(rest) ? { kind, what: rest } : null;
}

const FOR = /^for\s+(\S+)\s*/i;
const BECAUSE = /^because\s+([\s\S]+)$/i;

function readPause(rest: string, task: string | null): Wanted | null {
  const [first, other] = wordOf(rest);
  const isNamed = first !== "" && !/^(for|because)$/i.test(first);
  const [what, more] = isNamed ? [first, other] : [task, rest];
  const terms = pauseTerms(more);
  return terms && { kind: "pause", what, ...terms };
}

/** `for 2h because …`, each of which may be left out; `null` for what is neither. */
export function pauseTerms(
  more: string,
): { readonly forMs: number | null; readonly because: string | null } | null {
  const span = FOR.exec(more);
  const forMs = span === null ? null : spanIn(span[1] ?? "");
  const left = span === null ? more : more.slice(span[0].length);
  const because = BECAUSE.exec(left)?.[1] ?? null;
  if ((span !== null && forMs === null) || (left !== "" && because === null)) return null;
  return { forMs, because };
}

function window(kind: "open" | "close", does: string): Word {
  const read: Word["read"] = (rest) => {
    const [name, more] = wordOf(rest);
    const span = /^for\s+(\S+)$/i.exec(more);
    const forMs = span === null ? null : spanIn(span[1] ?? "");
    if (name === "" || (more !== "" && forMs === null)) return null;
    return { kind, name, forMs };
  };
  return { takes: "SCHEDULE or PROJECT [for 2h]", does, read };
}
