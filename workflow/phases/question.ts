/**
 * Questions: an agent asks a person for structured input by a closed, flat form, and gets the answers when it goes on.
 *
 * Q1. The row is written before anybody is told, with the end of the run that asked: nothing waits in a process.
 * Q2. The first valid answer wins. One more is told the recorded result, and changes nothing.
 * Q3. What was answered once is not asked again: the same form in the same task has the recorded result.
 * Q4. A secret stands in no row: there it is {@link SECRET_SHOWN}, and its value in a file
 *     (`daemon/run/told/secrets.ts`).
 */

import type { Actor } from "../intent.ts";
import { ANSWER_CHARS_MAX } from "../limits.ts";
import { type QuestionMove, type QuestionStatus, questionMoves } from "./states.ts";

export const FIELD_TYPES = ["text", "number", "choice", "choices", "confirm", "secret"] as const;
export type FieldType = (typeof FIELD_TYPES)[number];

export type Answer = string | number | boolean | readonly string[];
/** By the name of the field; one that was left out is not there. */
export type Answers = Readonly<Record<string, Answer>>;

export interface Field {
  readonly name: string;
  readonly type: FieldType;
  readonly label: string;
  readonly required: boolean;
  /** What may be chosen; of no other type. */
  readonly options: readonly string[];
  /** Of a number its value, of a text and a secret its characters, of choices how many. */
  readonly min: number | null;
  readonly max: number | null;
  readonly default: Answer | null;
}

export interface Form {
  readonly title: string | null;
  /** At least one. */
  readonly fields: readonly Field[];
  /** Why a person is needed, in the agent's words. */
  readonly reason: string;
  /** How long it may be answered (ms); `null` for as long as the task waits. */
  readonly expiresMs: number | null;
  readonly onExpire: "fail" | "continue";
}

export interface AskedForm {
  readonly form: Form;
  /** SHA-256 of the form (hex): the same form has the same. */
  readonly hash: string;
}

export interface Question extends AskedForm {
  readonly id: number;
  readonly task: string;
  readonly project: string;
  /** Of its phase: the number in the task (0 where there is none), and the key. */
  readonly seq: number;
  readonly phase: string;
  readonly status: QuestionStatus;
  readonly askedAt: number;
  /** When it expires (ms); `null` for never. */
  readonly until: number | null;
  /** `null` while there are none. */
  readonly answers: Answers | null;
  /** Names the file of its secrets; `null` where there are none. */
  readonly secrets: string | null;
  readonly answeredBy: string | null;
  readonly answeredFrom: Actor["kind"] | null;
  readonly finishedAt: number | null;
}

export type QuestionChange =
  | ({ readonly change: "ask" } & Pick<Question, "seq" | "phase" | "form" | "hash" | "until">)
  | ({ readonly change: Extract<QuestionMove, "answer">; readonly id: number; readonly by: Actor } & {
      readonly answers: Answers;
      readonly secrets: string | null;
    })
  | { readonly change: Exclude<QuestionMove, "answer">; readonly id: number };

/** What stands in a row, and everywhere that it is shown, in place of a secret. */
export const SECRET_SHOWN = "(secret)";

/** What was asked, in one line. */
export function titleOf({ title, reason }: Form): string {
  return title ?? reason;
}

/** Whether somebody may still answer it. */
export function isOpenQuestion(question: Question | null): question is Question {
  return question !== null && questionMoves.live.includes(question.status);
}

/** Why a task is blocked by a question. */
export function waitsForAnswer(phase: string, form: Form): string {
  return `phase ${phase} waits for an answer: ${titleOf(form)}`;
}

export interface AnswerTrouble {
  readonly field: string;
  /** What is wrong with it: without the name, and without a full stop. */
  readonly message: string;
}

export type CheckedAnswers =
  | { readonly kind: "valid"; readonly answers: Answers }
  /** At least one. */
  | { readonly kind: "invalid"; readonly troubles: readonly AnswerTrouble[] };

/** Names of fields that there are not: so many of them are told, and so much of each. */
const STRANGERS_TOLD_MAX = 10;
const NAME_CHARS_MAX = 40;

/**
 * What was answered, field by field, as it is stored. Words are taken for numbers, choices and yes or no, because that
 * is what a command line has.
 *
 * @param given from outside: anything
 */
