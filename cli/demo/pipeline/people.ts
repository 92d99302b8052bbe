/**
 * Who stands around the agents of the demo: people answer what is asked of them, where they are, and say something; CI
 * tells what it has found.
 */

import type { QuestionAnswer } from "../../../handlers/api/views/question.ts";
import type { WholeTaskAnswer } from "../../../handlers/api/views/task.ts";
import type { Stage } from "../../stage/stage.ts";
import type { Teller } from "../../stage/telling.ts";
import { SAID } from "./story.ts";

/** Where people are, and how they are heard from there. Each answers whether that was done, or is to be tried again. */
export interface Voice {
  answer(task: string, question: QuestionAnswer): Promise<boolean>;
  judge(task: string, approval: WholeTaskAnswer["approvals"][number]): Promise<boolean>;
  /** Who says something without being asked. */
  readonly colleague: string;
  say(task: string, text: string): Promise<boolean>;
  /** Lets new tasks begin in a project again. @returns a sentence about it */
  unfreeze(project: string): Promise<string>;
}

export interface People {
  /** Whoever is asked or has something to say does so; each at most once about the same. */
  act(task: WholeTaskAnswer): Promise<void>;
}

export function createPeople(stage: Stage, teller: Teller, voice: Voice): People {
  const done = new Set<string>();
  const once = async (what: string, work: () => Promise<boolean>): Promise<void> => {
    if (!done.has(what) && (await work())) done.add(what);
  };
  return {
    async act(task) {
      const { key } = task;
      const question = task.questions.find(({ status }) => status === "open");
      if (question !== undefined) await once(`question ${question.id}`, () => voice.answer(key, question));
      const approval = task.approvals.findLast(({ status }) => status === "pending");
      if (approval !== undefined)
        await once(`approval ${approval.phase} ${approval.asked_at}`, () => voice.judge(key, approval));
      const waits = task.ci.findLast(({ status }) => status === "pending");
      if (waits?.commit)
        await once(`ci ${waits.commit}`, async () => {
          const checks = [{ name: "build", status: "success" }];
          await stage.post(`/tasks/${key}/ci`, { by: "ci", commit: waits.commit, checks });
          return true;
        });
      const atWork = task.runs.find(({ status }) => status === "running");
      if (atWork?.phase === SAID.phase)
        await once("said", async () => {
          if (!(await voice.say(key, SAID.text))) return false;
          teller.tell({ phase: SAID.phase, text: `meanwhile ${voice.colleague} says: “${SAID.text}”` });
          return true;
        });
    },
  };
}
