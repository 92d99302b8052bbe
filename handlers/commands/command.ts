/**
 * Commands in comments: `/agent retry with tabs`. Pure; what comes of one is in `wishes.ts`.
 *
 * C1. The command is the first word of the first line that is not blank, with a verb behind it or none; what stands
 *     after and below it is said with it. A quotation (`> /agent`) and a command inside a sentence are none, because
 *     people talk about commands, too; nor is one that is shown as code: in an indented block, or behind a fence, a
 *     backtick or a comment, which are then the first word.
 * C2. Words without a verb are said to the task. A single word that is no verb, or a first word that is one but for a
 *     letter, was meant to be one, and tells nobody anything.
 */

import { nearest } from "../../system/config/suggestion.ts";
import type { StartTriggers } from "../../workflow/project.ts";
import { same } from "../../workflow/text/same.ts";
import { nameText } from "../outside-text.ts";
import { type Asking, VERBS } from "./verbs.ts";

export type Command =
  | {
      readonly kind: "command";
      /** The command and its verb, as they are told of. */
      readonly words: string;
      readonly asks: Asking;
    }
  /** It is addressed to this project, and says nothing that we know; the reason is for whoever wrote it. */
  | { readonly kind: "unknown"; readonly reason: string };

/** Of a block of code: four columns, of which a tab fills the rest. */
const INDENTED = /^(?: {4}| {0,3}\t)/;

/** C1. */
export function readCommand({ commands }: Pick<StartTriggers, "commands">, text: string): Command | null {
  const lines = text.replace(/\r\n?/g, "\n").split("\n");
  const first = lines.findIndex((one) => one.trim() !== "");
  const line = lines[first] ?? "";
  if (INDENTED.test(line)) return null;
  const [word, behind] = firstOf(line.trim());
  const command = commands.find((known) => same(known, word));
  if (command === undefined) return null;
  const below = lines.slice(first + 1).join("\n");
  const [given, rest] = firstOf(behind);
  const name = given.toLowerCase();
  const verb = Object.hasOwn(VERBS, name) ? VERBS[name] : undefined;
  if (verb !== undefined) {
    const asks = verb.read(said(rest, below));
    const usage = `${command} ${name} ${verb.takes}`.trimEnd();
    return asks === null
      ? { kind: "unknown", reason: `say it so: ${usage}` }
      : { kind: "command", words: `${command} ${name}`, asks };
  }
  const isAlone = given !== "" && rest === "" && below.trim() === "";
  if (isAlone || isSlip(name)) return unknown(command, given, isAlone);
  return { kind: "command", words: command, asks: { kind: "start", text: said(behind, below) } };
}

/** How a comment tells anything; by name, in the order of the help. */
export function usages(command: string): readonly string[] {
  const all = Object.entries(VERBS).filter(([, { isAlias }]) => isAlias !== true);
  return all.map(([name, { takes, does }]) => `\`${`${command} ${name} ${takes}`.trimEnd()}\` ${does}`);
}

/** C2. */
function unknown(command: string, given: string, isAlone: boolean): Command {
  const meant = nearest(given.slice(0, LONGEST_VERB), Object.keys(VERBS));
  const shown = nameText(given).trim();
  const tip = meant === null ? `; ${command} help shows all.` : `; did you mean ${command} ${meant}?`;
  const otherwise = isAlone
    ? " More than one word is said to the task"
    : ` To say it to the task: ${command} say …`;
  return { kind: "unknown", reason: `'${command} ${shown}' is no command${tip}${otherwise}` };
}

const NAMES = Object.keys(VERBS);
const LONGEST_VERB = 24;
/** Shorter words are one letter apart by chance: `star`, `say`. */
const SLIP_CHARS_MIN = 5;

/** Whether it is a verb but for one letter left out, put in or mistaken. */
function isSlip(word: string): boolean {
  if (word.length < SLIP_CHARS_MIN - 1 || word.length > LONGEST_VERB) return false;
  return NAMES.some((name) => name.length >= SLIP_CHARS_MIN && isOneApart(word, name));
}

function isOneApart(a: string, b: string): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (long.length - short.length > 1) return false;
  let at = 0;
  while (at < short.length && short[at] === long[at]) at++;
  return short.slice(short.length === long.length ? at + 1 : at) === long.slice(at + 1);
}

function firstOf(text: string): readonly [first: string, rest: string] {
  const [, first = "", rest = ""] = /^(\S+)\s*(.*)$/.exec(text) ?? [];
  return [first, rest];
}

function said(behind: string, below: string): string | null {
  const text = `${behind}\n${below}`.trim();
  return text === "" ? null : text;
}
