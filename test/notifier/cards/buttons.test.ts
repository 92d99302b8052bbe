/** What can be pressed in which state. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { askButtons, cardButtons, choicesOf, hiddenOptions } from "../../../notifier/cards/buttons.ts";
import type { CardFacts } from "../../../notifier/cards/facts.ts";
import { penOf } from "../../../notifier/cards/pen.ts";
import { cardState } from "../../../notifier/cards/state.ts";
import type { Field } from "../../../workflow/phases/question.ts";
import { field, question } from "../../workflow/questions.ts";
import { APPROVAL, FACTS, KEPT, SCENES } from "./scenes.ts";

const pen = penOf((text) => text);

function actions(facts: CardFacts): readonly string[] {
  return cardButtons(facts, cardState(facts), pen).flatMap((row) => row.map(({ action }) => action));
}

function asking(...fields: readonly Field[]): CardFacts {
  const form = { title: null, reason: "why", fields, expiresMs: null, onExpire: "fail" } as const;
  return { ...FACTS, question: question({ id: 9, form }) };
}

test("options that a button cuts, or that have none, are listed with their numbers", () => {
  const listed = (...fields: readonly Field[]): readonly string[] =>
    hiddenOptions(
      question({ id: 9, form: { title: null, reason: "why", fields, expiresMs: null, onExpire: "fail" } }),
      pen,
    );
  const short = ["only staging", "all of it"];
  assert.deepEqual(listed(field("q", { type: "choice", options: short })), []);
  const long = ["Clean up the old staging tables only, and the production ones too", "nothing"];
  assert.deepEqual(
    listed(field("q", { type: "choice", options: long })),
    long.map((option, index) => `${index + 1}. ${option}`),
  );
  const many = Array.from({ length: 9 }, (_, index) => `o${index}`);
  assert.equal(listed(field("q", { type: "choice", options: many })).length, 9);
  assert.equal(listed(field("q", { type: "choice", options: short }), field("other")).length, 2);
  assert.deepEqual(
    listed(field("q", { type: "choice", options: short }), field("token", { type: "secret" })),
    [],
  );
});

test("each state has its buttons, those of what is asked first", () => {
  const all = Object.entries(SCENES).map(([name, { facts }]) => [name, actions(facts).join(" ")]);
  assert.deepEqual(Object.fromEntries(all), {
    queued: "pause cancel",
    working: "pause cancel tail",
    "asking-approval": "approve.17 reject.17 explain tail cancel",
    "asking-question": "answer.31.0 answer.31.1 explain tail cancel",
    "asking-secret": "explain tail cancel",
    "waits-for-ci": "explain tail cancel",
    limited: "pause cancel explain tail",
    "held-by-budget": "raise pause cancel explain tail",
    paused: "resume cancel explain tail",
    blocked: "retry publish.5 cancel explain tail",
    failed: "retry explain tail",
    cancelled: "",
    done: "",
  });
});

test("kept work of what is over can be published", () => {
  for (const name of ["done", "cancelled", "failed"]) {
    const facts = SCENES[name]?.facts;
    assert.ok(facts !== undefined);
    assert.ok(actions({ ...facts, kept: [KEPT, { ...KEPT, id: 6 }] }).includes("publish.5"));
  }
});

test("an approval that is answered, and a question that is, have no buttons", () => {
  assert.deepEqual(askButtons({ ...FACTS, approval: { ...APPROVAL, status: "approved" } }, pen), []);
  assert.deepEqual(askButtons({ ...FACTS, question: question({ status: "answered" }) }, pen), []);
});

test("few choices are buttons in rows of three; many, several fields and text are answered in words", () => {
  const options = (count: number): readonly string[] =>
    Array.from({ length: count }, (_, index) => `o${index}`);
  const rows = askButtons(asking(field("a", { type: "choice", options: options(8) })), pen);
  assert.deepEqual(
    rows.map((row) => row.map(({ action }) => action)),
    [
      ["answer.9.0", "answer.9.1", "answer.9.2"],
      ["answer.9.3", "answer.9.4", "answer.9.5"],
      ["answer.9.6", "answer.9.7"],
    ],
  );
  const words = [[{ label: "Answer…", action: "answer.9", asks: "what of a?" }]];
  assert.deepEqual(askButtons(asking(field("a", { type: "choice", options: options(9) })), pen), words);
  assert.deepEqual(askButtons(asking(field("a"), field("b")), pen), words);
  assert.deepEqual(askButtons(asking(field("a", { type: "choices", options: options(2) })), pen), words);
});

test("a secret is never asked for in a chat, whatever else is asked", () => {
  assert.deepEqual(askButtons(asking(field("a"), field("b", { type: "secret" })), pen), []);
});

test("yes and no stand in the order in which they are counted; a choice that cannot be seen has its number", () => {
  assert.deepEqual(choicesOf(field("a", { type: "confirm" })), ["Yes", "No"]);
  const [row] = askButtons(asking(field("a", { type: "choice", options: ["\u200b", "b".repeat(99)] })), pen);
  assert.deepEqual(
    row?.map(({ label }) => label.length),
    [1, 40],
  );
  assert.equal(row?.[0]?.label, "1");
});
