/** What is left of the demo of a workflow: one document for programs, some lines for people. */

import type { FrozenAnswer } from "../../../handlers/api/people/freezes.ts";
import type { ArtifactAnswer } from "../../../handlers/api/views/phase.ts";
import type { WholeTaskAnswer } from "../../../handlers/api/views/task.ts";
import { counted } from "../../phrases.ts";
import type { Stage } from "../../stage/stage.ts";
import type { ToldEvent } from "../../stage/walk.ts";
import type { ChatReport } from "./chat.ts";

type OfTask<T> = T & { readonly task: string };

export interface PipelineReport {
  readonly workflow: "pipeline";
  readonly tasks: readonly Pick<
    WholeTaskAnswer,
    "key" | "project" | "title" | "status" | "branch" | "commit"
  >[];
  readonly phases: readonly OfTask<WholeTaskAnswer["phases"][number]>[];
  readonly artifacts: readonly OfTask<ArtifactAnswer>[];
  readonly approvals: readonly OfTask<WholeTaskAnswer["approvals"][number]>[];
  readonly questions: readonly OfTask<WholeTaskAnswer["questions"][number]>[];
  readonly ci: readonly OfTask<WholeTaskAnswer["ci"][number]>[];
  /** Oldest first. */
  readonly runs: readonly Pick<
    WholeTaskAnswer["runs"][number],
    | "id"
    | "task"
    | "phase"
    | "status"
    | "failure_class"
    | "reason"
    | "summary"
    | "input_tokens"
    | "output_tokens"
  >[];
  /** Who froze and unfroze the repository, when and why. */
  readonly freezes: readonly ToldEvent[];
  /** `null` where there was none. */
  readonly chat: ChatReport | null;
}

export async function gatherReport(
  stage: Stage,
  keys: readonly string[],
  chat: ChatReport | null,
): Promise<PipelineReport> {
  const tasks = await Promise.all(keys.map((key) => stage.get<WholeTaskAnswer>(`/tasks/${key}`)));
  const left = await Promise.all(
    keys.map((key) => stage.get<{ artifacts: ArtifactAnswer[] }>(`/tasks/${key}/artifacts`)),
  );
  const { events } = await stage.get<FrozenAnswer & { events: ToldEvent[] }>("/projects/shop/freeze");
  const of = <T>(rows: (task: WholeTaskAnswer) => readonly T[]): OfTask<T>[] =>
    tasks.flatMap((task) => rows(task).map((row) => ({ task: task.key, ...row })));
  return {
    workflow: "pipeline",
    tasks: tasks.map(({ key, project, title, status, branch, commit }) => {
      return { key, project, title, status, branch, commit };
    }),
    phases: of(({ phases }) => phases),
    artifacts: left.flatMap(({ artifacts }, at) =>
      artifacts.map((artifact) => ({ task: keys[at] ?? "", ...artifact })),
    ),
    approvals: of(({ approvals }) => approvals),
    questions: of(({ questions }) => questions),
    ci: of(({ ci }) => ci),
    runs: tasks.flatMap(({ runs }) =>
      runs.toReversed().map((run) => {
        const { id, task, phase, status, failure_class, reason, summary, input_tokens, output_tokens } = run;
        return { id, task, phase, status, failure_class, reason, summary, input_tokens, output_tokens };
      }),
    ),
    freezes: events,
    chat,
  };
}

export function summaryOf(report: PipelineReport): readonly string[] {
  const { tasks, phases, artifacts, approvals, questions, runs, chat } = report;
  const refused = runs.filter(({ status }) => status === "failed").length;
  const figures = [
    counted(phases.length, "phase played", "phases played"),
    `${counted(runs.length, "run", "runs")} of agents, ${refused} of them not accepted`,
    counted(artifacts.length, "artifact", "artifacts"),
    counted(approvals.length, "approval", "approvals"),
    counted(questions.length, "question", "questions"),
  ];
  const lines = tasks.map(
    ({ key, status, branch, commit }) =>
      `${key} ${status}: ${commit?.slice(0, 10) ?? "no commit"} on ${branch ?? "no branch"}`,
  );
  return [...lines, figures.join(", "), ...(chat === null ? [] : [chatSummary(chat)])];
}

function chatSummary({ cards, sent, edited, deleted, violations }: ChatReport): string {
  const calls = `${counted(sent, "message", "messages")} sent, ${edited} edits, ${deleted} deleted`;
  return `in the chat: ${counted(cards, "card", "cards")}, ${calls}, ${violations} calls beyond its limits`;
}
