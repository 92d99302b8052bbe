/**
 * What is read of GitHub's answers: the few fields that are used, and what they are called here. `assignee` is
 * read nowhere, and nothing rests on `merge_commit_sha`: newer versions of the API have them no more.
 */

import { z } from "zod";
import type { CommentView, ItemView, Person, PullView, RemarkView, ReviewView } from "../ask.ts";
import type { Pull } from "../tell.ts";

const time = z.string().transform((text) => {
  const at = Date.parse(text);
  return Number.isFinite(at) ? at : 0;
});

export const Account = z.object({
  login: z.string(),
  id: z.number().nullish(),
  type: z.string().nullish(),
});
/** Whose account was deleted is nobody. */
const author = Account.nullish();

type AccountShape = z.infer<typeof Account> | null | undefined;

export function personOf(account: AccountShape, standing: string | null = null): Person | null {
  if (account === null || account === undefined) return null;
  const { login, id, type } = account;
  return {
    name: login,
    id: id === null || id === undefined ? null : String(id),
    isBot: type === "Bot",
    standing,
  };
}

const Label = z.union([
  z.string().transform((name) => ({ id: null, name })),
  z.object({ id: z.number().nullish(), name: z.string().nullish() }).transform(({ id, name }) => ({
    id: id === null || id === undefined ? null : String(id),
    name: name ?? "",
  })),
]);

export const Issue = z.object({
  id: z.number().nullish(),
  number: z.number().int(),
  title: z.string(),
  body: z.string().nullish(),
  html_url: z.string().nullish(),
  state: z.string(),
  user: author,
  author_association: z.string().nullish(),
  labels: z.array(Label).default([]),
  assignees: z.array(Account).nullish(),
  created_at: time.nullish(),
  pull_request: z.unknown().optional(),
  updated_at: time,
  repository_url: z.string().nullish(),
});

export function itemOf(place: string, issue: z.infer<typeof Issue>): ItemView {
  return {
    item: { place, id: String(issue.number) },
    number: issue.number,
    title: issue.title,
    body: issue.body ?? "",
    url: issue.html_url ?? null,
    author: personOf(issue.user, issue.author_association ?? null),
    labels: issue.labels,
    assignees: (issue.assignees ?? []).map(({ login }) => login),
    state: null,
    isOpen: issue.state === "open",
    isPull: issue.pull_request !== undefined && issue.pull_request !== null,
    uid: issue.id === null || issue.id === undefined ? null : String(issue.id),
    createdAt: issue.created_at ?? 0,
    updatedAt: issue.updated_at,
  };
}

export const IssueComment = z.object({
  id: z.number(),
  body: z.string().nullish(),
  html_url: z.string().nullish(),
  issue_url: z.string().nullish(),
  user: author,
  author_association: z.string().nullish(),
  created_at: time,
  updated_at: time,
});
export type IssueComment = z.infer<typeof IssueComment>;

/** @param id of the item, where it is known; else the comment says it */
export function commentOf(place: string, id: string | null, comment: IssueComment): CommentView {
  return {
    id: String(comment.id),
    item: { place, id: id ?? /\/(\d+)$/.exec(comment.issue_url ?? "")?.[1] ?? "" },
    author: personOf(comment.user, comment.author_association ?? null),
    body: comment.body ?? "",
    url: comment.html_url ?? null,
    createdAt: comment.created_at,
    updatedAt: comment.updated_at,
  };
}

const Side = z.object({
  ref: z.string(),
  sha: z.string(),
  repo: z.object({ full_name: z.string() }).nullish(),
});

export const PullRequest = z.object({
  number: z.number().int(),
  node_id: z.string().nullish(),
  html_url: z.string(),
  state: z.string(),
  title: z.string().nullish(),
  body: z.string().nullish(),
  draft: z.boolean().nullish(),
  merged: z.boolean().nullish(),
  merged_at: z.string().nullish(),
  mergeable: z.boolean().nullish(),
  merge_commit_sha: z.string().nullish(),
  merged_by: author,
  user: author,
  created_at: time.nullish(),
  updated_at: time.nullish(),
  head: Side,
  base: Side,
});
export type PullRequest = z.infer<typeof PullRequest>;

export function pullOf(pull: PullRequest): Pull {
  return {
    number: pull.number,
    url: pull.html_url,
    state: isMerged(pull) ? "merged" : pull.state === "open" ? "open" : "closed",
    isDraft: pull.draft === true,
    head: { branch: pull.head.ref, commit: pull.head.sha, repo: pull.head.repo?.full_name ?? null },
    base: pull.base.ref,
    isMergeable: pull.mergeable ?? null,
  };
}

export function pullViewOf(pull: PullRequest): PullView {
  const isIn = isMerged(pull);
  return {
    ...pullOf(pull),
    author: personOf(pull.user),
    // Of one that is not merged it is the commit of a trial.
    mergedAs: isIn ? (pull.merge_commit_sha ?? null) : null,
    mergedBy: isIn ? personOf(pull.merged_by) : null,
    createdAt: pull.created_at ?? 0,
    updatedAt: pull.updated_at ?? 0,
  };
}

/** Lists have the time alone. */
export function isMerged({ merged, merged_at }: PullRequest): boolean {
  return merged === true || (merged_at !== null && merged_at !== undefined);
}

const REVIEW_STATES = {
  approved: "approved",
  changes_requested: "changes_requested",
  commented: "commented",
  dismissed: "dismissed",
} as const;

export const Review = z.object({
  id: z.number(),
  user: author,
  author_association: z.string().nullish(),
  state: z.string(),
  body: z.string().nullish(),
  commit_id: z.string().nullish(),
  html_url: z.string().nullish(),
  submitted_at: time.nullish(),
});

/** One that is still being written is none. */
export function reviewOf(review: z.infer<typeof Review>): readonly ReviewView[] {
  const said = review.state.toLowerCase();
  const state = Object.values(REVIEW_STATES).find((known) => known === said);
  if (state === undefined) return [];
  return [
    {
      id: String(review.id),
      author: personOf(review.user, review.author_association ?? null),
      state,
      body: review.body ?? "",
      commit: review.commit_id ?? null,
      submittedAt: review.submitted_at ?? 0,
    },
  ];
}

export const Remark = z.object({
  id: z.number(),
  in_reply_to_id: z.number().nullish(),
  pull_request_review_id: z.number().nullish(),
  user: author,
  author_association: z.string().nullish(),
  path: z.string(),
  line: z.number().nullish(),
  original_line: z.number().nullish(),
  body: z.string().nullish(),
  html_url: z.string().nullish(),
  created_at: time,
});

export function remarkOf(remark: z.infer<typeof Remark>): RemarkView {
  const { pull_request_review_id: review } = remark;
  return {
    id: String(remark.id),
    thread: String(remark.in_reply_to_id ?? remark.id),
    review: review === null || review === undefined ? null : String(review),
    author: personOf(remark.user, remark.author_association ?? null),
    path: remark.path,
    line: remark.line ?? remark.original_line ?? null,
    body: remark.body ?? "",
    createdAt: remark.created_at,
  };
}
