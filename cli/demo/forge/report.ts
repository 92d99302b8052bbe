/** What is left of the demo of a forge: one document for programs, some lines for people. */

import type { WholeTaskAnswer } from "../../../handlers/api/views/task.ts";
import { counted } from "../../phrases.ts";
import { isPull } from "../../stage/fake-github/model/pulls.ts";
import { FAKE_BOT, type FakeGithub } from "../../stage/fake-github/start.ts";
import type { Stage } from "../../stage/stage.ts";
import { viewOf } from "./forge.ts";
import { REPO } from "./story.ts";

export interface ForgeReport {
  readonly task: Pick<
    WholeTaskAnswer,
    "key" | "status" | "branch" | "commit" | "runs" | "ci" | "approvals"
  > | null;
  readonly issue: {
    readonly number: number;
    readonly is_open: boolean;
    readonly labels: readonly string[];
  } | null;
  /** Of the daemon, at the issue. */
  readonly comments: readonly string[];
  readonly pulls: readonly {
    readonly number: number;
    readonly is_draft: boolean;
    readonly merged: string | null;
    readonly reviews: readonly string[];
    readonly threads: readonly { readonly resolved_by: string | null; readonly remarks: readonly string[] }[];
  }[];
  /** Calls of the daemon. */
  readonly calls: number;
  /** Calls that did not fit what the forge documents. */
  readonly violations: readonly string[];
}

export async function gatherForgeReport(
  stage: Stage,
  github: FakeGithub,
  key: string | null,
): Promise<ForgeReport> {
  const task = key === null ? null : await stage.get<WholeTaskAnswer>(`/tasks/${key}`);
  const { repo, issue } = viewOf(github);
  const comments = [...repo.comments.values()].filter(
    (one) => one.issue === issue?.number && one.author.login === FAKE_BOT,
  );
  return {
    task: task && pick(task),
    issue: issue && { number: issue.number, is_open: issue.isOpen, labels: [...issue.labels] },
    comments: comments.map(({ body }) => body),
    pulls: [...repo.issues.values()].filter(isPull).map(({ number, pull }) => ({
      number,
      is_draft: pull.isDraft,
      merged: pull.merged?.sha ?? null,
      reviews: pull.reviews.map(({ author, state }) => `${author.login} ${state}`),
      threads: pull.threads.map(({ resolvedBy, remarks }) => ({
        resolved_by: resolvedBy?.login ?? null,
        remarks: remarks.map(({ author, body }) => `${author.login}: ${body}`),
      })),
    })),
    calls: [...github.calls.values()].reduce((sum, one) => sum + one, 0),
    violations: github.violations,
  };
}

function pick({ key, status, branch, commit, runs, ci, approvals }: WholeTaskAnswer): ForgeReport["task"] {
  return { key, status, branch, commit, runs, ci, approvals };
}

export function forgeSummary({ task, pulls, calls, comments }: ForgeReport): readonly string[] {
  if (task === null) return [];
  const merged = pulls.find((pull) => pull.merged !== null);
  const end =
    merged === undefined
      ? "nothing is merged"
      : `#${merged.number} is merged as ${merged.merged?.slice(0, 10)}`;
  return [
    `${task.key} ${task.status}: ${end} in ${REPO}`,
    `${counted(task.runs.length, "run", "runs")} of agents, ${counted(comments.length, "comment", "comments")} at the issue, ${counted(calls, "call", "calls")} of the forge's API`,
  ];
}
