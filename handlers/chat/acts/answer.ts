/** Answers to what an agent has asked, as people write them in a chat (`workflow/phases/answers.ts`). */

import { readAnswers } from "../../../workflow/phases/answers.ts";
import type { Question } from "../../../workflow/phases/question.ts";
import { segment } from "../api.ts";
import { done, line, refused, type Told, told } from "../told.ts";
import { type Acts, type Hand, lateLines, tell } from "./hand.ts";

export const ANSWERS: Acts<"answer"> = {
  answer: async (hand, { key, question: meant, said }) => {
    const question = await find(hand, key, meant);
    if (question === null) return post(hand, key, meant, {}, null);
    const { id, form, finishedAt } = question;
    // The decision says who was faster.
    if (finishedAt !== null) return post(hand, key, id, {}, finishedAt);
    const read = readAnswers(form, said);
    if (read.kind === "secret") return refuseSecret(key);
    return read.kind === "wrong" ? refused(read.reason, key) : post(hand, key, id, read.answers, null);
  },
};

async function find({ store }: Hand, key: string, id: number | null): Promise<Question | null> {
  if (id === null) return (await store.questions.standing(key, null)).question;
  const question = await store.questions.get(id);
  return question?.task === key ? question : null;
}

async function post(
  { api }: Hand,
  key: string,
  question: number | null,
  answers: Readonly<Record<string, unknown>>,
  lateAt: number | null,
): Promise<Told> {
  const body = { answers, ...(question !== null && { question }) };
  const asked = await api.post(`/tasks/${segment(key)}/answer`, body);
  return tell(
    asked,
    key,
    () => done(`${key} has its answer, and goes on.`, key),
    async () => lateLines(lateAt),
  );
}

/** A1 of `workflow/phases/answers.ts`. */
function refuseSecret(key: string): Told {
  const reason = `${key} asks for a secret, which no chat may see: answer it in a terminal (chargehand answer ${key})`;
  return { ...told([line(`${reason}, or over the API.`)], key), isDone: false };
}
