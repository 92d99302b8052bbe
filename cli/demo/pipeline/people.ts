/**
 * Who stands around the agents of the demo: people answer what is asked of them, at the terminal or by themselves, and
 * say something; CI tells what it has found.
 */

import type { QuestionAnswer } from "../../../handlers/api/views/question.ts";
import type { WholeTaskAnswer } from "../../../handlers/api/views/task.ts";
import type { Stage } from "../../stage/stage.ts";
import type { Teller } from "../../stage/telling.ts";
import { SAID } from "./story.ts";

/** Asks the person at the terminal; an empty answer takes what is proposed, `null` is that of one who went away. */
export type AskPerson = (question: string) => Promise<string | null>;

export interface People {
  /** Whoever is asked or has something to say does so; each at most once about the same. */
  act(task: WholeTaskAnswer): Promise<void>;
}

/** @param ask `null` where all is answered without anybody */
export function createPeople(stage: Stage, teller: Teller, ask: AskPerson | null): People {
  const done = new Set<string>();
  const once = async (what: string, work: () => Promise<unknown>): Promise<void> => {
    if (done.has(what)) return;
    done.add(what);
    await work();
  };
  return {
    async act(task) {
      const path = `/tasks/${task.key}`;
      const question = task.questions.find(({ status }) => status === "open");
      if (question !== undefined)
        await once(`question ${question.id}`, async () => {
          const answers = await answersTo(question, ask);
          if (answers === null) return;
          await stage.post(`${path}/answer`, { answers, by: "you", question: question.id });
        });
      const approval = task.approvals.findLast(({ status }) => status === "pending");
      if (approval !== undefined)
        await once(`approval ${approval.phase} ${approval.asked_at}`, () => judge(stage, task.key, ask));
      const waits = task.ci.findLast(({ status }) => status === "pending");
      if (waits?.commit)
        await once(`ci ${waits.commit}`, () =>
          stage.post(`${path}/ci`, {
            by: "ci",
            commit: waits.commit,
            checks: [{ name: "build", status: "success" }],
          }),
        );
      const atWork = task.runs.find(({ status }) => status === "running");
      if (atWork?.phase === SAID.phase)
        await once("said", async () => {
          await stage.post(`${path}/say`, { text: SAID.text, by: "ada" });
          teller.tell({ phase: SAID.phase, text: `meanwhile ada says: “${SAID.text}”` });
        });
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
