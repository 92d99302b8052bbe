/**
 * What starts a task in a project: labels, states, assignees, comment commands (`start:` in the configuration). Pure.
 *
 * Each result is the rule that matched, in words for the task's history, or `null`.
 */

import type { StartTriggers } from "../workflow/project.ts";
import { nameText } from "./outside-text.ts";

/** A thing of the tracker by whatever names it has. Labels of forges have no id that people could configure. */
export interface Named {
  readonly id: string | null;
  readonly name: string | null;
}

export function labelTrigger(start: StartTriggers, labels: readonly Named[]): string | null {
  const label = labels.find((candidate) => isListed(start.labels, candidate));
  return label === undefined ? null : `label ${called(label)}`;
}

export function stateTrigger(start: StartTriggers, state: Named): string | null {
  return isListed(start.states, state) ? `state ${called(state)}` : null;
}

/** Assignees count by login or id only: a display name is free text that anybody can choose. */
export function assigneeTrigger(start: StartTriggers, people: readonly string[]): string | null {
  const person = people.find((candidate) => isListed(start.assignees, { id: candidate, name: null }));
  return person === undefined ? null : `assigned to ${nameText(person)}`;
}

export type Command =
  | {
      readonly kind: "start" | "cancel" | "retry";
      readonly words: string;
      /** What stands after and below it, for whoever works on the task; `null` where nothing does. */
      readonly text: string | null;
    }
  /** It is addressed to this project, and says nothing that we know. */
  | { readonly kind: "unknown"; readonly reason: string };

const VERBS: Readonly<Record<string, "cancel" | "retry">> = {
  cancel: "cancel",
  stop: "cancel",
  retry: "retry",
};

/**
 * The command a comment gives to a project: the first word of its first line that is not blank, with a verb behind it
 * or none; the rest is said to the task. A quotation (`> /agent`) and a command inside a sentence are none, because
 * people talk about commands, too; nor is one that is shown as code: in an indented block, or behind a fence, a
 * backtick or a comment, which are then the first word. A single word that is no verb was meant to be one, and tells
 * nobody anything.
 */
export function readCommand(start: StartTriggers, text: string): Command | null {
  const lines = text.replace(/\r\n?/g, "\n").split("\n");
  const first = lines.findIndex((one) => one.trim() !== "");
  const line = lines[first] ?? "";
  if (INDENTED.test(line)) return null;
  const [, word = "", behind = ""] = /^(\S+)\s*(.*)$/.exec(line.trim()) ?? [];
  const command = start.commands.find((known) => same(known, word));
  if (command === undefined) return null;
  const below = lines.slice(first + 1).join("\n");
  const [, verb = "", rest = ""] = /^(\S+)\s*(.*)$/.exec(behind) ?? [];
  const kind = Object.hasOwn(VERBS, verb.toLowerCase()) ? VERBS[verb.toLowerCase()] : undefined;
  if (kind !== undefined)
    return { kind, words: `${command} ${verb.toLowerCase()}`, text: saidIn(rest, below) };
  if (verb !== "" && rest === "" && below.trim() === "") {
    const known = `${command}, ${command} cancel, ${command} retry`;
    const reason = `'${nameText(line.trim())}' is no command; known are ${known}; more than one word is said to the task`;
    return { kind: "unknown", reason };
  }
  return { kind: "start", words: command, text: saidIn(behind, below) };
}

function saidIn(behind: string, below: string): string | null {
  const said = `${behind}\n${below}`.trim();
  return said === "" ? null : said;
}

/** Of a block of code: four columns, of which a tab fills the rest. */
const INDENTED = /^(?: {4}| {0,3}\t)/;

/** Letters count the same in both cases: people type names by hand, on both sides. */
export function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function isListed(list: readonly string[], { id, name }: Named): boolean {
  return list.some((entry) => (id !== null && same(entry, id)) || (name !== null && same(entry, name)));
}

function called({ id, name }: Named): string {
  return nameText(name ?? id ?? "");
}
