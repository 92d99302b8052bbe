/**
 * What the templates of a recurring task know, and what they make: the title and the body of a task.
 *
 * What agents and people have said of the task before is data in them (`system/template/liquid.ts`), and outside text
 * in the task that is made.
 */

import { fillTemplate, templateTrouble, type Values } from "../../system/template/liquid.ts";
import type { RecurringTask } from "../../workflow/recurring/recurring.ts";
import type { Run } from "../../workflow/run.ts";
import type { Task } from "../../workflow/task.ts";
import { localTime } from "./local.ts";

/** The task of the slot before, and its last run. */
export interface Previous {
  readonly task: Pick<Task, "key" | "title" | "status" | "reason" | "branch" | "commit" | "finishedAt">;
  readonly run: Pick<Run, "summary"> | null;
}

export type Made =
  | { readonly kind: "made"; readonly title: string; readonly body: string }
  /** A sentence. */
  | { readonly kind: "trouble"; readonly reason: string };

export function makeText(recurring: RecurringTask, at: number, previous: Previous | null): Made {
  const values = valuesOf(recurring, at, previous);
  const title = fillTemplate(recurring.title, values);
  if (title.kind === "trouble") return { kind: "trouble", reason: `its title ${title.reason}` };
  const body = fillTemplate(recurring.body, values);
  if (body.kind === "trouble") return { kind: "trouble", reason: `its body ${body.reason}` };
  return { kind: "made", title: title.text, body: body.text };
}

/** Why a title or a body cannot be used, as the rest of a sentence; `null` when it can. */
export function textTrouble(template: string): string | null {
  const full = valuesOf(SAMPLE, 0, SAMPLE_PREVIOUS);
  return templateTrouble(template, [
    full,
    valuesOf(SAMPLE, 0, { ...SAMPLE_PREVIOUS, run: null }),
    valuesOf(SAMPLE, 0, null),
  ]);
}

function valuesOf(
  { name, pattern }: Pick<RecurringTask, "name" | "pattern">,
  at: number,
  previous: Previous | null,
): Values {
  const { date, time, weekday } = localTime(pattern.timezone, at);
  return {
    schedule: name,
    slot: { at: new Date(at).toISOString(), date, time, weekday, timezone: pattern.timezone },
    previous: previous === null ? null : previousOf(previous),
  };
}

function previousOf({ task, run }: Previous): Values {
  const { key, title, status, reason, branch, commit, finishedAt } = task;
  const finished = finishedAt === null ? null : new Date(finishedAt).toISOString();
  return { key, title, status, reason, branch, commit, finished_at: finished, summary: run?.summary ?? null };
}

const SAMPLE: Pick<RecurringTask, "name" | "pattern"> = {
  name: "nightly",
  pattern: { cron: "0 3 * * *", timezone: "UTC" },
};
const SAMPLE_PREVIOUS: Previous = {
  task: {
    ...{ key: "SHOP-1", title: "Title", status: "done", reason: "a reason" },
    ...{ branch: "chargehand/SHOP-1", commit: "c0ffee", finishedAt: 0 },
  },
  run: { summary: "what the agent said" },
};
