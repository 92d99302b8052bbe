/** What an agent is told of work of others on the branch of its task. Part of `decide`, and as pure. */

import type { NewFeedback } from "../../phases/feedback.ts";

/** What the next run begins with. Who pushed it is text from outside, and stands where such text stands. */
export function takeOver(by: string, branch: string, commit: string): NewFeedback {
  const text = [
    `${by} has pushed to ${branch} meanwhile, up to commit ${commit}. That work stays: before you go on, commit what is`,
    `not committed yet, and take it over with`,
    `  git merge ${commit}`,
    "Settle conflicts so that both hold.",
  ].join("\n");
  return { by: "the branch", from: "daemon", text };
}