export function checkAnswers({ fields }: Form, given: Readonly<Record<string, unknown>>): CheckedAnswers {
  const known = fields.map(({ name }) => name);
  const troubles: AnswerTrouble[] = Object.keys(given)
    .filter((name) => !known.includes(name))
    .slice(0, STRANGERS_TOLD_MAX)
    .map((name) => ({
      field: name.slice(0, NAME_CHARS_MAX),
      message: `there is no such field; there are ${known.join(", ")}`,
    }));
  const answers: [name: string, answer: Answer][] = [];
  for (const field of fields) {
    const { name } = field;
    const value = Object.hasOwn(given, name) ? given[name] : undefined;
    const isLeftOut = value === undefined || value === null;
    const left = isLeftOut ? field.default : null;
    if (isLeftOut && left === null && !field.required) continue;
    const checked =
      isLeftOut && left === null ? { trouble: "is missing" } : checkAnswer(field, left ?? value);
    if ("trouble" in checked) troubles.push({ field: name, message: checked.trouble });
    else answers.push([name, checked.answer]);
  }
  return troubles.length > 0
    ? { kind: "invalid", troubles }
    : { kind: "valid", answers: Object.fromEntries(answers) };
}

/** The same with {@link SECRET_SHOWN} in place of every secret. */
export function withoutSecrets({ fields }: Form, answers: Answers): Answers {
  const isSecret = (name: string): boolean =>
    fields.some((field) => field.type === "secret" && field.name === name);
  return Object.fromEntries(
    Object.entries(answers).map(([name, one]) => [name, isSecret(name) ? SECRET_SHOWN : one]),
  );
}

type Checked = { readonly answer: Answer } | { readonly trouble: string };

/** One answer that is there. */
export function checkAnswer(field: Field, value: unknown): Checked {
  switch (field.type) {
    case "text":
    case "secret":
      return checkText(field, value);
    case "number":
      return checkNumber(field, value);
    case "choice":
      return checkChoice(field, value);
    case "choices":
      return checkChoices(field, value);
    case "confirm":
      return checkConfirm(value);
    default:
      return field.type satisfies never;
  }
}

function checkText({ type, required, min, max }: Field, value: unknown): Checked {
  if (typeof value !== "string") return { trouble: "must be text" };
  // It lies in its file already, and was checked before.
  if (type === "secret" && value === SECRET_SHOWN) return { answer: value };
  const answer = value.replaceAll("\u0000", "").toWellFormed();
  if (required && answer.trim() === "") return { trouble: "must not be empty" };
  const [least, most] = [min ?? 0, max ?? ANSWER_CHARS_MAX];
  if (answer.length < least) return { trouble: `must have at least ${least} characters` };
  return answer.length > most ? { trouble: `must have at most ${most} characters` } : { answer };
}

const NUMBER = /^[+-]?\d{1,20}(\.\d{1,20})?$/;

function checkNumber({ min, max }: Field, value: unknown): Checked {
  const answer = typeof value === "string" && NUMBER.test(value.trim()) ? Number(value) : value;
  if (typeof answer !== "number" || !Number.isFinite(answer)) return { trouble: "must be a number" };
  if (min !== null && answer < min) return { trouble: `must be at least ${min}` };
  return max !== null && answer > max ? { trouble: `must be at most ${max}` } : { answer };
}

function checkChoice({ options }: Field, value: unknown): Checked {
  return typeof value === "string" && options.includes(value)
    ? { answer: value }
    : { trouble: `must be one of ${options.join(", ")}` };
}

function checkChoices({ options, required, min, max }: Field, value: unknown): Checked {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  const chosen = options.filter((option) => list.includes(option));
  if (list.some((one) => typeof one !== "string" || !options.includes(one)) || list.length > chosen.length)
    return { trouble: `must be some of ${options.join(", ")}, each once` };
  const [least, most] = [Math.max(min ?? 0, required ? 1 : 0), max ?? options.length];
  if (chosen.length < least) return { trouble: `must be at least ${least} of ${options.join(", ")}` };
  return chosen.length > most
    ? { trouble: `must be at most ${most} of ${options.join(", ")}` }
    : { answer: chosen };
}

const CONFIRMED: Readonly<Record<string, boolean>> = { yes: true, true: true, no: false, false: false };

function checkConfirm(value: unknown): Checked {
  const word = String(value).toLowerCase();
  const answer = Object.hasOwn(CONFIRMED, word) ? CONFIRMED[word] : undefined;
  return answer === undefined ? { trouble: "must be yes or no" } : { answer };
}

/** All that is wrong, in one sentence. */
export function tellTroubles(troubles: readonly AnswerTrouble[]): string {
  return troubles.map(({ field, message }) => `${field} ${message}`).join("; ");
}

/** One answer in words, on as many lines as it has. */
export function tellAnswer(answer: Answer | undefined): string {
  if (answer === undefined) return "(left out)";
  if (typeof answer === "boolean") return answer ? "yes" : "no";
  return typeof answer === "object" ? answer.join(", ") || "(none)" : String(answer);
}
