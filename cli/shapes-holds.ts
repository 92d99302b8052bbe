/** What the CLI reads of the API's answers about what waits and why: holds, accounts, budgets, explanations. */

import { listOf, number, object, orNull, type Shaped, text } from "./decoder.ts";

const time = orNull(text);
const words = orNull(text);

export const holdShape = object({ kind: text, reason: text, remedy: words, until: time });

export const wideHoldShape = object({
  scope: text,
  subject: text,
  kind: text,
  reason: text,
  remedy: words,
  since: text,
  until: time,
});

export type ApiWideHold = Shaped<typeof wideHoldShape>;

export const accountShape = object({
  name: text,
  status: text,
  until: time,
  reason: words,
  remedy: words,
  running: number,
  concurrency: orNull(number),
});

export type ApiAccount = Shaped<typeof accountShape>;

export const refusalShape = object({
  project: text,
  agent: text,
  reason: text,
  remedy: words,
  since: text,
});

export const clearedShape = object({ scope: text, name: text });

export const budgetShape = object({
  project: text,
  task: words,
  scope: text,
  unit: text,
  amount: number,
  raised: number,
  used: number,
  reserved: number,
  status: text,
});

export type ApiBudget = Shaped<typeof budgetShape>;

const reasonShape = object({
  sentence: text,
  since: time,
  until: time,
  remedy: words,
});

export type ApiReason = Shaped<typeof reasonShape>;

export const explanationShape = object({
  task: text,
  status: text,
  reasons: listOf(reasonShape),
  decisions: listOf(object({ at: text, sentence: text })),
});

export type ApiExplanation = Shaped<typeof explanationShape>;
