/**
 * What agents ask people, over the API: the forms, and the answers.
 *
 * N1. A secret is laid into its file before the answer is decided, and is in the hands of nobody else here: the intent
 *     has `(secret)` in its place. What was laid down for an answer that did not count is taken away.
 */

import { createRoute, z } from "@hono/zod-openapi";
import {
  type Answers,
  checkAnswers,
  isOpenQuestion,
  type Question,
  withoutSecrets,
} from "../../../workflow/phases/question.ts";
import { type Asker, askerOf } from "../../asker.ts";
import { type Api, type ApiOptions, newApi } from "../base.ts";
import { changeTask } from "../changes.ts";
import { unknownTask } from "../find.ts";
import { problem } from "../problem.ts";
import { BODY_PROBLEMS, json, NOT_FOUND, PROBLEMS, REFUSED } from "../route.ts";
import { count, taskKey } from "../shapes.ts";
import { AnswersShape, QuestionsView, viewQuestion } from "../views/question.ts";
import { WholeTaskView } from "../views/task.ts";

const NAME_CHARS_MAX = 80;

const AnswerBody = z
  .strictObject({
    answers: AnswersShape,
    by: z
      .string()
      .trim()
      .min(1)
      .max(NAME_CHARS_MAX)
      .default("operator")
      .openapi({ description: "who says it, as they want to be called" }),
    question: count.optional().openapi({ description: "its number: another one is not answered" }),
  })
  .openapi("Answers");

const byKey = { params: z.object({ key: taskKey }) };

const QUESTIONS = createRoute({
  method: "get",
  path: "/tasks/{key}/questions",
  operationId: "listQuestions",
  summary: "List what agents have asked people about a task, oldest first",
  request: byKey,
  responses: { 200: json("What there is", QuestionsView), ...PROBLEMS, ...NOT_FOUND },
});
const ANSWER = createRoute({
  method: "post",
  path: "/tasks/{key}/answer",
  operationId: "answerTask",
  summary: "Answer what the agent of a task has asked",
  request: { ...byKey, body: json("", AnswerBody) },
  responses: {
    200: json("It goes on", WholeTaskView),
    ...PROBLEMS,
    ...BODY_PROBLEMS,
    ...NOT_FOUND,
    ...REFUSED,
  },
});

export function questionRoutes(options: ApiOptions): Api {
  const { store } = options;
  const api = newApi();
  api.openapi(QUESTIONS, async (c) => {
    const { key } = c.req.valid("param");
    if ((await store.tasks.get(key)) === null) return unknownTask(key);
    const questions = await store.questions.ofTask(key);
    return c.json({ task: key, questions: questions.map(viewQuestion) }, 200);
  });
  api.openapi(ANSWER, (c) => {
    const body = c.req.valid("json");
    return answer(options, c.req.valid("param").key, body, askerOf(c, body.by));
  });
  return api;
}

async function answer(
  options: ApiOptions,
  key: string,
  body: z.infer<typeof AnswerBody>,
  asker: Asker,
): Promise<Response> {
  const { store } = options;
  const { question } = await store.questions.standing(key, null);
  const wish = { kind: "answer_question", question: body.question ?? question?.id ?? null } as const;
  const isMeant = isOpenQuestion(question) && wish.question === question.id;
  // The decision says why nothing can be answered.
  if (!isMeant) return changeTask(options, key, { ...wish, answers: {}, secrets: null }, asker);
  const checked = checkAnswers(question.form, body.answers);
  if (checked.kind === "invalid") {
    const errors = checked.troubles.map(({ field, message }) => ({ path: `answers.${field}`, message }));
    return problem(400, { detail: "nothing was answered", errors });
  }
  const answers = withoutSecrets(question.form, checked.answers);
  const secrets = await keepSecrets(options, question, checked.answers);
  const response = await changeTask(options, key, { ...wish, answers, secrets }, asker);
  if (response.status !== 200 && secrets !== null) await options.secrets.drop(question.id, secrets);
  return response;
}

/** N1. */
async function keepSecrets(
  { secrets }: ApiOptions,
  { id, form }: Question,
  answers: Answers,
): Promise<string | null> {
  const values = form.fields.flatMap(({ name, type }) => {
    const value = answers[name];
    return type === "secret" && typeof value === "string" ? [[name, value] as const] : [];
  });
  return values.length === 0 ? null : secrets.keep(id, Object.fromEntries(values));
}
