/** What became of an agent's work, in words that `done`, the history and `explain` share. Pure. */

import { REASON_CHARS_MAX, TOLD_SENTENCES_MAX } from "../limits.ts";
import type { RunChange, RunOutcome } from "../run.ts";

/** Of a task that is done although its agent has changed nothing. */
export const NOTHING_CHANGED = "nothing was changed, so nothing was pushed";

type Succeeded = Extract<RunOutcome, { status: "succeeded" }>;

/** Whether it was looked everywhere, and there was nothing new. */
export function isUnchanged({ commit, beside = [], kept = [] }: Succeeded): boolean {
  return commit === null && beside.length === 0 && kept.length === 0;
}

/** What a run that succeeded has on its branch, as its row says it. */
export function publishedOf({ branch, commit, files }: Succeeded): Pick<RunChange, "published"> {
  return branch === null ? {} : { published: { branch, commit, files: files ?? null } };
}

/** Sentences in which a git, or names that an agent chose, have had a part: as many and as long as a person reads. */
export function boundedTold(told: readonly string[]): readonly string[] {
  return told.slice(0, TOLD_SENTENCES_MAX).map((sentence) => sentence.slice(0, REASON_CHARS_MAX));
}

/** Why a task that is done has no work on its branch; `null` for one that has. */
export function whyDone(task: string, outcome: Succeeded): string | null {
  const { commit, beside = [], kept = [] } = outcome;
  if (isUnchanged(outcome)) return NOTHING_CHANGED;
  if (commit !== null || beside.length > 0) return null;
  return nothingPublished(task, kept.length);
}

/** @param works that are kept, one or more */
export function nothingPublished(task: string, works: number): string {
  return `nothing was published; ${tellKept(task, works)}`;
}

/** `1 work is kept: chargehand kept show SHOP-12`. */
export function tellKept(task: string, works: number): string {
  return `${works} ${works === 1 ? "work is" : "works are"} kept: chargehand kept show ${task}`;
}

/** `on the branch B (commit c0ffee, 3 files)`. */
export function tellPlace(
  branch: string | null,
  { commit, files }: { readonly commit: string | null; readonly files: number | null },
): string {
  const counted = files === null ? "" : `, ${files} ${files === 1 ? "file" : "files"}`;
  const details = commit === null ? "" : ` (commit ${shortCommit(commit)}${counted})`;
  return `on the branch ${branch}${details}`;
}

/** Enough to find it, as git shows them. */
export function shortCommit(commit: string): string {
  return commit.slice(0, 12);
}
