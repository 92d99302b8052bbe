/** The buttons below a card, and below what wants a person: what can be done in the state it is in. Pure. */

import type { Button } from "../../chats/chat.ts";
import type { Field, Question } from "../../workflow/phases/question.ts";
import type { CardFacts } from "./facts.ts";
import type { Pen } from "./pen.ts";
import { type CardState, openApproval, openQuestion } from "./state.ts";

/** More choices than these are answered in words. */
const CHOICES_MAX = 8;
const PER_ROW = 3;
/** What a chat shows of a label, and what it asks for with a press (UTF-16 units). */
const LABEL_CHARS_MAX = 40;
const ASKS_CHARS_MAX = 200;

type Rows = readonly (readonly Button[])[];

/** What wants a person first, then what is always there. */
export function cardButtons(facts: CardFacts, state: CardState, pen: Pen): Rows {
  return [...askButtons(facts, pen), ...ownButtons(facts, state)];
}

/** The answers to what is asked. An agent writes what may be chosen, so that goes through the pen. */
export function askButtons(facts: CardFacts, pen: Pen): Rows {
  const approval = openApproval(facts);
  if (approval !== null)
    return [
      [
        { label: "Approve", action: `approve.${approval.id}`, tone: "good" },
        { label: "Reject…", action: `reject.${approval.id}`, tone: "bad", asks: "What has to change?" },
      ],
    ];
  const question = openQuestion(facts);
  return question === null ? [] : answerButtons(question, pen);
}

function answerButtons({ id, form }: Question, pen: Pen): Rows {
  const [field, ...others] = form.fields;
  if (field === undefined || form.fields.some(({ type }) => type === "secret")) return [];
  const options = choicesOf(field);
  if (others.length === 0 && options.length > 0 && options.length <= CHOICES_MAX)
    return rowsOf(
      options.map((option, index) => ({
        // Of an option of which nothing can be seen, its place.
        label: pen.line(option, LABEL_CHARS_MAX) || `${index + 1}`,
        action: `answer.${id}.${index}`,
      })),
    );
  const asks = pen.line(field.label, ASKS_CHARS_MAX) || field.name;
  return [[{ label: "Answer…", action: `answer.${id}`, asks }]];
}

/** Options that the buttons do not show in full, with their numbers: nobody chooses what they cannot read. */
export function hiddenOptions({ form }: Question, pen: Pen): readonly string[] {
  const isShown = (options: readonly string[]): boolean =>
    form.fields.length === 1 &&
    options.length <= CHOICES_MAX &&
    options.every((option) => pen.line(option, LABEL_CHARS_MAX) === pen.line(option));
  // What asks for a secret is answered elsewhere.
  if (form.fields.some(({ type }) => type === "secret")) return [];
  return form.fields.flatMap(({ type, label, options }) => {
    if (!["choice", "choices"].includes(type) || (type === "choice" && isShown(options))) return [];
    const of = form.fields.length === 1 ? "" : `${label}: `;
    return options.map((option, index) => `${of}${index + 1}. ${pen.line(option)}`);
  });
}

/** What a field may be answered with, where these are few words; in the order in which buttons count them. */
export function choicesOf({ type, options }: Field): readonly string[] {
  if (type === "confirm") return ["Yes", "No"];
  return type === "choice" ? options : [];
}

function rowsOf(buttons: readonly Button[]): Rows {
  return Array.from({ length: Math.ceil(buttons.length / PER_ROW) }, (_, row) =>
    buttons.slice(row * PER_ROW, (row + 1) * PER_ROW),
  );
}

const EXPLAIN: Button = { label: "Explain", action: "explain" };
const LOG: Button = { label: "Log", action: "tail" };
const RETRY: Button = { label: "Retry", action: "retry", tone: "good" };
const CANCEL: Button = { label: "Cancel", action: "cancel", tone: "bad" };

function ownButtons({ kept, isOutOfBudget, runs }: CardFacts, state: CardState): Rows {
  const publish = kept.slice(0, 1).map(({ id }) => ({ label: "Publish", action: `publish.${id}` }) as const);
  const log = runs.length === 0 ? [] : [LOG];
  switch (state) {
    case "done":
    case "cancelled":
      return publish.length === 0 ? [] : [publish];
    case "failed":
    case "blocked":
      return [
        [RETRY, ...publish, ...(state === "blocked" ? [CANCEL] : [])],
        [EXPLAIN, ...log],
      ];
    case "paused":
      return [
        [{ label: "Resume", action: "resume", tone: "good" }, CANCEL],
        [EXPLAIN, ...log],
      ];
    case "held":
    case "limited": {
      const raise = { label: "Raise…", action: "raise", asks: "By how much? Such as $5" } as const;
      return [
        [...(isOutOfBudget ? [raise] : []), { label: "Pause", action: "pause" }, CANCEL],
        [EXPLAIN, ...log],
      ];
    }
    case "queued":
    case "working":
      return [[{ label: "Pause", action: "pause" }, CANCEL, ...log]];
    case "asking":
    case "ci":
      return [[EXPLAIN, ...log, CANCEL]];
    default:
      return state satisfies never;
  }
}
