/**
 * Answers to what an agent has asked, as people write them where they talk: in a chat, in a comment. Pure.
 *
 * A1. No secret is taken in words: what is written there stays there, and in deliveries.
 * A2. One field takes the words as they are; of several each has a line, `name: value`.
 */

import { same } from "../text/same.ts";
import type { Answer, Field, Form } from "./question.ts";

export type Read =
  | { readonly kind: "answers"; readonly answers: Readonly<Record<string, Answer>> }
  /** A1. */
  | { readonly kind: "secret" }
  | { readonly kind: "wrong"; readonly reason: string };

/** Pure. What is wrong with a value says whoever checks it. @param said which choice, or words */
export function readAnswers(form: Form, said: number | string): Read {
  const isSecret = ({ type }: Field): boolean => type === "secret";
  if (form.fields.some((field) => isSecret(field) && field.required)) return { kind: "secret" };
  const fields = form.fields.filter((field) => !isSecret(field));
  const [first, ...others] = fields;
  if (first === undefined) return { kind: "secret" };
  if (typeof said === "number") return choose(fields, said);
  if (others.length === 0 && !isLineOf(form, said)) return answers([[first.name, readValue(first, said)]]);
  const read: [name: string, answer: Answer][] = [];
  for (const text of said.split("\n").filter((one) => one.trim() !== "")) {
    const [field, value] = lineOf(form, text);
    if (field === undefined) {
      const names = fields.map(({ name }) => name).join(", ");
      return { kind: "wrong", reason: `write a line such as ${first.name}: … for each of ${names}` };
    }
    if (isSecret(field)) return { kind: "secret" };
    read.push([field.name, readValue(field, value)]);
  }
  return answers(read);
}

function answers(read: readonly (readonly [name: string, answer: Answer])[]): Read {
  return { kind: "answers", answers: Object.fromEntries(read) };
}

/** Whether the words name fields themselves: then a secret among them is noticed. */
function isLineOf(form: Form, said: string): boolean {
  return said.split("\n").some((text) => lineOf(form, text)[0] !== undefined);
}

function lineOf({ fields }: Form, text: string): readonly [field: Field | undefined, value: string] {
  const [, name = "", value = ""] = /^\s*([^:=]{1,200})[:=]\s*(.*)$/.exec(text) ?? [];
  return [name === "" ? undefined : fields.find((one) => isNamed(one, name)), value];
}

/** Of a button: an option of the field that has some; of a yes or no, 0 is yes. */
function choose(fields: readonly Field[], index: number): Read {
  const field = fields.find(({ type }) => type === "choice" || type === "choices" || type === "confirm");
  const option = field?.type === "confirm" ? ["yes", "no"][index] : field?.options[index];
  if (field === undefined || option === undefined)
    return { kind: "wrong", reason: "there is no such choice any more" };
  return answers([[field.name, field.type === "choices" ? [option] : option]]);
}

function isNamed({ name, label }: Field, given: string): boolean {
  return [name, label].some((one) => same(one, given.trim()));
}

/** Options in any case, or by their number. */
function readValue({ type, options }: Field, text: string): Answer {
  if (type === "choice") return optionOf(options, text);
  if (type !== "choices") return text.trim();
  return text
    .split(/[,\n]/)
    .filter((one) => one.trim() !== "")
    .map((one) => optionOf(options, one));
}

function optionOf(options: readonly string[], text: string): string {
  const given = text.trim();
  const meant = options.find((one) => same(one, given));
  return meant ?? (/^\d{1,3}$/.test(given) ? options[Number(given) - 1] : undefined) ?? given;
}
