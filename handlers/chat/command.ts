/**
 * Reads what somebody in a chat has written. Pure; the commands are in `words.ts`.
 *
 * P1. Only a known command is one: `/etc/hosts is wrong` is what somebody says.
 * P2. Names of commands, keys and units are read in any case; what people write besides stays as they wrote it.
 * P3. Where a command answers a message of a task, the key of the task may be left out.
 */

import { suggestion } from "../../system/config/suggestion.ts";
import type { Wanted } from "./wanted.ts";
import { COMMANDS, usageOf, wordOf } from "./words.ts";

export type Parsed =
  | { readonly kind: "command"; readonly command: Wanted }
  /** It is no command. */
  | { readonly kind: "words" }
  /** What is wrong with it, and how it is said. */
  | { readonly kind: "wrong"; readonly reason: string };

const ALIASES: Readonly<Record<string, string>> = {
  start: "help",
  "stop-all": "stopall",
  stop_all: "stopall",
  schedules: "schedule",
  budgets: "budget",
  logs: "log",
};

/** Bots of several names hear one command in a chat, so some write whom they mean. */
const NAMED = /^\/?([a-z][a-z_-]{0,31})(?:@[\w.-]{1,64})?(?=\s|$)/i;
const OWN = "chargehand";

/**
 * @param isCommand the chat says that it is one, and may have taken the slash away
 * @param task that the message is about which this answers
 */
export function parseCommand(text: string, isCommand: boolean, task: string | null): Parsed {
  const trimmed = text.trim();
  if (!trimmed.startsWith("/") && !isCommand) return { kind: "words" };
  const [whole, given] = NAMED.exec(trimmed) ?? [];
  if (whole === undefined || given === undefined)
    return isCommand && trimmed !== "" ? unknownCommand(wordOf(trimmed)[0]) : emptyOr(isCommand);
  const rest = trimmed.slice(whole.length).trim();
  if (given.toLowerCase() === OWN) return rest === "" ? helped() : parseCommand(rest, true, task);
  const name = ALIASES[given.toLowerCase()] ?? given.toLowerCase();
  const word = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (word === undefined) return unknownCommand(given);
  const command = word.read(rest, task);
  if (command !== null) return { kind: "command", command };
  return { kind: "wrong", reason: `say it so: ${usageOf(name)}` };
}

/** Whether the first word is a command's name. */
export function beginsWithCommand(text: string): boolean {
  const name = wordOf(text)[0].toLowerCase();
  return Object.hasOwn(COMMANDS, ALIASES[name] ?? name);
}

function helped(): Parsed {
  return { kind: "command", command: { kind: "help" } };
}

function emptyOr(isCommand: boolean): Parsed {
  return isCommand ? helped() : { kind: "words" };
}

const SHOWN_CHARS = 40;

function unknownCommand(name: string): Parsed {
  const given = name.replace(/^\//, "").slice(0, SHOWN_CHARS).toWellFormed();
  const meant = suggestion(given, Object.keys(COMMANDS)) || "; /help shows all";
  return { kind: "wrong", reason: `there is no command ${given}${meant}` };
}
