/**
 * Pull requests: what the work of a task is shown, discussed and merged as. Rows of what is known of them; what they
 * say is drawn anew from the task (`notifier/`).
 *
 * U1. One is open per row of tasks that follow one another: it belongs to their branch, and goes on with it. One that
 *     was merged or closed is never opened again by us; new work on the branch is a new one.
 * U2. The row says what people and hosts have told, in whatever order: of a state that it has already, nothing follows.
 * U3. One that somebody else has opened for the branch is taken for ours in all but its words, which stay theirs.
 */

import type { Source } from "../delivery.ts";
import { defineMachine, type Machine, type StatusOf } from "../machine.ts";
import type { ExternalRef } from "../task.ts";

const pullTable = {
  close: { open: "closed" },
  merge: { open: "merged", closed: "merged" },
  reopen: { closed: "open" },
} as const;
export const pullMoves: Machine<typeof pullTable> = defineMachine({
  name: "pull",
  initial: "open",
  final: ["closed", "merged"],
  timed: ["close", "merge"],
  meaning: {
    open: "It stands at its host, as a draft or ready, and is kept up to date.",
    closed: "Somebody has closed it and merged nothing. Whoever opens it again there goes on with it.",
    merged: "Its work is in the base branch, by whoever's hand.",
  },
  moves: pullTable,
});
export type PullStatus = StatusOf<typeof pullTable>;
export type PullMove = keyof typeof pullTable;

/** Which one is meant. */
export interface PullName {
  /** Such as `github`. */
  readonly source: Source;
  /** `acme/shop`. */
  readonly repo: string;
  readonly number: number;
}

export interface PullRequest extends PullName {
  readonly project: string;
  /** Whose branch it is of: the first of a row of tasks that follow one another. */
  readonly task: string;
  readonly branch: string;
  readonly url: string;
  readonly status: PullStatus;
  readonly isDraft: boolean;
  /** U3. */
  readonly isOurs: boolean;
  /** Its head, as it was last heard of. */
  readonly commit: string | null;
  /** The commit of the base by which it was merged, where somebody has said it. */
  readonly mergedAs: string | null;
  /** Who has closed or merged it. */
  readonly endedBy: string | null;
  readonly openedAt: number;
  readonly changedAt: number;
  readonly finishedAt: number | null;
}

/** A thread of remarks of a review, which is answered when its feedback was worked in. */
export interface PullThread extends PullName {
  /** The first remark of the thread. */
  readonly comment: string;
  readonly by: string;
  readonly path: string;
  readonly line: number | null;
  /** The run that has heard it, by which agent, and the commit that was published of it; `null` while nobody has. */
  readonly run: string | null;
  readonly agent: string | null;
  readonly commit: string | null;
  /** What that run has said of its work. */
  readonly summary: string | null;
  /** When it was answered (ms). */
  readonly answeredAt: number | null;
}

/** One to be written down: new, or as it stands now. */
export type SeenPull = Pick<PullRequest, keyof PullName | "branch" | "url" | "isDraft" | "isOurs" | "commit">;

export type PullChange =
  | { readonly change: "record"; readonly pull: SeenPull }
  | ({
      readonly change: PullMove;
      readonly by: string | null;
      readonly mergedAs: string | null;
      /** Its head by then; `null` where nobody has said it. */
      readonly commit: string | null;
    } & PullName)
  /** Others have pushed to it. */
  | ({ readonly change: "push"; readonly commit: string } & PullName)
  /** What was said in it is feedback, of this change. */
  | ({ readonly change: "thread" } & PullName & Pick<PullThread, "comment" | "by" | "path" | "line">);

/** The name by which webhooks about it find its task. */
export function pullRef({ source, repo, number }: PullName): ExternalRef {
  return { source, kind: "pull", id: `${repo}#${number}` };
}

/** `github:acme/shop!7`. */
export function pullId({ source, repo, number }: PullName): string {
  return `${source}:${repo}!${number}`;
}

/**
 * The semantic key of something that was done to a pull request: the same for a webhook and for whoever looks later.
 * @param of the review by its id, or the head as it was then
 */
export function pullKey(
  name: PullName,
  what: "opened" | "reopened" | "closed" | "merged" | "pushed" | "review",
  of: string | null,
): string {
  return [pullId(name), what, ...(of === null ? [] : [of])].join(":");
}
