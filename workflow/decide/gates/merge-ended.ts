/**
 * `merge_ended`: the daemon has merged the work of a task into its base branch, or found that it cannot. Asked after
 * what it says was done in git, which may be repeated. Part of `decide`, and as pure.
 *
 * E1. What does not fit goes where the workflow says, and is told as feedback: somebody has to join the two. Without
 *     such a way the task fails, and says what does not fit.
 * E2. A task that was ended or begun anew meanwhile goes nowhere; that its work was merged is written down even so.
 */

import { FEEDBACK_BYTES_MAX, PATHS_TOLD_MAX } from "../../limits.ts";
import type { NewFeedback } from "../../phases/feedback.ts";
import type { MergeVerdict } from "../../phases/merge.ts";
import type { Phase } from "../../phases/phase.ts";
import { taskMoves } from "../../states.ts";
import type { Task } from "../../task.ts";
import { type Change, UNCHANGED } from "../change.ts";
import type { Decision, IntentKind, Snapshot } from "../decision.ts";
import { failTask, passOn } from "../finish-phase.ts";
import { isMerging, phaseOf, standing } from "../flow.ts";
import { shortCommit } from "../made.ts";
import { ignore } from "../parts.ts";
import { takeOver } from "../said/take-over.ts";

export interface MergeEnded {
  readonly kind: "merge_ended";
  readonly task: string;
  /** Number of the phase. */
  readonly seq: number;
  readonly outcome: MergeOutcome;
}

export type MergeOutcome =
  /** The base has it: by this commit, which is the work's own where the base only moved on to it. */
  | { readonly kind: "merged"; readonly base: string; readonly commit: string }
  /** Both have changed the same. */
  | {
      readonly kind: "conflict";
      readonly base: string;
      /** Of the base, as it was then. */
      readonly commit: string;
      /** Names of files: an agent's words. */
      readonly paths: readonly string[];
    }
  /** Others have pushed to its pull request: it is more than what was looked at. */
  | { readonly kind: "moved"; readonly branch: string; readonly commit: string }
  /** A person wants it otherwise: as they wrote it. */
  | {
      readonly kind: "unwanted";
      readonly by: string;
      readonly from: NewFeedback["from"];
      readonly text: string;
    }
  | { readonly kind: "nothing" }
  /** A sentence. */
  | { readonly kind: "failed"; readonly reason: string };

export const mergeEnded: IntentKind<MergeEnded> = {
  about: ({ task, seq }) => ({ target: { key: task }, key: `merge:${seq}`, run: null }),
  decide: end,
};

function end(snapshot: Snapshot, { seq, outcome }: MergeEnded): Decision {
  const { task, phases, seen } = snapshot;
  if (task === null) return { kind: "unknown", reason: "there is no such task" };
  if (seen) return ignore(`how phase ${seq} of ${task.key} was merged is written down already`);
  const current = standing(phases);
  const key = `merge:${seq}`;
  const begun: Change = { ...UNCHANGED, base: task, task: { change: "keep" } };
  if (current?.seq !== seq || !isMerging(snapshot) || !taskMoves.can("complete", task.status)) {
    const row = phases.find((phase) => phase.seq === seq);
    if (outcome.kind !== "merged" || row === undefined || row.verdict !== null)
      return ignore(`${task.key} merges nothing any more`);
    const data = { phase: row.phase, ...dataOf(outcome) };
    return { ...begun, events: [{ kind: "merge.done", key, data }] };
  }
  if (outcome.kind === "failed") return failed(begun, task, current, key, outcome.reason);
  const verdict = verdictOf(outcome);
  const summary = summaryOf(outcome);
  const told = feedbackOf(outcome);
  if (verdict === "conflict" && leadsNowhere(snapshot, current))
    return failed(begun, task, current, key, summary);
  const result = { verdict, summary, ...(outcome.kind === "merged" && { commit: outcome.commit }) };
  const judged: Change = {
    ...begun,
    phases: [{ change: "validate", seq, ...result }],
    merges: [{ change: "finish", seq, reason: summary }],
    feedback: told,
    pulls: pushedTo(snapshot, outcome),
    events: [{ kind: TOLD_AS[outcome.kind], key, data: { phase: current.phase, ...dataOf(outcome) } }],
  };
  return passOn(judged, snapshot, task, { ...current, ...result, status: "validating" }, "complete", null);
}

