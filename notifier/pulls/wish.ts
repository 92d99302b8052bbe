/**
 * The pull request that a task is to have at its forge. Pure.
 *
 * W1. There is none where nothing was changed, and where a person has opened one of their own. Where the newest one was
 *     merged or closed with what the task has published last, its words are the last: only new work opens another.
 * W2. It is a draft until the task comes to be merged, or is done: all its gates have opened by then.
 * W3. Its words are made of facts alone: the same facts give the same words, however much time has passed.
 */

import type { PullShown } from "../../workflow/outside/face.ts";
import type { Phase } from "../../workflow/phases/phase.ts";
import type { PullRequest } from "../../workflow/phases/pull.ts";
import { subjectText } from "../../workflow/text/subject.ts";
import type { Workflow } from "../../workflow/workflow.ts";
import { bodyOf } from "./body.ts";
import type { PullFacts } from "./facts.ts";

/** @param source of the forge that it is opened at; @param redact takes secrets out of a text */
export function wantedPull(
  facts: PullFacts,
  source: string,
  redact: (text: string) => string,
): PullShown | null {
  const { task, project, pull } = facts;
  const { repo, publish } = project;
  const { branch, commit, status } = task;
  if (publish.pull === undefined || repo === null || branch === null || commit === null) return null;
  const isOpen = pull?.status === "open";
  const over = pull !== null && !isOpen && !isNewWork(facts, pull) ? pull : null;
  // What was cancelled is not shown to anybody who does not know it.
  if (isOpen || over !== null ? pull?.isOurs !== true : status === "cancelled") return null;
  return {
    ...{ head: branch, base: task.base ?? project.baseBranch },
    title: redact(`${task.key}: ${subjectText(task.title)}`),
    body: bodyOf({ ...facts, pull: over }, source, redact),
    isDraft: publish.pull.draft && !isReady(facts),
    over: over?.number ?? null,
  };
}

/** W1. */
function isNewWork({ task: { commit }, runs }: PullFacts, pull: PullRequest): boolean {
  const since = pull.finishedAt ?? 0;
  const made = runs.some((run) => run.commit === commit && (run.finishedAt ?? 0) > since);
  return made && pull.commit !== commit;
}

/** W2. */
function isReady({ task, workflow, phases }: PullFacts): boolean {
  if (task.status === "done") return true;
  const current = phases.at(-1);
  const merging = workflow?.phases.findIndex(({ merge }) => merge !== undefined) ?? -1;
  return merging !== -1 && placeOf(workflow, current) >= merging;
}

function placeOf(workflow: Workflow | null, current: Phase | undefined): number {
  return workflow?.phases.findIndex(({ key }) => key === current?.phase) ?? -1;
}
