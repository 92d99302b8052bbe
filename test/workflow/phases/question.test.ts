/** What counts as an answer to a field of a form, and what is said of one that does not. */

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  checkAnswer,
  checkAnswers,
  type Field,
  isOpenQuestion,
  SECRET_SHOWN,
  tellAnswer,
  tellTroubles,
  titleOf,
  waitsForAnswer,
  withoutSecrets,
} from "../../../workflow/phases/question.ts";
import { questionMoves } from "../../../workflow/phases/states.ts";
import { FORM, field, question } from "../questions.ts";

const OPTIONS = ["red", "green", "blue"];

test("B3: each type takes its values, in words, too, and says what it wants instead of others", () => {
  const table: readonly [Partial<Field>, value: unknown, wanted: unknown][] = [
    [{}, "a\u0000b", "ab"],
    [{}, 7, "must be text"],
    [{}, "  ", "must not be empty"],
    [{ required: false }, "", ""],
    [{ min: 3 }, "ab", "must have at least 3 characters"],
    [{ max: 3 }, "abcd", "must have at most 3 characters"],
    [{}, "x".repeat(16_385), "must have at most 16384 characters"],
    [{ type: "secret" }, "s3cret", "s3cret"],
    [{ type: "secret", min: 20 }, SECRET_SHOWN, SECRET_SHOWN],
    [{ type: "number" }, 4.5, 4.5],
    [{ type: "number" }, " -12 ", -12],
    [{ type: "number" }, "0x10", "must be a number"],
    [{ type: "number" }, "", "must be a number"],
    [{ type: "number" }, "1e999", "must be a number"],
    [{ type: "number" }, Number.POSITIVE_INFINITY, "must be a number"],
    [{ type: "number" }, true, "must be a number"],
    [{ type: "number", min: 1, max: 3 }, 0, "must be at least 1"],
    [{ type: "number", min: 1, max: 3 }, "4", "must be at most 3"],
    [{ type: "choice", options: OPTIONS }, "red", "red"],
    [{ type: "choice", options: OPTIONS }, "Red", "must be one of red, green, blue"],
    [{ type: "choice", options: OPTIONS }, ["red"], "must be one of red, green, blue"],
    [{ type: "choices", options: OPTIONS }, "blue", ["blue"]],
    [{ type: "choices", options: OPTIONS }, ["blue", "red"], ["red", "blue"]],
    [{ type: "choices", options: OPTIONS }, ["red", "red"], "must be some of red, green, blue, each once"],
    [{ type: "choices", options: OPTIONS }, ["red", 1], "must be some of red, green, blue, each once"],
    [{ type: "choices", options: OPTIONS }, [], "must be at least 1 of red, green, blue"],
    [{ type: "choices", options: OPTIONS, required: false }, [], []],
    [{ type: "choices", options: OPTIONS, max: 1 }, ["red", "blue"], "must be at most 1 of red, green, blue"],
    [{ type: "confirm" }, "Yes", true],
    [{ type: "confirm" }, false, false],
    [{ type: "confirm" }, "constructor", "must be yes or no"],
    [{ type: "confirm" }, null, "must be yes or no"],
  ];
  for (const [more, value, wanted] of table) {
    const checked = checkAnswer(field("f", more), value);
    assert.deepEqual(
      "trouble" in checked ? checked.trouble : checked.answer,
      wanted,
      JSON.stringify([more, value]),
    );
  }
});

test("B3: all that is wrong is said at once, field by field; what may be left out is, and defaults count", () => {
  const form = {
    ...FORM,
    fields: [...FORM.fields, field("constructor"), field("pace", { default: "slow" })],
  };
  const wrong = checkAnswers(form, { size: "huge", colour: "red" });
  assert.ok(wrong.kind === "invalid");
  assert.equal(
    tellTroubles(wrong.troubles),
    "colour there is no such field; there are size, token, constructor, pace; size must be one of small, large; constructor is missing",
  );
  assert.deepEqual(checkAnswers(form, { size: "small", constructor: "x", token: null }), {
    kind: "valid",
    answers: { size: "small", constructor: "x", pace: "slow" },
  });
});

test("I12: a secret is shown as one, whatever it is, and every other answer in words", () => {
  assert.deepEqual(withoutSecrets(FORM, { size: "small", token: "s3cret" }), {
    size: "small",
    token: SECRET_SHOWN,
  });
  assert.deepEqual([undefined, true, false, [], ["a", "b"], 4.5, "x"].map(tellAnswer), [
    "(left out)",
    "yes",
    "no",
    "(none)",
    "a, b",
    "4.5",
    "x",
  ]);
});

test("a question is open in one status, and goes by its title, or by its reason", () => {
  const open = questionMoves.statuses.filter((status) => isOpenQuestion(question({ status })));
  assert.deepEqual([open, isOpenQuestion(null)], [["open"], false]);
  assert.deepEqual([titleOf(FORM), titleOf({ ...FORM, title: null })], ["How to go on", "two ways are open"]);
  assert.equal(waitsForAnswer("work", FORM), "phase work waits for an answer: How to go on");
});
