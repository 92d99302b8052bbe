/** Answers in words, read by the form that they answer. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { readAnswers } from "../../../workflow/phases/answers.ts";
import type { Form } from "../../../workflow/phases/question.ts";
import { FORM, field } from "../questions.ts";

test("words are read by the fields of the form", () => {
  const two: Form = {
    ...FORM,
    fields: [field("name"), field("colours", { type: "choices", options: ["Red", "blue"] })],
  };
  const one: Form = { ...FORM, fields: [field("size", { type: "choice", options: ["small", "large"] })] };
  const yes: Form = { ...FORM, fields: [field("sure", { type: "confirm" })] };
  const good = (answers: object) => ({ kind: "answers", answers });
  assert.deepEqual(
    readAnswers(two, "Name: Ada\n\nwhat of colours? = red, 2"),
    good({ name: "Ada", colours: ["Red", "blue"] }),
  );
  assert.equal(readAnswers(two, "just words").kind, "wrong");
  assert.deepEqual(readAnswers(one, "2"), good({ size: "large" }));
  assert.deepEqual(readAnswers(one, "a: b"), good({ size: "a: b" }));
  assert.deepEqual(readAnswers(yes, 1), good({ sure: "no" }));
  assert.deepEqual(readAnswers({ ...FORM, fields: [] }, "x"), { kind: "secret" });
});
