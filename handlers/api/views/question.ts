/** Questions of agents as the API shows them, and answers as it takes them; no secret in either direction. Pure. */

import { z } from "@hono/zod-openapi";
import { ANSWER_CHARS_MAX } from "../../../workflow/limits.ts";
import { FIELD_TYPES, type Question } from "../../../workflow/phases/question.ts";
import { questionMoves } from "../../../workflow/phases/states.ts";
import { count, iso, isoOrNull, maybeTime, time, words } from "../shapes.ts";

const OPTIONS_MAX = 50;

const AnswerShape = z.union([
  z.string().max(ANSWER_CHARS_MAX),
  z.number(),
  z.boolean(),
  z.array(z.string().max(ANSWER_CHARS_MAX)).max(OPTIONS_MAX),
]);

export const AnswersShape = z.record(z.string(), AnswerShape).openapi({
  description: "by the names of the fields; words are taken for numbers, choices and yes or no, too",
});

const FieldView = z
  .object({
    name: z.string(),
    type: z.enum(FIELD_TYPES),
    label: z.string(),
    required: z.boolean(),
    options: z.array(z.string()),
    min: z.number().nullable(),
    max: z.number().nullable(),
    default: AnswerShape.nullable(),
  })
  .openapi("Field");

export const QuestionView = z
  .object({
    id: count,
    phase: z.string(),
    status: z.enum(questionMoves.statuses),
    title: words,
    reason: z.string().openapi({ description: "why a person is needed, in the agent's words" }),
    fields: z.array(FieldView),
    asked_at: time,
    until: maybeTime.openapi({ description: "when it expires" }),
    on_expire: z.enum(["fail", "continue"]),
    answers: AnswersShape.nullable().openapi({ description: "a secret is told as `(secret)`" }),
    answered_by: words,
    answered_from: words,
    finished_at: maybeTime,
  })
  .openapi("Question");
export type QuestionAnswer = z.infer<typeof QuestionView>;

export const QuestionsView = z
  .object({ task: z.string(), questions: z.array(QuestionView) })
  .openapi("Questions");
export type QuestionsAnswer = z.infer<typeof QuestionsView>;

export function viewQuestion(question: Question): QuestionAnswer {
  const { id, phase, status, form, answers } = question;
  return {
    ...{ id, phase, status, title: form.title, reason: form.reason },
    fields: form.fields.map((field) => ({
      ...field,
      options: [...field.options],
      default: viewAnswer(field.default),
    })),
    asked_at: iso(question.askedAt),
    until: isoOrNull(question.until),
    on_expire: form.onExpire,
    answers:
      answers === null
        ? null
        : Object.fromEntries(Object.entries(answers).map(([name, one]) => [name, viewAnswer(one) ?? ""])),
    answered_by: question.answeredBy,
    answered_from: question.answeredFrom,
    finished_at: isoOrNull(question.finishedAt),
  };
}

function viewAnswer<A extends string | number | boolean>(
  answer: A | readonly string[] | null,
): A | string[] | null {
  return typeof answer === "object" && answer !== null ? [...answer] : answer;
}
