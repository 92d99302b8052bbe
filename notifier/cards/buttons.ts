/** The buttons below a card, and below what wants a person: what can be done in the state it is in. Pure. */

import type { Button } from "../../chats/chat.ts";
import type { Field, Question } from "../../workflow/phases/question.ts";
import type { CardFacts } from "./facts.ts";
import { type CardState, openApproval, openQuestion } from "./state.ts";

/** More choices than these are answered in words. */
const CHOICES_MAX = 8;
const PER_ROW = 3;

type Rows = readonly (readonly Button[])[];

/** What wants a person first, then what is always there. */
export function cardButtons(facts: CardFacts, state: CardState): Rows {
  return [...askButtons(facts), ...ownButtons(facts, state)];
}

/** The answers to what is asked. */
export function askButtons(facts: CardFacts): Rows {
  const approval = openApproval(facts);
  if (approval !== null)
    return [
      [
        { label: "Approve", action: `approve.${approval.id}`, tone: "good" },
        { label: "Reject…", action: `reject.${approval.id}`, tone: "bad", asks: "What has to change?" },
      ],
    ];
  const question = openQuestion(facts);
  return question === null ? [] : answerButtons(question);
}

function answerButtons({ id, form }: Question): Rows {
  const [field, ...others] = form.fields;
  if (field === undefined || form.fields.some(({ type }) => type === "secret")) return [];
  const options = choicesOf(field);
  if (others.length === 0 && options.length > 0 && options.length <= CHOICES_MAX)
    return rowsOf(options.map((label, index) => ({ label, action: `answer.${id}.${index}` })));
  return [[{ label: "Answer…", action: `answer.${id}`, asks: field.label }]];
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
