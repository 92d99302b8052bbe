/** The person at the terminal of the demo, or nobody: then what is proposed is taken. Heard over the API. */

import type { QuestionAnswer } from "../../../handlers/api/views/question.ts";
import type { Stage } from "../../stage/stage.ts";
import type { Voice } from "./people.ts";
import { UNFREEZE } from "./story.ts";

/** Asks the person at the terminal; an empty answer takes what is proposed, `null` is that of one who went away. */
export type AskPerson = (question: string) => Promise<string | null>;

/** @param ask `null` where all is answered without anybody */
export function terminalVoice(stage: Stage, ask: AskPerson | null): Voice {
  return {
    async answer(task, question) {
      const answers = await answersTo(question, ask);
      if (answers !== null)
        await stage.post(`/tasks/${task}/answer`, { answers, by: "you", question: question.id });
      return true;
    },
    async judge(task) {
      await judge(stage, task, ask);
      return true;
    },
    colleague: "ada",
    async say(task, text) {
      await stage.post(`/tasks/${task}/say`, { text, by: "ada" });
      return true;
    },
    async unfreeze(project) {
      await stage.post(`/projects/${project}/unfreeze`, UNFREEZE);
      return `unfrozen by ${UNFREEZE.by}: ${UNFREEZE.because}`;
    },
  };
}

/** @returns `null` where whoever is asked went away */
async function answersTo(
  { fields }: QuestionAnswer,
  ask: AskPerson | null,
): Promise<Readonly<Record<string, string>> | null> {
  const answers: [string, string][] = [];
  for (const { name, label, options, default: proposed } of fields) {
    const words = String(proposed ?? options[0] ?? "");
    const choice = options.length === 0 ? "" : ` (${options.join(", ")})`;
    const said = ask === null ? "" : await untilFits(ask, `${label}${choice} [${words}]: `, options);
    if (said === null) return null;
    answers.push([name, said === "" ? words : said]);
  }
  return Object.fromEntries(answers);
}

async function untilFits(
  ask: AskPerson,
  question: string,
  options: readonly string[],
): Promise<string | null> {
  for (;;) {
    const said = await ask(question);
    if (said === null || said === "" || options.length === 0 || options.includes(said)) return said;
  }
}

async function judge(stage: Stage, key: string, ask: AskPerson | null): Promise<void> {
  const said = ask === null ? "" : await ask("Is it good? [Y/n, or what has to change]: ");
  if (said === null) return;
  if (/^(y(es)?)?$/i.test(said)) {
    await stage.post(`/tasks/${key}/approve`, { by: "you" });
    return;
  }
  const because = /^no?$/i.test(said) && ask !== null ? await ask("What has to change? ") : said;
  if (because === null) return;
  await stage.post(`/tasks/${key}/reject`, { by: "you", because: because || "It is not clear enough." });
}