type Ended = Exclude<MergeOutcome, { kind: "failed" }>;

const TOLD_AS: Readonly<Record<Ended["kind"], string>> = {
  merged: "merge.done",
  conflict: "merge.conflicted",
  moved: "merge.overtaken",
  unwanted: "merge.unwanted",
  nothing: "merge.unneeded",
};

/** What the next run takes over. */
function pushedTo({ pull }: Snapshot, outcome: Ended): Change["pulls"] {
  if (pull === null || outcome.kind !== "moved") return [];
  const { source, repo, number } = pull;
  return [{ change: "push", source, repo, number, commit: outcome.commit }];
}

/** All that has to be worked on once more goes the same way. */
function verdictOf({ kind }: Ended): MergeVerdict {
  return kind === "moved" || kind === "unwanted" ? "conflict" : kind;
}

function failed(begun: Change, task: Task, { seq, phase }: Phase, key: string, reason: string): Change {
  const change: Change = {
    ...begun,
    phases: [{ change: "fail", seq }],
    merges: [{ change: "fail", seq, reason }],
    events: [{ kind: "merge.failed", key, data: { phase, reason } }],
  };
  return failTask(change, task, reason);
}

/** E1. */
function leadsNowhere({ workflow }: Snapshot, { phase }: Phase): boolean {
  const route = workflow === null ? undefined : phaseOf(workflow, phase)?.routes["conflict"];
  return route?.to === "fail";
}

function summaryOf(outcome: Ended): string {
  switch (outcome.kind) {
    case "merged":
      return `merged into ${outcome.base}, by commit ${shortCommit(outcome.commit)}`;
    case "conflict": {
      const { base, commit, paths } = outcome;
      const many = paths.length === 1 ? "1 file" : `${paths.length} files`;
      return `it does not fit ${base} as of commit ${shortCommit(commit)}: both have changed ${many} in ways that git cannot join`;
    }
    case "moved":
      return `others have pushed to ${outcome.branch} meanwhile, up to commit ${shortCommit(outcome.commit)}`;
    case "unwanted":
      return `changes are requested by ${outcome.by}`;
    default:
      return "nothing was published, so there was nothing to merge";
  }
}

/** E1. */
function feedbackOf(outcome: Ended): readonly NewFeedback[] {
  switch (outcome.kind) {
    case "conflict":
      return [unfit(outcome)];
    case "moved":
      return [takeOver("Somebody", outcome.branch, outcome.commit)];
    case "unwanted":
      return [{ by: outcome.by, from: outcome.from, text: outcome.text.slice(0, FEEDBACK_BYTES_MAX) }];
    default:
      return [];
  }
}

/** Names of files are an agent's words, so they stand where text from outside stands. */
function unfit({ base, commit, paths }: Extract<MergeOutcome, { kind: "conflict" }>): NewFeedback {
  const named = paths.slice(0, PATHS_TOLD_MAX).map((path) => `- ${JSON.stringify(path)}`);
  const more = paths.length > named.length ? [`and ${paths.length - named.length} more`] : [];
  const text = [
    `The work does not fit the branch ${base} any more: others have changed the same there. Commit what is`,
    "not committed yet, join the two with",
    `  git merge ${commit}`,
    "and settle the conflicts so that both changes hold. They are in:",
    ...named,
    ...more,
  ].join("\n");
  return { by: "the merge", from: "daemon", text: text.slice(0, FEEDBACK_BYTES_MAX) };
}

function dataOf(outcome: Ended): Record<string, unknown> {
  if (outcome.kind === "nothing") return {};
  if (outcome.kind === "unwanted") return { by: outcome.by };
  if (outcome.kind === "moved") return { branch: outcome.branch, commit: outcome.commit };
  const { base, commit } = outcome;
  const files = outcome.kind === "conflict" ? { files: outcome.paths.length } : {};
  return { base, commit, ...files };
}
